import type { Database, Queryable } from '../core/database.ts'
import type { KeeperClient } from '../keeper/client.ts'

const page = 5000

/** A trail as the log counts it, beside what this database knows of it. */
export interface CountedTrail {
  trail: number
  /** How many changes the log holds. */
  last: number
  /** Null: nobody here has this trail. */
  subject: { id: string; kind: string; last_change: number } | null
}

/** Every trail in which the log counts changes, page by page, ascending; those that were shredded are not among them. */
export async function* countedTrails(
  database: Queryable,
  keeper: KeeperClient,
): AsyncGenerator<CountedTrail[]> {
  for (let after = -1; ; ) {
    const { numbers, more } = await keeper.numbersAfter(after, page)
    const rows = await database.query<{ id: string; kind: string; trail: number; last_change: number }>(
      'select id, kind, trail, last_change from subject where trail = any ($1)',
      [numbers.map(([trail]) => trail)],
    )
    const known = new Map(rows.map(({ trail, ...subject }) => [trail, subject]))
    yield numbers.map(([trail, last]) => ({ trail, last, subject: known.get(trail) ?? null }))
    after = numbers.at(-1)?.[0] ?? after
    if (!more) return
  }
}

/** An entry that waits in the outbox under a number that the log has given to another: two histories of one person. */
export interface Forked {
  id: string
  subject: string
  number: number
}

/** Entries that wait here, of which the log knows nothing, though it has come as far as their number. */
export async function findForks(database: Queryable, keeper: KeeperClient): Promise<Forked[]> {
  const waiting = await database.query<Forked & { trail: number }>(
    `select o.id, o.subject, o.number, s.trail from outbox o join subject s on s.id = o.subject
      order by o.subject, o.number`,
  )
  const forked: Forked[] = []
  for (let at = 0; at < waiting.length; at += page) {
    const rows = waiting.slice(at, at + page)
    const seen = await keeper.seen(rows.map(row => row.id))
    for (const [i, { trail, ...row }] of rows.entries())
      if (seen[i] === false && row.number <= (await lastOf(keeper, trail))) forked.push(row)
  }
  return forked
}

/** How many changes the log holds of one trail. */
async function lastOf(keeper: KeeperClient, trail: number): Promise<number> {
  const { numbers } = await keeper.numbersAfter(trail - 1, 1)
  const [first] = numbers
  return first !== undefined && first[0] === trail ? first[1] : 0
}

/** Why a database counts as older than the log. */
export type Older = 'empty' | 'unknown_trail' | 'fewer_changes' | 'erased_slot' | 'two_histories'

/**
 * Whether this database is older than the log, so that somebody put it back: the log counts changes that it does not
 * know, or its rows hold a slot that was erased. Null when it is not. An entry that still waits in the outbox, and an
 * erasure that was cut off, are the ordinary end of a crash and no sign. Changes nothing. What nothing follows from (a
 * reading, say) is not noticed, and need not be.
 */
export async function findOlder(database: Database, keeper: KeeperClient): Promise<Older | null> {
  const lost = await lostTrails(database)
  const isOpen = (await database.maybe('select 1 from organisation')) !== null
  for await (const trails of countedTrails(database, keeper)) {
    if (!isOpen && trails.length > 0) return 'empty'
    if (trails.some(one => one.subject === null && !lost.has(one.trail))) return 'unknown_trail'
    if (trails.some(one => one.subject !== null && one.subject.last_change < one.last)) return 'fewer_changes'
  }
  if (await holdsErased(database, keeper)) return 'erased_slot'
  return (await findForks(database, keeper)).length > 0 ? 'two_histories' : null
}

/** Trails of people whom a restore has found missing: that is known, and told to the officers. */
async function lostTrails(database: Queryable): Promise<Set<number>> {
  const rows = await database.query<{ trail: number }>(
    'select distinct unnest(unknown) as trail from restoration',
  )
  return new Set(rows.map(row => row.trail))
}

async function holdsErased(database: Queryable, keeper: KeeperClient): Promise<boolean> {
  for (let after = -1; ; ) {
    const { slots, more } = await keeper.erasedAfter(after, page)
    const found = await database.maybe('select 1 from slot where number = any ($1) limit 1', [slots])
    if (found !== null) return true
    after = slots.at(-1) ?? after
    if (!more) return false
  }
}
