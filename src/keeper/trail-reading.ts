import type { Grant } from './grants.ts'
import type { Keeper } from './keeper.ts'
import { readingEntry, shareTime } from './reading.ts'
import { KeeperRefusal } from './refusal.ts'
import type { EntriesRequest, GrantSubject, TrailEntry, TrailPage } from './requests.ts'

const perPage = 200
/** Reading a trail is a reading of this compartment. */
export const trailCompartment = 'trail'

/**
 * One page of a subject's trail. The reading itself is appended first, once for all pages within ten minutes, so it
 * can be on the page already. Refuses with `outside_grant` a trail of somebody else, or a grant that is neither the
 * subject's own (`portal`) nor names the compartment `trail`.
 */
export async function readTrail(
  keeper: Keeper,
  asked: EntriesRequest,
  newAct: () => string,
): Promise<TrailPage> {
  keeper.grants.require(asked.grant, asked.secret, keeper.now())
  await keeper.fetch([asked.trailSlot])
  const now = keeper.now()
  const grant = keeper.grants.require(asked.grant, asked.secret, now)
  const subject = requireTrail(grant, asked.trailSlot)
  keeper.slots.requireUsable(asked.trailSlot)
  keeper.grants.requireReadings(grant, 1, now)
  const key = `${grant.id}/${subject.customer}/${trailCompartment}`
  const shared = keeper.shared.find(key)
  if (shared !== undefined && shared.until > now) {
    await shared.durable
  } else {
    const until = Math.min(now + shareTime, grant.until)
    const about = { trailSlot: asked.trailSlot, subject: subject.alias, fields: [trailCompartment] }
    const written = keeper.write([readingEntry(grant, { ...about, act: newAct(), until })])
    keeper.shared.keep(key, { until, durable: written })
    await written
  }
  keeper.grants.countReadings(grant, 1, now)
  const indices = keeper.log.trail(asked.trailSlot, asked.after, perPage + 1)
  const entries = await Promise.all(indices.slice(0, perPage).map(index => trailEntry(keeper, index)))
  return { entries, more: indices.length > perPage }
}

function requireTrail(grant: Grant, trailSlot: number): GrantSubject {
  const subject = [...grant.subjects.values()].find(one => one.trailSlot === trailSlot)
  if (subject === undefined) throw new KeeperRefusal('outside_grant', { why: 'trail' })
  if (grant.kind !== 'portal' && !grant.compartments.has(trailCompartment)) {
    throw new KeeperRefusal('outside_grant', { why: 'trail' })
  }
  return subject
}

async function trailEntry(keeper: Keeper, index: number): Promise<TrailEntry> {
  const { body, salt, commitment } = await keeper.log.bodyOf(index)
  return { index, body, salt: salt.toString('base64'), commitment: commitment.toString('hex') }
}
