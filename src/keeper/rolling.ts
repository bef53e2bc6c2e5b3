import { reach } from './failpoint.ts'
import { endIntakes } from './intake.ts'
import type { Keeper } from './keeper.ts'
import { KeeperRefusal } from './refusal.ts'
import type { EntryBody, RollReply } from './requests.ts'
import { organisationTrail } from './reserved.ts'
import { CutOff, Halt, roll } from './roll.ts'
import { evidenceOf, rolledEntry } from './roll-recovery.ts'

/** As many as the entry of a roll can name: a body has at most 256 KiB. The others wait for the next one. */
const mostInRoll = 15_000
const retry = 60_000

/** The intake keys before all others: what was recorded on its way here must not outlive whom it is about. */
function firstOf(keeper: Keeper): number[] {
  const waiting = keeper.slots.waiting.sort((a, b) => a - b)
  const keys = waiting.filter(slot => keeper.intakes.has(slot))
  const others = waiting.filter(slot => !keeper.intakes.has(slot))
  return [...keys, ...others].slice(0, mostInRoll).sort((a, b) => a - b)
}

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
    // What somebody recorded on its way here is lost together with what is destroyed.
    if (keeper.slots.waiting.length > 0) await endIntakes(keeper, true)
    const slots = firstOf(keeper)
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
