import { raise } from './alarm.ts'
import type { Grant } from './grants.ts'
import type { Keeper } from './keeper.ts'
import { shareTime } from './reading.ts'
import { readingEntry } from './reading-entry.ts'
import { KeeperRefusal } from './refusal.ts'
import type { EntriesRequest, TrailEntry, TrailPage } from './requests.ts'
import { organisationTrail } from './reserved.ts'

const perPage = 200
/** A page must fit into a message: bodies have at most 256 KiB, and quoting can double them. */
const longestPage = 3 * 1024 * 1024
/** Reading a trail is a reading of this compartment. */
export const trailCompartment = 'trail'

/**
 * One page of a trail. The reading itself is appended first, once for all pages within ten minutes, so it can be on
 * the page already. A grant opens the trails of its subjects if it is their own (`portal`) or names the compartment
 * `trail`; a job that names it and has no subjects opens the organisation's. Else refused as `outside_grant`.
 */
export async function readTrail(
  keeper: Keeper,
  asked: EntriesRequest,
  newAct: () => string,
): Promise<TrailPage> {
  const { trailSlot, after } = asked
  keeper.grants.require(asked.grant, asked.secret, keeper.now())
  await keeper.fetch([trailSlot])
  const now = keeper.now()
  const grant = keeper.grants.require(asked.grant, asked.secret, now)
  const subject = requireTrail(keeper, grant, trailSlot)
  keeper.grants.requireReadings(grant, 1, now)
  const alarm = raise(keeper, keeper.grants.countReadings(grant, 1, now))
  await Promise.all([noteReading(keeper, grant, { trailSlot, subject, act: newAct() }, now), alarm])
  const indices = keeper.log.trail(trailSlot, after, perPage + 1)
  const entries: TrailEntry[] = []
  for (let bytes = 0; entries.length < Math.min(indices.length, perPage) && bytes < longestPage; ) {
    const entry = await trailEntry(keeper, indices[entries.length]!)
    bytes += Buffer.byteLength(entry.body)
    entries.push(entry)
  }
  return { entries, more: entries.length < indices.length }
}

/** The alias of the trail's subject. */
function requireTrail(keeper: Keeper, grant: Grant, trailSlot: number): string {
  const no = new KeeperRefusal('outside_grant', { why: 'trail' })
  if (grant.kind !== 'portal' && !grant.compartments.has(trailCompartment)) throw no
  if (trailSlot === organisationTrail && grant.kind === 'job' && grant.subjects.size === 0)
    return 'organisation'
  const subject = [...grant.subjects.values()].find(one => one.trailSlot === trailSlot)
  if (subject === undefined) throw no
  keeper.slots.requireUsable(trailSlot)
  return subject.alias
}

async function noteReading(
  keeper: Keeper,
  grant: Grant,
  about: { trailSlot: number; subject: string; act: string },
  now: number,
): Promise<void> {
  const key = `${grant.id}/${trailCompartment}/${about.trailSlot}`
  const shared = keeper.shared.find(key)
  if (shared !== undefined && shared.until > now) {
    await shared.durable
    return
  }
  const until = Math.min(now + shareTime, grant.until)
  const durable = keeper.write([readingEntry(grant, { ...about, fields: [trailCompartment], until })])
  keeper.shared.keep(key, { until, durable })
  await durable
}

async function trailEntry(keeper: Keeper, index: number): Promise<TrailEntry> {
  const { body, salt, commitment } = await keeper.log.bodyOf(index)
  return { index, body, salt: salt.toString('base64'), commitment: commitment.toString('hex') }
}
