import { type CatalogueField, isSealed } from '../collection/catalogue.ts'
import type { DecisionTable } from './decision-table.ts'
import { type Role, roles } from './policy.ts'
import type { TaskType } from './task-type.ts'

/** What a role gains or loses: a type of task, or a field of one it may take. */
export interface PolicyChange {
  role: Role
  task_type: string
  /** Null: the type of task as a whole, with all it opens. */
  field: string | null
  effect: 'gains' | 'loses'
}

/**
 * Every difference between two tables for a customer who agrees to everything: by role, type of task and field, in their
 * order. A type that is gained or lost is told once, and its fields are not told beside it.
 */
export function comparePolicies(
  { now, then }: { now: DecisionTable; then: DecisionTable },
  types: readonly TaskType[],
  fields: readonly CatalogueField[],
): PolicyChange[] {
  return roles.flatMap(role =>
    types.flatMap((type): PolicyChange[] => {
      const before = openedBy(now, role, type, fields)
      const after = openedBy(then, role, type, fields)
      const about = { role, task_type: type.code }
      if ((before === null) !== (after === null))
        return [{ ...about, field: null, effect: after === null ? 'loses' : 'gains' }]
      return fields.flatMap(({ code: field }) => {
        const had = before?.has(field) === true
        const has = after?.has(field) === true
        return had === has ? [] : [{ ...about, field, effect: has ? 'gains' : 'loses' }]
      })
    }),
  )
}

/**
 * Whether such a task may open the field: its type names it, or it corrects what is in doubt, which may be any value but one
 * that is sealed in the browser.
 */
const needs = (type: TaskType, field: CatalogueField): boolean =>
  type.fields.includes(field.code) || (type.corrects === true && field.type !== null && !isSealed(field))

/** What a taken task opens to this role; null when it cannot be taken, or would open nothing. */
function openedBy(
  table: DecisionTable,
  role: Role,
  type: TaskType,
  fields: readonly CatalogueField[],
): Set<string> | null {
  if (!table.taking(role, type.code, { consented: true, restricted: false }).allowed) return null
  const opened = fields.filter(
    field =>
      needs(type, field) && table.reading(role, type.code, field, { needed: true, consented: true }).allowed,
  )
  return opened.length === 0 ? null : new Set(opened.map(field => field.code))
}

/**
 * Where policies would permit what a customer has refused, or more than a task needs; as sentences. The gate would not open
 * it all the same, but nobody should approve a text that says so.
 */
export function permitsTooMuch(
  table: DecisionTable,
  types: readonly TaskType[],
  fields: readonly CatalogueField[],
): string[] {
  const faults = new Set<string>()
  for (const role of roles)
    for (const type of types) {
      if (table.taking(role, type.code, { consented: false, restricted: false }).allowed)
        faults.add(`${type.code} could be taken without the customer's agreement`)
      if (table.taking(role, type.code, { consented: true, restricted: true }).allowed)
        faults.add(`${type.code} could be taken for somebody who is no longer a customer`)
      for (const field of fields) {
        if (table.reading(role, type.code, field, { consented: false }).allowed)
          faults.add(`${type.code} would open ${field.code} without the customer's agreement`)
        if (!needs(type, field) && table.reading(role, type.code, field, { consented: true }).allowed)
          faults.add(`${type.code} would open ${field.code}, which it does not need`)
      }
    }
  return [...faults]
}
