import { findField } from '../collection/field.ts'
import type { Queryable } from '../core/database.ts'
import { sha256 } from '../core/ids.ts'

/**
 * The row of a value that a mark of its field seals: a box of its own, beside the one of its compartment. So nobody must open
 * it to change, move or remove what lies beside it. The same for ever, and computed, so that no table says who has one; who
 * reads the table of boxes can compute it too, and learns that there is or was a value, not what it is.
 */
export function sealedRow(subject: string, field: string): string {
  const bytes = sha256(`custode sealed row 1\n${subject}\n${field}`).subarray(0, 16)
  // A UUID of version 8 (RFC 9562, 5.8): made by a rule of one's own.
  bytes[6] = (bytes[6]! & 0x0f) | 0x80
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** Those of these fields whose values may lie in rows of their own: marked now, or once. */
export async function everSealed(database: Queryable, codes: readonly string[]): Promise<string[]> {
  // What the program itself goes by is never marked: most readings ask for nothing else.
  if (codes.every(code => findField(code) !== null)) return []
  return (await markedFields(database)).filter(code => codes.includes(code))
}

/** Every field that is sealed by its mark, or was once. */
export async function markedFields(database: Queryable): Promise<string[]> {
  const rows = await database.query<{ field: string }>(
    `select distinct v.field from field_version v join field f on f.code = v.field
      where v.sealed and f.compartment not in ('payment', 'health') order by 1`,
  )
  return rows.map(row => row.field)
}

/** Where somebody's own values of these fields may lie: the row that bears their id, and those of marked fields. */
export async function rowsOf(
  database: Queryable,
  subject: string,
  codes: readonly string[],
): Promise<string[]> {
  return [subject, ...(await everSealed(database, codes)).map(code => sealedRow(subject, code))]
}

/** Whether this row holds somebody's own values, and no purchase, question or letter. */
export const isOwnRow = (
  subject: string,
  { row, values }: { row: string; values: Readonly<Record<string, unknown>> },
): boolean => row === subject || Object.keys(values).some(code => sealedRow(subject, code) === row)
