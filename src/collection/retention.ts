import * as z from 'zod'
import type { Queryable } from '../core/database.ts'

/**
 * How long a value is kept: as long as it is agreed to, or so many months after it was given or last confirmed, whichever
 * comes first.
 */
export const retentionSchema = z
  .string()
  .regex(/^(agreement|([1-9]|[1-9][0-9]|1[01][0-9]|120)_months)$/, 'invalid')

/** The months of a class; null for as long as it is agreed to. */
export const monthsOf = (retention: string): number | null =>
  retention === 'agreement' ? null : Number.parseInt(retention, 10)

/** When a value that was given or last confirmed at this time is over; null where only its agreement ends it. */
export function endOfValue(retention: string, said: string): Date | null {
  const months = monthsOf(retention)
  if (months === null) return null
  const end = new Date(said)
  const day = end.getUTCDate()
  end.setUTCMonth(end.getUTCMonth() + months)
  // The 31st of a month without one is its last day.
  if (end.getUTCDate() !== day) end.setUTCDate(0)
  return end
}

/** How many customers may hold a value, and how many of these may have given it before a day: at most, and never whose. */
export const heldAtMost = (
  database: Queryable,
  field: string,
  before: Date,
): Promise<{ held: number; older: number }> =>
  database.one<{ held: number; older: number }>('select held, older from held_at_most($1, $2)', [
    field,
    before,
  ])
