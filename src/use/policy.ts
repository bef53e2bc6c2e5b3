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

export const roles = ['employee', 'officer'] as const
export type Role = (typeof roles)[number]

/** What a decision about taking a task rests on. */
export interface Taking {
  role: Role
  type: string
  /** Of the task's type; never chosen by who asks. */
  purpose: string
  /** The customer agrees to that purpose now. */
  consented: boolean
  /** The person is no longer a customer. */
  restricted: boolean
}

/** What a decision about one field of a task that is being taken rests on. */
export interface FieldReading {
  role: Role
  type: string
  purpose: string
  field: JudgedField
  /** The task's type names the field. */
  needed: boolean
  /** A live consent to the purpose names the field. */
  consented: boolean
}

/** A field as policies see it. */
export interface JudgedField {
  code: string
  compartment: string
  sensitive: boolean
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
    requireNobodyNamed(parsed.json, id)
    named.set(id, policy)
  }
  return Object.fromEntries(named)
}

/**
 * Decisions are made for everybody who has a role, and about every task of a type: a policy about one employee or one task
 * would never apply, which for a prohibition must not stay unsaid. A field may be named.
 */
function requireNobodyNamed(part: unknown, policy: string): void {
  if (typeof part !== 'object' || part === null) return
  const { type, id } = part as { type?: unknown; id?: unknown }
  if (typeof id === 'string' && (type === 'Employee' || type === 'Task'))
    throw new Error(`the policy ${policy} names one ${type.toLowerCase()}: only roles and types can be named`)
  for (const inner of Object.values(part)) requireNobodyNamed(inner, policy)
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

type Uid = { type: string; id: string }

/**
 * Deny by default; a prohibition wins. A policy that cannot be evaluated is a refusal and never a permission. Nobody is
 * named: what an employee may depends on the role alone, so the answer holds for everybody who has it.
 */
function decide(
  action: 'take' | 'read',
  role: Role,
  resource: { uid: Uid; attrs: Record<string, string | boolean> },
  context: Record<string, string | boolean>,
): Decision {
  const principal = { type: 'Employee', id: 'any' }
  const answer = statefulIsAuthorized({
    principal,
    action: { type: 'Action', id: action },
    resource: resource.uid,
    context,
    entities: [
      { uid: principal, attrs: { role }, parents: [] },
      { ...resource, parents: [] },
    ],
    preparsedSchemaName: name,
    validateRequest: true,
    preparsedPolicySetId: name,
  })
  if (answer.type === 'failure') return { allowed: false, policies: [] }
  const { decision, diagnostics } = answer.response
  const sound = diagnostics.errors.length === 0
  return Object.freeze({ allowed: decision === 'allow' && sound, policies: diagnostics.reason.sort() })
}

/** Whether whoever has this role may take such a task now, as Cedar says it. */
export function decideTaking({ role, type, ...context }: Taking): Decision {
  return decide('take', role, { uid: { type: 'Task', id: type }, attrs: { type } }, context)
}

/** Whether such a task opens this field to whoever has this role, as Cedar says it. */
export function decideReading({ role, field, ...context }: FieldReading): Decision {
  const { code, ...attrs } = field
  return decide('read', role, { uid: { type: 'Field', id: code }, attrs }, context)
}
