import type { Queryable } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { sha256 } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import { type CustodianEvidence, KeeperRefusal, type RollReply } from '../keeper/client.ts'

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

/** Cold copies are registered by a later chapter; until then none is known of. */
export const t2 = 'no_cold_copy_registered'

/**
 * Rolls the keybook now and writes t1 into every erasure it completes. Throws the keeper's `unavailable` when the roll
 * stops before the destruction: everything then stays at t0, and the next roll takes it up.
 */
export async function roll(house: House): Promise<RollReply> {
  const rolled = await house.keeper.roll()
  if (rolled.t1 !== null)
    await house.database.query(
      'insert into roll (epoch, slots, t1, custodians) values ($1, $2, $3, $4) on conflict (epoch) do nothing',
      [rolled.epoch, rolled.slots, rolled.t1, JSON.stringify(rolled.custodians)],
    )
  await settle(house.database)
  return rolled
}

/** An erasure whose slots lie in one roll has its t1 from it, whichever of the two was written first. */
const settle = (database: Queryable) =>
  database.query(
    `update erasure e set t1 = r.t1, epoch = r.epoch, custodians = r.custodians
       from roll r where e.t1 is null and e.slots <@ r.slots`,
  )

/** As `roll`, for an act that is complete without it: a roll that cannot finish leaves t1 open, and a job tries again. */
export async function tryRoll(house: House): Promise<void> {
  try {
    await roll(house)
  } catch (error) {
    if (!(error instanceof KeeperRefusal)) throw error
  }
}

/** Rolls when something waits for it. */
export async function rollWhatWaits(house: House): Promise<void> {
  const open = await house.database.maybe('select act from erasure where t1 is null limit 1')
  if (open !== null || (await house.keeper.rollWaiting()) > 0) await tryRoll(house)
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
