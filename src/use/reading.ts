import type { House } from '../core/house.ts'
import { findBoxes, type Key, type OpenedBox, openBoxes, type Value, type Values } from '../storage/record.ts'

export type { Key, OpenedBox, Value, Values }

export interface ReadingRequest {
  fields: readonly string[]
  compartments: readonly string[]
  /** Only these rows; all rows of the compartments when left out. */
  rows?: readonly string[]
  act?: string
  task?: string
  list?: boolean
}

/**
 * Reads one customer's values under a grant: the only way to plaintext. PostgreSQL hands out the boxes of a live grant
 * alone, the keeper opens them under the same grant alone, writes the entry, and answers once it is durable. An empty
 * answer means that nothing lies there under this grant. Throws the keeper's refusals.
 */
export async function read(
  house: House,
  key: Key,
  subject: string,
  asked: ReadingRequest,
): Promise<OpenedBox[]> {
  const found = await findBoxes(house.database, key, subject, asked.compartments)
  const wanted = asked.rows === undefined ? found : found.filter(box => asked.rows!.includes(box.row))
  const boxes = wanted.map(box => ({ ...box, subject }))
  return openBoxes(house, key, boxes, asked)
}

/** Several customers in one keeper request, for a list: at most 50, each under the same grant's key or its own. */
export async function readEach(
  house: House,
  asked: readonly { key: Key; subject: string; compartments: readonly string[]; fields: readonly string[] }[],
): Promise<Map<string, Values>> {
  const values = new Map<string, Values>()
  for (const one of asked) {
    const boxes = await read(house, one.key, one.subject, { ...one, list: true })
    values.set(one.subject, Object.assign({}, ...boxes.map(box => box.values)) as Values)
  }
  return values
}
