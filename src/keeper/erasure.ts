import { raise } from './alarm.ts'
import { reach } from './failpoint.ts'
import type { Keeper } from './keeper.ts'
import { KeeperRefusal } from './refusal.ts'
import type { EntryBody, PendingShred, RollReply, ShredRequest } from './requests.ts'
import { organisationTrail } from './reserved.ts'
import { CutOff, Halt, roll } from './roll.ts'
import { evidenceOf, rolledEntry } from './roll-recovery.ts'
import { part } from './shape.ts'
import type { Shred } from './shreds.ts'

/**
 * Appends the intent and refuses the slots from then on, before anything waits. Safe to repeat with its act. When
 * the subject's own trail is among the slots, the entry goes to the organisation's trail and names no alias. Refuses with
 * `budget` more than 100,000 slots an hour: destruction cannot be undone.
 */
export async function shred(keeper: Keeper, request: ShredRequest): Promise<{ act: string; index: number }> {
  const { act, subject, actor, reason } = request
  const slots = [...new Set(request.slots)].sort((a, b) => a - b)
  await keeper.fetch([subject.trailSlot])
  const seen = keeper.shreds.find(act)
  if (seen !== null) return repeated(keeper, seen, slots)
  keeper.slots.requireIssued(subject.trailSlot)
  slots.forEach((slot, at) => {
    keeper.slots.requireIssued(slot, at)
  })
  keeper.shredBudget.require('', slots.length, keeper.now())
  const last = slots.includes(subject.trailSlot) || keeper.slots.isErased(subject.trailSlot)
  const trailSlot = last ? organisationTrail : subject.trailSlot
  const body: EntryBody = {
    kind: 'shred',
    act,
    actor,
    subject: last ? 'organisation' : subject.alias,
    result: 'refused-from-now-on',
    detail: { reason, slots, ...part('link', request.link) },
  }
  const index = keeper.log.next
  const time = keeper.now()
  const written = keeper.write([{ trailSlot, body, control: { shred: { act, slots } } }])
  if (keeper.log.next === index) await written
  keeper.shreds.add({ act, slots, trailSlot, time, index, epoch: keeper.keybook.epoch, completed: null })
  const half = keeper.shredBudget.spend('', slots.length, time)
  keeper.slots.shred(slots)
  keeper.keybook.forget(slots)
  keeper.floors.forget(slots)
  const { most } = keeper.shredBudget
  const alarm = half === null ? [] : [{ budget: 'shreds', actor, amount: half, most }]
  await Promise.all([written, raise(keeper, alarm)])
  return { act, index }
}

async function repeated(
  keeper: Keeper,
  seen: Shred,
  slots: number[],
): Promise<{ act: string; index: number }> {
  if (seen.slots.join() !== slots.join())
    throw new KeeperRefusal('malformed', { why: 'the act of another erasure' })
  await keeper.durable(seen.index)
  return { act: seen.act, index: seen.index }
}

/** Erasures whose intent is durable and whose rows are not said to be gone, oldest first, with what the intent says. */
export async function pendingShreds(keeper: Keeper): Promise<PendingShred[]> {
  const pending: PendingShred[] = []
  for (const shred of keeper.shreds.pending()) {
    const { act, slots, index } = shred
    const time = new Date(shred.time).toISOString()
    pending.push({ act, slots, index, time, ...(await saidOf(keeper, shred)) })
  }
  return pending
}

/** One that cannot be read holds up no other. */
async function saidOf(
  keeper: Keeper,
  shred: Shred,
): Promise<Pick<PendingShred, 'reason' | 'link' | 'readable'>> {
  try {
    await keeper.durable(shred.index)
    return { ...(await intentOf(keeper, shred)), readable: true }
  } catch {
    return { reason: null, link: null, readable: false }
  }
}

/** Why an erasure was promised and by which link its steps are read, as its entry says; nulls where its trail is gone. */
export async function intentOf(
  keeper: Keeper,
  entry: { index: number; trailSlot: number },
): Promise<{ reason: string | null; link: string | null }> {
  const body = await keeper.findBody(entry)
  const { reason, link } = (body?.detail ?? {}) as { reason?: string; link?: string }
  return { reason: reason ?? null, link: link ?? null }
}

