import type { Queryable } from '../core/database.ts'
import type { House } from '../core/house.ts'

/** One datum: what it is, who gave it and when, and how it was verified, if it was. */
export interface Value {
  value: unknown
  source: 'customer' | 'import' | 'employee' | 'officer' | 'company'
  /** RFC 3339 UTC: when it was given. */
  at: string
  verified?: { method: 'code' | 'import'; at: string }
}

/** Values by field code, as they lie in one box. */
export type Values = Record<string, Value>

/** The credential of a grant: both the keeper and PostgreSQL look it up again at every use. */
export interface Key {
  grant: string
  secret: string
}

export interface Box {
  compartment: string
  row: string
  version: number
  slot: number
  bytes: Buffer
}

export interface OpenedBox extends Omit<Box, 'bytes'> {
  values: Values
}

/** The sealed boxes of one customer under a live grant. Without one, or outside it, PostgreSQL returns none. */
export function findBoxes(
  database: Queryable,
  key: Key,
  subject: string,
  compartments: readonly string[],
): Promise<Box[]> {
  return database.query<Box>('select * from boxes($1, $2, $3, $4)', [
    key.grant,
    key.secret,
    subject,
    compartments,
  ])
}

export interface Opening {
  /** Field codes, or `*` for all that the grant allows. */
  fields: readonly string[]
  act?: string
  task?: string
  /** A list row: readings of the same fields of the same customer within ten minutes share one entry. */
  list?: boolean
}

/**
 * Opens boxes, of one or several customers, in one request to the keeper, which answers only when the readings are
 * durable in the log and returns only fields of the grant. Throws the keeper's refusals; nothing is opened when one
 * box is refused.
 */
export async function openBoxes(
  house: House,
  key: Key,
  boxes: readonly (Box & { subject: string })[],
  opening: Opening,
): Promise<(OpenedBox & { subject: string })[]> {
  if (boxes.length === 0) return []
  const opened = await house.keeper.open({
    grant: key.grant,
    secret: key.secret,
    fields: [...opening.fields],
    items: boxes.map(({ subject, compartment, row, version, bytes }) => ({
      customer: subject,
      compartment,
      row,
      version,
      box: bytes,
    })),
    ...(opening.act === undefined ? {} : { act: opening.act }),
    ...(opening.task === undefined ? {} : { task: opening.task }),
    ...(opening.list === undefined ? {} : { list: opening.list }),
  })
  return boxes.map(({ bytes: _sealed, ...box }, at) => ({ ...box, values: opened[at]!.values as Values }))
}
