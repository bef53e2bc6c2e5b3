import { raise } from './alarm.ts'
import type { Keeper } from './keeper.ts'
import type { Asked } from './reading.ts'
import { readingEntry, requireFields } from './reading-entry.ts'
import { KeeperRefusal } from './refusal.ts'
import type { Announcement } from './requests.ts'

/** How long an announced reading may be asked for: as long as looking for a few boxes may take, and no longer. */
const longest = 10_000

/** What was announced: an entry that is durable once `durable` resolves. */
export interface Announced {
  customer: string
  fields: readonly string[]
  until: number
  /** That the entry has its place, which the announcing waits for. */
  placed: Promise<Entered>
}

interface Entered {
  /** In an object, since a promise that is answered with one would wait for it. */
  durable: Promise<unknown>
}

const keyOf = ({ grant, act }: { grant: string; act: string }) => `${grant}/${act}`

/**
 * Enters a reading that is about to be asked for, so that the disk is at work while PostgreSQL is. Everything a reading is
 * refused for that does not need its boxes is judged here, and counted; nothing is opened. Resolves when the entry has its
 * place in the log. What is announced and then not opened stays in the log: it says too much, never too little. Refuses
 * with `no_grant`, `grant_ended`, `outside_grant`, `erased`, `budget`, and `malformed` for an act that was announced before
 * or fields that only the boxes could tell.
 */
export async function announce(keeper: Keeper, asked: Announcement): Promise<void> {
  const key = keyOf(asked)
  if (keeper.announced.find(key) !== undefined)
    throw new KeeperRefusal('malformed', { why: 'announced twice' })
  if (asked.fields.includes('*')) throw new KeeperRefusal('malformed', { why: 'every field' })
  const placed = enter(keeper, asked)
  const { customer, fields } = asked
  keeper.announced.keep(key, { customer, fields, until: keeper.now() + longest, placed })
  await placed.catch(error => {
    keeper.announced.forget(key)
    throw error
  })
}

async function enter(keeper: Keeper, asked: Announcement): Promise<Entered> {
  const grant = keeper.grants.require(asked.grant, asked.secret, keeper.now())
  const subject = grant.subjects.get(asked.customer)
  if (subject === undefined) throw new KeeperRefusal('outside_grant', { why: 'customer' })
  await keeper.fetch([subject.trailSlot])
  // INVARIANT: nothing waits from here until the entry has its place, so a revocation comes before or after.
  const now = keeper.now()
  keeper.grants.requireLive(grant, now)
  keeper.slots.requireUsable(subject.trailSlot)
  requireFields(grant, asked.fields)
  keeper.grants.requireReadings(grant, 1, now)
  const { act, task } = asked
  const fields = [...new Set(asked.fields)].sort()
  const about = { trailSlot: subject.trailSlot, subject: subject.alias, fields, act, task }
  const entry = readingEntry(grant, about)
  const written = keeper.write([{ ...entry, body: { ...entry.body, result: 'announced' } }])
  const alarm = raise(keeper, keeper.grants.countReadings(grant, 1, now))
  const durable = Promise.all([written, alarm])
  // Who asks for it hears of a failure; who never asks must not end the process.
  durable.catch(() => {})
  return { durable }
}

/**
 * That this very reading is in the log already, once `durable` resolves; null for one that was not announced, asks
 * for another customer or a field more, comes too late, or was asked for already.
 */
export async function findAnnounced(keeper: Keeper, asked: Asked): Promise<Entered | null> {
  if (asked.act === undefined || asked.list === true) return null
  const found = keeper.announced.find(keyOf({ grant: asked.grant, act: asked.act }))
  if (found === undefined || found.until <= keeper.now()) return null
  const same = asked.items.every(item => item.customer === found.customer)
  if (!same || !asked.fields.every(field => found.fields.includes(field))) return null
  // One announcement, one opening: whatever is opened besides is entered and counted for itself.
  keeper.announced.forget(keyOf({ grant: asked.grant, act: asked.act }))
  return found.placed
}