/** Appends that the rows are gone too. Safe to repeat. Refuses with `malformed` an act that was never begun. */
export async function completeShred(keeper: Keeper, act: string): Promise<{ index: number }> {
  const begun = keeper.shreds.find(act)
  if (begun === null) throw new KeeperRefusal('malformed', { why: 'no such act' })
  await keeper.durable(begun.index)
  const intent = await keeper.findBody(begun)
  // From here on nothing waits until the entry has its place.
  if (begun.completed !== null) {
    await keeper.durable(begun.completed)
    return { index: begun.completed }
  }
  const readable = intent !== null && !keeper.slots.isErased(begun.trailSlot)
  const body: EntryBody = {
    kind: 'shred.complete',
    act,
    actor: intent?.actor ?? 'keeper',
    subject: readable ? intent.subject : 'organisation',
    result: 'rows-deleted',
  }
  const index = keeper.log.next
  const trailSlot = readable ? begun.trailSlot : organisationTrail
  const written = keeper.write([{ trailSlot, body, control: { completed: act } }])
  begun.completed = index
  await written
  return { index }
}

/** As many as the entry of a roll can name: a body has at most 256 KiB. The others wait for the next one. */
const mostInRoll = 15_000
const retry = 60_000

/**
 * Makes the shredded slots that wait unreadable for good, from old keybooks too. A call shares the roll that has not
 * begun yet, or the one under way when that covers all that waits. The reply has no t1 when there was nothing to do: no
 * slot was waiting, and the keybook is sealed to no recovery that has ended.
 */
export function rollNow(keeper: Keeper): Promise<RollReply> {
  const { rolls } = keeper
  if (rolls.queued !== null) return rolls.queued
  const covered = rolls.running?.slots
  if (covered !== undefined && keeper.slots.waiting.every(slot => covered.has(slot)))
    return rolls.running!.reply
  const reply: Promise<RollReply> = keeper.keybook.turn.take(async () => {
    rolls.queued = null
    const slots = keeper.slots.waiting.sort((a, b) => a - b).slice(0, mostInRoll)
    rolls.running = { slots: new Set(slots), reply }
    try {
      return await rollInTurn(keeper, slots)
    } finally {
      rolls.running = null
    }
  })
  rolls.queued = reply
  return reply
}

/**
 * Rolls when the keybook is still sealed to a recovery that has ended, so that no copy made from now on opens with its
 * shares. Waits while somebody cannot be reached, and a minute after a try that failed.
 */
export async function rollWhatExpired(keeper: Keeper): Promise<void> {
  const { rolls } = keeper
  const now = keeper.now()
  if (!keeper.keybook.outlivesRecovery || !keeper.isSettled || keeper.unreached.length > 0) return
  if (now < rolls.retry) return
  rolls.retry = now + retry
  await rollNow(keeper)
}

async function rollInTurn(keeper: Keeper, slots: number[]): Promise<RollReply> {
  await keeper.mend()
  const epoch = keeper.keybook.epoch
  if (slots.length === 0 && !keeper.keybook.outlivesRecovery)
    return { epoch, slots, t1: null, custodians: [] }
  if (!keeper.isSettled)
    throw new KeeperRefusal('unavailable', { why: `the roll waits: ${keeper.unreached.join(', ')}` })
  const intent = { epoch: epoch + 1, slots, capacity: keeper.keybook.capacity }
  const begun = keeper.now()
  const body: EntryBody = {
    kind: 'roll.begun',
    act: `epoch-${intent.epoch}`,
    actor: 'keeper',
    subject: 'organisation',
    result: 'begun',
    detail: { slots },
  }
  await keeper.write([{ trailSlot: organisationTrail, body, control: { roll: { ...intent } } }])
  keeper.recoveries.replay({ roll: intent }, begun)
  reach('roll.begun')
  try {
    const destroyed = await roll(keeper.keybook, slots)
    const custodians = evidenceOf(destroyed, slots, keeper)
    const t1 = new Date(keeper.now()).toISOString()
    await keeper.finish(rolledEntry(intent, custodians))
    reach('roll.rolled')
    await keeper.saveCheckpoint()
    return { epoch: intent.epoch, slots, t1, custodians }
  } catch (error) {
    if (error instanceof Halt) keeper.fatal(error)
    if (!(error instanceof CutOff)) throw error
    keeper.postpone(intent)
    throw new KeeperRefusal('unavailable', { why: `the roll waits: ${error.message}` })
  }
}
