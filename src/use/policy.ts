import { readFileSync } from 'node:fs'
import {
  type DetailedError,
  policySetTextToParts,
  policyToJson,
  preparsePolicySet,
  preparseSchema,
  statefulIsAuthorized,
  validate,
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
  readonly allowed: boolean
  /** The policies that decided, by their `@id`; none when nothing permits it. */
  readonly policies: readonly string[]
}

/** A policy as it is told to people: its `@id`, and its `@en` and `@it`, which say in a sentence what it does. */
export interface Rule {
  id: string
  en: string
  it: string
}

/** A text that cannot be a company's policies; each fault is a sentence for whoever writes policies. */
export class BrokenPolicies extends Error {
  override readonly name = 'BrokenPolicies'
  readonly faults: string[]

  constructor(faults: string[]) {
    super(`the policies are broken: ${faults.join('; ')}`)
    this.faults = faults
  }
}

const text = (file: string): string =>
  readFileSync(new URL(`../../policies/${file}`, import.meta.url), 'utf8')

/** The policies that come with the program, and what any policy is written against. */
export const shippedText = text('task.cedar')
export const schemaText = text('task.cedarschema')

const broken = (errors: readonly DetailedError[]) => new BrokenPolicies(errors.map(error => error.message))

const schemaName = 'task'
const prepared = preparseSchema(schemaName, schemaText)
if (prepared.type === 'failure') throw broken(prepared.errors)

/** How `hash` names a text: a decision in the log can be held against the very text that decided. */
export const hashOf = (source: string): string => `sha256:${sha256(source).toString('hex')}`

/**
 * Policies, read and found sound: every one has an `@id` of its own and its sentence in both languages, fits the schema, and
 * names no employee and no task. Throws `BrokenPolicies`.
 */
export class Policies {
  readonly hash: string
  readonly rules: readonly Rule[]
  readonly #name: string

  /** `name` is what Cedar keeps the parsed policies by; a text that is only looked at takes the place of the one before. */
  constructor(source: string, name = hashOf(source)) {
    this.hash = hashOf(source)
    this.#name = name
    const parts = policySetTextToParts(source)
    if (parts.type === 'failure') throw broken(parts.errors)
    if (parts.policy_templates.length > 0) throw new BrokenPolicies(['a template decides nothing by itself'])
    const named = new Map<string, string>()
    const rules: Rule[] = []
    // In the order in which they stand: Cedar gives them by numbers that it sorts as texts.
    const ordered = parts.policies.toSorted((one, other) => source.indexOf(one) - source.indexOf(other))
    for (const policy of ordered) {
      const rule = ruleOf(policy)
      if (named.has(rule.id)) throw new BrokenPolicies([`two policies with @id("${rule.id}")`])
      named.set(rule.id, policy)
      rules.push(rule)
    }
    this.rules = rules
    const staticPolicies = Object.fromEntries(named)
    requireFitting(staticPolicies)
    const ready = preparsePolicySet(name, { staticPolicies })
    if (ready.type === 'failure') throw broken(ready.errors)
  }

  /** Whether whoever has this role may take such a task now, as Cedar says it. */
  taking({ role, type, ...context }: Taking): Decision {
    return this.#decide('take', role, { uid: { type: 'Task', id: type }, attrs: { type } }, context)
  }

  /** Whether such a task opens this field to whoever has this role, as Cedar says it. */
  reading({ role, field, ...context }: FieldReading): Decision {
    const { code, ...attrs } = field
    return this.#decide('read', role, { uid: { type: 'Field', id: code }, attrs }, context)
  }

  /**
   * Deny by default; a prohibition wins. A policy that cannot be evaluated is a refusal and never a permission. Nobody is
   * named: what an employee may depends on the role alone, so the answer holds for everybody who has it.
   */
  #decide(
    action: 'take' | 'read',
    role: Role,
    resource: { uid: { type: string; id: string }; attrs: Record<string, string | boolean> },
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
      preparsedSchemaName: schemaName,
      validateRequest: true,
      preparsedPolicySetId: this.#name,
    })
    if (answer.type === 'failure') return refused
    const { decision, diagnostics } = answer.response
    const sound = diagnostics.errors.length === 0
    return Object.freeze({
      allowed: decision === 'allow' && sound,
      policies: Object.freeze(diagnostics.reason.sort()),
    })
  }
}

export const refused: Decision = Object.freeze({ allowed: false, policies: Object.freeze([]) })

const idPattern = /^[a-z0-9][a-z0-9-]{0,79}$/

function ruleOf(policy: string): Rule {
  const parsed = policyToJson(policy)
  if (parsed.type === 'failure') throw broken(parsed.errors)
  const { id, en, it } = parsed.json.annotations ?? {}
  if (typeof id !== 'string' || !idPattern.test(id))
    throw new BrokenPolicies(['a policy without an @id of lower case letters, digits and "-"'])
  const says = (sentence: unknown): sentence is string =>
    typeof sentence === 'string' && sentence.trim() !== '' && sentence.length <= 300
  if (!says(en) || !says(it))
    throw new BrokenPolicies([`the policy ${id} does not say in @en and @it what it does`])
  requireNobodyNamed(parsed.json, id)
  return { id, en, it }
}

/**
 * Decisions are made for everybody who has a role, and about every task of a type: a policy about one employee or one task
 * would never apply, which for a prohibition must not stay unsaid. A field may be named.
 */
function requireNobodyNamed(part: unknown, policy: string): void {
  if (typeof part !== 'object' || part === null) return
  const { type, id } = part as { type?: unknown; id?: unknown }
  if (typeof id === 'string' && (type === 'Employee' || type === 'Task'))
    throw new BrokenPolicies([
      `the policy ${policy} names one ${type.toLowerCase()}: only roles and types can be named`,
    ])
  for (const inner of Object.values(part)) requireNobodyNamed(inner, policy)
}

function requireFitting(staticPolicies: Record<string, string>): void {
  const answer = validate({ schema: schemaText, policies: { staticPolicies } })
  if (answer.type === 'failure') throw broken(answer.errors)
  const faults = [...answer.validationErrors, ...answer.validationWarnings]
  if (faults.length === 0) return
  throw new BrokenPolicies(faults.map(({ policyId, error }) => `${policyId}: ${error.message}`))
}
