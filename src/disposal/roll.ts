import type { Queryable } from '../core/database.ts'
import type { House } from '../core/house.ts'
import {
  type CustodianEvidence,
  KeeperRefusal,
  organisationTrail,
  type RollReply,
  type TrailEntry,
} from '../keeper/client.ts'
import { withJobGrant } from '../use/grant.ts'

interface Rolled {
  epoch: number
  slots: number[]
  t1: string
  custodians: CustodianEvidence[]
}

/**
 * Rolls the keybook now and writes t1 into every erasure it completes. Throws the keeper's `unavailable` when the roll
 * stops before the destruction: everything then stays at t0, and the next roll takes it up.
 */
export async function roll(house: House): Promise<RollReply> {
  const rolled = await house.keeper.roll()
  const { epoch, slots, t1, custodians } = rolled
  if (t1 !== null) await keepRoll(house.database, { epoch, slots, t1, custodians })
  await settle(house.database)
  return rolled
}

/** As `roll`, for an act that is complete without it: a roll that cannot finish leaves t1 open, and is tried again. */
export async function tryRoll(house: House): Promise<void> {
  try {
    await roll(house)
  } catch (error) {
    if (!(error instanceof KeeperRefusal)) throw error
  }
}

/** Rolls when something waits for it, and finds the t1 of a roll whose answer was lost. */
export async function rollWhatWaits(house: House): Promise<void> {
  const waiting = await house.keeper.rollWaiting()
  if (waiting > 0 || (await findOldestOpen(house.database)) !== null) await tryRoll(house)
  const oldest = await findOldestOpen(house.database)
  if (oldest === null || (await house.keeper.rollWaiting()) > 0) return
  await learnRolls(house, oldest)
  await settle(house.database)
}

const keepRoll = (database: Queryable, { epoch, slots, t1, custodians }: Rolled) =>
  database.query(
    'insert into roll (epoch, slots, t1, custodians) values ($1, $2, $3, $4) on conflict (epoch) do nothing',
    [epoch, slots, t1, JSON.stringify(custodians)],
  )

/** An erasure whose slots lie in one roll has its t1 from it, whichever of the two was written first. */
const settle = (database: Queryable) => database.query('select settle_erasures()')

async function findOldestOpen(database: Queryable): Promise<number | null> {
  const { entry } = await database.one<{ entry: number | null }>(
    'select min(entry) as entry from erasure where t1 is null',
  )
  return entry
}

/** Reads the evidence of every roll since an entry of the log from the organisation's own trail. */
async function learnRolls(house: House, since: number): Promise<void> {
  const wanted = {
    ...{ subjects: [], fields: ['*'], compartments: ['trail'], purpose: 'destruction' },
    ...{ minutes: 5, most: 10_000 },
  }
  await withJobGrant(house, wanted, async ({ id: grant, secret }) => {
    for (let after = since; ; ) {
      const page = await house.keeper.entries({ grant, secret, trailSlot: organisationTrail, after })
      for (const entry of page.entries) await learnRoll(house, entry)
      const last = page.entries.at(-1)
      if (!page.more || last === undefined) return
      after = last.index
    }
  })
}

async function learnRoll(house: House, entry: TrailEntry): Promise<void> {
  const body = JSON.parse(entry.body) as { kind: string; act: string; time: string; detail: unknown }
  const epoch = Number(/^epoch-(\d+)$/.exec(body.act)?.[1])
  if (body.kind !== 'rolled' || !Number.isSafeInteger(epoch)) return
  const { slots, custodians } = body.detail as Pick<Rolled, 'slots' | 'custodians'>
  await keepRoll(house.database, { epoch, slots, t1: body.time, custodians })
}
