import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { KeeperRefusal } from '../keeper/client.ts'
import {
  findBoxes,
  type Key,
  type OpenedBox,
  openBoxes,
  type Value,
  type Values,
  type Verification,
} from '../storage/record.ts'

export type { Key, OpenedBox, Value, Values, Verification }

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
 * alone, the keeper opens them under the same grant alone, and answers once the entry is durable. An empty
 * answer means that nothing lies there under this grant. Throws the keeper's refusals.
 */
export async function read(
  house: House,
  key: Key,
  subject: string,
  asked: ReadingRequest,
): Promise<OpenedBox[]> {
  const act = announce(house, key, subject, asked)
  const found = await findBoxes(house.database, key, subject, asked.compartments, asked.rows)
  return openBoxes(
    house,
    key,
    found.map(box => ({ ...box, subject })),
    { ...asked, ...(act === undefined ? {} : { act }) },
  )
}

/**
 * Has the keeper enter a reading of named fields in named rows while PostgreSQL looks for them, so that the disk is at work
 * meanwhile; answers with its act. What the boxes alone can tell (all fields), and rows of a list, whose readings share an
 * entry, are entered when they are opened.
 */
function announce(
  { keeper }: House,
  { grant, secret }: Key,
  customer: string,
  { fields, rows, list, act = newId(), task }: ReadingRequest,
): string | undefined {
  if (rows === undefined || list === true || fields.includes('*')) return undefined
  // Why it is refused the opening hears as well.
  keeper
    .announce({ grant, secret, customer, fields: [...fields], act, ...(task === undefined ? {} : { task }) })
    .catch(() => {})
  return act
}

/**
 * One customer's boxes of these rows as they are sealed, for the keeper to put something into or take something out: nothing is
 * opened, so nothing is entered.
 */
export const sealedBoxes = (
  house: House,
  key: Key,
  subject: string,
  { compartments, rows }: { compartments: readonly string[]; rows: readonly string[] },
) => findBoxes(house.database, key, subject, compartments, rows)

export interface ListedReading {
  key: Key
  subject: string
  compartments: readonly string[]
  fields: readonly string[]
  task: string
}

/** The most rows of a list. */
export const mostListed = 50

/**
 * Reads what the rows of a list show, each customer under the grant of their own task, all on the way to the keeper at
 * once. A row whose grant ends in between shows nothing: null. Order as asked; 50 rows at most.
 */
export async function readEach(house: House, asked: readonly ListedReading[]): Promise<(Values | null)[]> {
  if (asked.length > mostListed) throw new Error('a list is longer than 50 rows')
  return Promise.all(asked.map(one => readListed(house, one)))
}

async function readListed(house: House, { key, subject, ...one }: ListedReading): Promise<Values | null> {
  try {
    const boxes = await read(house, key, subject, { ...one, rows: [subject], list: true })
    return Object.assign({}, ...boxes.map(box => box.values)) as Values
  } catch (error) {
    // A row tells nothing; whoever opens the task hears the refusal.
    if (error instanceof KeeperRefusal && error.code !== 'unavailable') return null
    throw error
  }
}
