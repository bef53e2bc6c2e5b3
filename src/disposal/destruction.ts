import type { Queryable } from '../core/database.ts'
import { sha256 } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import type { CustodianEvidence, LeftOut } from '../keeper/client.ts'

/** A destruction record: names slots, epochs, custodians and times, and nobody. */
export interface Destruction {
  act: string
  slots: number[]
  compartments: string[]
  /** Log index of the intent. */
  entry: number
  /** Refused from here on, rows gone. */
  t0: Date
  /** Nothing online opens it from here on; null while that has not happened. */
  t1: Date | null
  epoch: number | null
  custodians: CustodianEvidence[]
  /** The slot of the trail that a withdrawal leaves, and until when. */
  trail: number | null
  keptUntil: Date | null
}

const columns = `act, slots, compartments, entry, t0, t1, epoch, coalesce(custodians, '[]') as custodians, trail,
  kept_until as "keptUntil"`

/** From when on nothing cold that is registered opens it either, and what that waits for, the last one last. */
export interface Final {
  /** RFC 3339 UTC. Ahead of now: scheduled until then. Null: open, since a custodian was left out and never asked. */
  at: string | null
  waits: { id: string; kind: string; until: string | null }[]
}

/**
 * The record as it stands today: a custodian that was left out when its roll was done is told by how its key went since,
 * where that is known.
 */
export function knownToday(destruction: Destruction, leftOut: readonly LeftOut[]): Destruction {
  const custodians = destruction.custodians.map(one => {
    if (one.state !== 'left-out') return one
    return leftOut.find(({ id, since }) => id === one.id && since === one.at)?.ended ?? one
  })
  return { ...destruction, custodians }
}

/**
 * t2: null before t1; then t1 itself, or the end of the last custodian's waiting period or registered copy of the keys, or
 * when the key of one that was left out was destroyed, or stated to be: open until then. Each custodian and copy is
 * named once, with its last end. A copy that nobody registered is not known of, here or anywhere.
 */
export function finalOf({ t1, custodians }: Destruction): Final | null {
  if (t1 === null) return null
  const endOf = (until: string | null) => (until === null ? Number.POSITIVE_INFINITY : Date.parse(until))
  const ends = custodians
    .map(({ id, kind, state, at }) => ({ id, kind, until: state === 'left-out' ? null : at }))
    .filter(one => endOf(one.until) > t1.getTime())
    .sort((a, b) => (endOf(a.until) < endOf(b.until) ? -1 : 1))
  const waits = ends.filter((one, at) => !ends.slice(at + 1).some(later => later.id === one.id))
  const last = waits.at(-1)
  return { at: last === undefined ? t1.toISOString() : last.until, waits }
}

export const findDestructionByLink = (database: Queryable, link: string): Promise<Destruction | null> =>
  database.maybe<Destruction>(`select ${columns} from erasure where link_hash = $1`, [sha256(link)])

/** Throws `not_found` for a link that no withdrawal gave out. */
export async function getDestructionByLink(database: Queryable, link: string): Promise<Destruction> {
  const found = await findDestructionByLink(database, link)
  if (found === null) throw new Refusal('not_found')
  return found
}

/** Destruction records, newest first, after the one that `after` names. Throws `not_found` for an unknown one. */
export async function listDestructions(
  database: Queryable,
  page: { after?: string | undefined; limit: number },
): Promise<{ items: Destruction[]; next: string | null }> {
  if (page.after !== undefined) await database.one('select act from erasure where act = $1', [page.after])
  const rows = await database.query<Destruction>(
    `select ${columns} from erasure
      where $1::uuid is null or (t0, act) < (select t0, act from erasure where act = $1)
      order by t0 desc, act desc limit $2`,
    [page.after ?? null, page.limit + 1],
  )
  const items = rows.slice(0, page.limit)
  return { items, next: rows.length > page.limit ? (items.at(-1)?.act ?? null) : null }
}
