import type { Queryable } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { BoxSearch } from './box-search.ts'

/** How it was shown that a value is right, when, and by whom. */
export interface Verification {
  method: 'code' | 'import' | 'link' | 'evidence' | 'second_person' | 'oidc'
  at: string
  /** The pseudonym of who saw it, `customer`, or the host of the provider. */
  by?: string
  /** The pseudonym of the second person. */
  second?: string
  /** After that it is no longer shown to be right, whatever the field's own time says. */
  until?: string
  /** What was seen: never its number, never a picture. `salt` opens the commitment in the log. */
  document?: { kind: string; country: string; expires: number; salt: string }
}

/** Which import brought it: the run, the books it is from, and where and of which day the proof of the agreement is. */
export interface Brought {
  import: string
  source: string
  proof: string
  agreed: string
}

/** What another source says of the same datum. */
export interface Claim {
  /** By which it is chosen: random, and given to it when it is heard. */
  id?: string
  value: unknown
  source: Value['source']
  at: string
  /** Who said it: a pseudonym, or the host of a provider. */
  by?: string
  verified?: Verification
  brought?: Brought
}

/** What a value was before a change that can still be taken back. */
export interface Former {
  change: string
  until: string
  value: Omit<Value, 'former' | 'disputed' | 'awaiting'>
}

/** One datum: what it is, who gave it and when, and how it was verified, if it was. */
export interface Value {
  value: unknown
  source: 'customer' | 'import' | 'employee' | 'officer' | 'company' | 'provider'
  /** RFC 3339 UTC: when it was given. */
  at: string
  verified?: Verification
  /** What one employee has seen and a second has not confirmed yet: it counts for nothing. */
  awaiting?: Verification
  /** It is in doubt: its customer says so (no claims), or other sources say otherwise. */
  disputed?: { since: string; claims: Claim[] }
  /** Where an import said otherwise than what was held, and was right. */
  brought?: Brought
  /** When the customer last said that it is still so. */
  confirmed?: string
  /** Of the address to sign in with: what it was before, the oldest first, for as long as that can be taken back. */
  former?: Former[]
  /** Of a question whose row must not say it: the type of its task. */
  about?: string
  /** It came sealed from the browser. */
  sealed?: true
  /** The whole number of a card: shown by its last four digits alone (PCI DSS 3.4.1). */
  card?: true
}

/** Values by field code, as they lie in one box. */
export type Values = Record<string, Value>

const searches = new WeakMap<Queryable, BoxSearch>()

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

/**
 * The sealed boxes of one customer under a live grant; only those of the named rows, where rows are named. Without a
 * grant, or outside it, PostgreSQL returns none.
 */
export function findBoxes(
  database: Queryable,
  key: Key,
  subject: string,
  compartments: readonly string[],
  rows: readonly string[] | null = null,
): Promise<Box[]> {
  const search = searches.get(database) ?? new BoxSearch(database)
  searches.set(database, search)
  return search.find({ key, subject, compartments, rows })
}

/**
 * The boxes of these people's own values as the keeper takes them. The grant is a job's that names nobody; PostgreSQL hands out
 * the boxes of those whom it names there for it.
 */
export async function findOwnBoxes(
  database: Queryable,
  key: Key & { id: string },
  compartments: readonly string[],
  subjects: readonly string[],
): Promise<ReturnType<typeof itemOf>[]> {
  await database.query(
    `insert into grant_subject (grant_id, subject)
     select $1, s.id from subject s where s.id = any ($2) on conflict do nothing`,
    [key.id, subjects],
  )
  const found = await Promise.all(
    subjects.map(async subject => {
      const boxes = await findBoxes(database, key, subject, compartments, [subject])
      return boxes.map(box => itemOf({ ...box, subject }))
    }),
  )
  return found.flat()
}

export interface Opening {
  /** Field codes, or `*` for all that the grant allows. */
  fields: readonly string[]
  act?: string
  task?: string
  /** A list row: readings of the same fields of the same customer within ten minutes share one entry. */
  list?: boolean
}

type Sealed = Box & { subject: string }

const itemOf = ({ subject, compartment, row, version, bytes }: Sealed) => ({
  ...{ customer: subject, compartment, row, version, box: bytes },
})

/** One request to the keeper and its answer stay far below the longest frame. */
const mostOpened = 200
const mostBytes = 2 * 1024 * 1024

function inParts(boxes: readonly Sealed[]): Sealed[][] {
  const parts: Sealed[][] = []
  let bytes = 0
  for (const box of boxes) {
    const part = parts.at(-1)
    bytes += box.bytes.length
    if (part === undefined || part.length === mostOpened || bytes > mostBytes) {
      parts.push([box])
      bytes = box.bytes.length
    } else part.push(box)
  }
  return parts
}

/**
 * Opens boxes, of one or several customers. The keeper answers only when the readings are durable in the log, and
 * returns only fields of the grant. Very many boxes go in several requests, joined by one act. Throws the keeper's
 * refusals; then nothing is returned of any box.
 */
export async function openBoxes(
  house: House,
  key: Key,
  boxes: readonly Sealed[],
  opening: Opening,
): Promise<(OpenedBox & { subject: string })[]> {
  const parts = inParts(boxes)
  const act = opening.act ?? (parts.length > 1 ? newId() : undefined)
  const whole = act === undefined ? opening : { ...opening, act }
  const opened = []
  for (const part of parts) opened.push(...(await openPart(house, key, part, whole)))
  return opened
}

async function openPart(
  house: House,
  key: Key,
  boxes: readonly Sealed[],
  opening: Opening,
): Promise<(OpenedBox & { subject: string })[]> {
  const opened = await house.keeper.open({
    grant: key.grant,
    secret: key.secret,
    fields: [...opening.fields],
    items: boxes.map(itemOf),
    ...(opening.act === undefined ? {} : { act: opening.act }),
    ...(opening.task === undefined ? {} : { task: opening.task }),
    ...(opening.list === undefined ? {} : { list: opening.list }),
  })
  return boxes.map(({ bytes: _sealed, ...box }, at) => ({ ...box, values: opened[at]!.values as Values }))
}
