import { raise } from './alarm.ts'
import type { Keeper } from './keeper.ts'
import { KeeperRefusal } from './refusal.ts'
import type { EntryBody, PendingShred, ShredRequest } from './requests.ts'
import { organisationTrail } from './reserved.ts'
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
  keeper.people.forget(slots)
  keeper.intakes.forget(slots)
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
