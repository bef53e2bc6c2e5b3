import * as z from 'zod'
import { Refusal } from './refusal.ts'

/** Where a page of a list ended: the time that orders the list, and the id that parts equal times. */
export interface Cursor {
  at: Date
  id: string
}

/** How a list is asked for: `?after=` the `next` of the page before, `?limit=` at most 50. */
export const pageQuery = {
  after: z.string().max(80).optional(),
  limit: z.coerce.number().int().min(1).max(50).default(50),
}

export const cursorText = ({ at, id }: Cursor): string => `${at.getTime()}.${id}`

const shape = /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** Reads what `cursorText` wrote; null for the first page. Anything else is refused as `invalid`. */
export function cursorOf(text: string | undefined): Cursor | null {
  if (text === undefined) return null
  const match = shape.exec(text)
  if (match === null) throw new Refusal('invalid', { fields: [{ field: 'after', code: 'invalid' }] })
  return { at: new Date(Number(match[1])), id: match[2]! }
}

/** Cuts the one row too many that was asked for, and names where the next page begins. */
export function pageOf<Row extends { id: string }>(
  rows: readonly Row[],
  limit: number,
  at: (row: Row) => Date,
): { rows: Row[]; next: string | null } {
  const kept = rows.slice(0, limit)
  const last = kept.at(-1)
  const more = rows.length > limit && last !== undefined
  return { rows: kept, next: more ? cursorText({ at: at(last), id: last.id }) : null }
}
