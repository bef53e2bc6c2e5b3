import { readFileSync } from 'node:fs'
import {
  type DetailedError,
  policySetTextToParts,
  policyToJson,
  preparsePolicySet,
  preparseSchema,
  statefulIsAuthorized,
} from '@cedar-policy/cedar-wasm/nodejs'
import { sha256 } from '../core/ids.ts'

/** What a decision about taking a task rests on. */
export interface Taking {
  employee: { id: string; role: 'employee' | 'officer' }
  task: { id: string; type: string }
  /** Of the task's type; never chosen by who asks. */
  purpose: string
  /** The purposes the customer agrees to now. */
  consented: readonly string[]
  /** The person is no longer a customer. */
  restricted: boolean
}

export interface Decision {
  allowed: boolean
  /** The policies that decided, by their `@id`; none when nothing permits it. */
  policies: string[]
}

const text = (file: string): string =>
  readFileSync(new URL(`../../policies/${file}`, import.meta.url), 'utf8')

/** The policies and the schema they are written against, as the files say. */
export const policyText = text('task.cedar')
export const schemaText = text('task.cedarschema')

/** Names the very file that decides: a decision in the log can be held against it. */
export const policyHash = `sha256:${sha256(policyText).toString('hex')}`

const broken = (errors: DetailedError[]) =>
  new Error(`the policy file is broken: ${errors.map(error => error.message).join('; ')}`)

/** Policies by their `@id`, so that a decision names what a person wrote and not a position in the file. */
export function namedPolicies(source: string): Record<string, string> {
  const parts = policySetTextToParts(source)
  if (parts.type === 'failure') throw broken(parts.errors)
  const named = new Map<string, string>()
  for (const policy of parts.policies) {
    const parsed = policyToJson(policy)
    if (parsed.type === 'failure') throw broken(parsed.errors)
    const id = parsed.json.annotations?.id
    if (typeof id !== 'string' || named.has(id)) throw new Error('a policy without an @id of its own')
    named.set(id, policy)
  }
  return Object.fromEntries(named)
}

const name = 'task'

/** Parsed once; Cedar keeps both by name, which makes a decision about ten times cheaper. */
function prepare(): void {
  const schema = preparseSchema(name, schemaText)
  if (schema.type === 'failure') throw broken(schema.errors)
  const policies = preparsePolicySet(name, { staticPolicies: namedPolicies(policyText) })
  if (policies.type === 'failure') throw broken(policies.errors)
}
prepare()

/**
 * Whether this employee may take this task now. Deny by default; a prohibition wins. A policy that cannot be
 * evaluated is a refusal and never a permission.
 */
export function decideTaking(taking: Taking): Decision {
  const principal = { type: 'Employee', id: taking.employee.id }
  const resource = { type: 'Task', id: taking.task.id }
  const answer = statefulIsAuthorized({
    principal,
    action: { type: 'Action', id: 'take' },
    resource,
    context: {
      purpose: taking.purpose,
      consented: [...taking.consented],
      restricted: taking.restricted,
    },
    entities: [
      { uid: principal, attrs: { role: taking.employee.role }, parents: [] },
      { uid: resource, attrs: { type: taking.task.type }, parents: [] },
    ],
    preparsedSchemaName: name,
    validateRequest: true,
    preparsedPolicySetId: name,
  })
  if (answer.type === 'failure') return { allowed: false, policies: [] }
  const { decision, diagnostics } = answer.response
  const sound = diagnostics.errors.length === 0
  return { allowed: decision === 'allow' && sound, policies: [...diagnostics.reason].sort() }
}
