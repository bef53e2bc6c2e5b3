import { type Decision, type JudgedField, type Policies, type Role, refused, roles } from './policy.ts'
import type { TaskType } from './task-type.ts'

/** What differs from one customer to the next when a task is taken. */
export interface TakingFacts {
  /** The customer agrees to the purpose of the task's type now. */
  consented: boolean
  /** The person is no longer a customer. */
  restricted: boolean
}

/** What differs from one customer to the next for a field. */
export interface FieldFacts {
  /** The task needs the field: as its type names it, unless told. */
  needed?: boolean
  /** A live consent to the purpose of the task's type names the field. */
  consented: boolean
}

const both = [false, true] as const

/**
 * Every answer that policies give, evaluated once by Cedar and looked up from then on: for each role and type of task,
 * whether it may be taken, and for each field whether it is opened. There is no other source of a permit: what the table
 * does not hold is refused. Fields come into it when they are first asked for, each as the catalogue describes it, so one
 * that is decided anew is judged anew. A table belongs to one text of the policies: another text has another table.
 */
export class DecisionTable {
  readonly policies: Policies
  readonly #types: ReadonlyMap<string, TaskType>
  readonly #takings = new Map<string, readonly Decision[]>()
  readonly #fields = new Map<string, { judged: JudgedField; answers: Map<string, readonly Decision[]> }>()

  constructor(policies: Policies, types: readonly TaskType[]) {
    this.policies = policies
    this.#types = new Map(types.map(type => [type.code, type]))
    for (const role of roles)
      for (const { code: type, purpose } of types)
        this.#takings.set(
          keyOf(role, type),
          both.flatMap(consented =>
            both.map(restricted => policies.taking({ role, type, purpose, consented, restricted })),
          ),
        )
  }

  /** Whether whoever has this role may take a task of this type. */
  taking(role: Role, type: string, { consented, restricted }: TakingFacts): Decision {
    return this.#takings.get(keyOf(role, type))?.[(consented ? 2 : 0) + (restricted ? 1 : 0)] ?? refused
  }

  /** Whether a task of this type opens this field to whoever has this role. */
  reading(role: Role, type: string, field: JudgedField, { needed, consented }: FieldFacts): Decision {
    const is = needed ?? this.#types.get(type)?.fields.includes(field.code) === true
    return this.#answersAbout(field).get(keyOf(role, type))?.[(is ? 2 : 0) + (consented ? 1 : 0)] ?? refused
  }

  #answersAbout(field: JudgedField): ReadonlyMap<string, readonly Decision[]> {
    const known = this.#fields.get(field.code)
    const same = known?.judged.compartment === field.compartment && known.judged.sensitive === field.sensitive
    if (known !== undefined && same) return known.answers
    // As policies see it, whatever else the caller knows of it.
    const judged = { code: field.code, compartment: field.compartment, sensitive: field.sensitive }
    const answers = this.#evaluate(judged)
    this.#fields.set(field.code, { judged, answers })
    return answers
  }

  #evaluate(field: JudgedField): Map<string, readonly Decision[]> {
    const answers = new Map<string, readonly Decision[]>()
    for (const role of roles)
      for (const { code: type, purpose } of this.#types.values())
        answers.set(
          keyOf(role, type),
          both.flatMap(needed =>
            both.map(consented => this.policies.reading({ role, type, purpose, field, needed, consented })),
          ),
        )
    return answers
  }
}

const keyOf = (role: string, type: string): string => `${role}/${type}`
