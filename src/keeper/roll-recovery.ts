import type { Book } from './book-files.ts'
import { type Custodian, Unreachable } from './custodian.ts'
import type { Custody } from './custody.ts'
import { Keybook } from './keybook.ts'
import type { Appending } from './log.ts'
import type { Recoveries } from './recovery.ts'
import { KeeperRefusal } from './refusal.ts'
import type { CustodianEvidence } from './requests.ts'
import { organisationTrail } from './reserved.ts'
import { readBack, settle, undo } from './roll.ts'
import { isScheduled, type WaitingPeriods } from './waiting-periods.ts'

/** What the log says of a roll before its first step. */
export interface RollIntent {
  /** The epoch that it leads to. */
  epoch: number
  /** The slots that it replaces. */
  slots: number[]
  /** Slots from 0 to below this number are in the book that it replaces. */
  capacity?: number
}

/** What a keeper knows of that outlives a roll. */
export interface Outliving {
  now: () => number
  periods: WaitingPeriods
  recoveries: Recoveries
  custody: Custody
}

/**
 * The whole evidence of a roll of these slots: what its custodians told, and what opens an older keybook still or until
 * its end: custodians that were left out, waiting periods of earlier rolls and the registered cold copies.
 */
export function evidenceOf(
  told: CustodianEvidence[],
  slots: readonly number[],
  { now: clock, periods, recoveries, custody }: Outliving,
): CustodianEvidence[] {
  const now = clock()
  return [...told, ...custody.evidence(), ...periods.evidence(told, now), ...recoveries.evidence(now, slots)]
}

/** The entry with which a roll is done: from then on its slots wait no longer. */
export function rolledEntry(intent: RollIntent, custodians: CustodianEvidence[]): Appending {
  const scheduled = custodians.filter(one => isScheduled(one) && one.kind !== 'recovery')
  return {
    trailSlot: organisationTrail,
    body: {
      kind: 'rolled',
      act: `epoch-${intent.epoch}`,
      actor: 'keeper',
      subject: 'organisation',
      result: 'destroyed',
      detail: { slots: intent.slots, custodians: custodians.map(one => ({ ...one })) },
    },
    control: { rolled: { epoch: intent.epoch, slots: intent.slots, scheduled } },
  }
}

/**
 * Judges the roll that a crash cut off. It stands when its new keybook reads back as it must, and has then to be
 * finished: `unfinished`. Otherwise it is undone, nothing of the older epoch having been destroyed.
 */
export async function judgeRoll(
  keybook: Keybook,
  intent: RollIntent | null,
  rolled: number,
): Promise<{ keybook: Keybook; unfinished: RollIntent | null }> {
  if (intent === null || intent.epoch <= rolled || intent.epoch !== keybook.epoch)
    return { keybook, unfinished: null }
  const before = await findBook(keybook, intent.epoch - 1)
  if (before === null) return { keybook, unfinished: intent }
  try {
    // One that was configured since has no part in this book yet.
    const custodians = keybook.custodians.filter(one => keybook.isWrappedBy(one))
    await readBack(keybook, before, intent.epoch, intent.slots, { files: keybook.files, custodians })
    return { keybook, unfinished: intent }
  } catch (error) {
    if (error instanceof Unreachable) return { keybook, unfinished: intent }
    await undo(keybook, before, error)
    const older = await Keybook.load(keybook.files, keybook.custodians, before.epoch)
    return { keybook: older, unfinished: null }
  }
}

/**
 * Destroys whatever any other epoch could open. The entry says how a roll ended that was cut off: what is found gone
 * already was destroyed before the crash, or scheduled, as its custodian says when it is asked again.
 */
export async function finishRoll(
  keybook: Keybook,
  unfinished: RollIntent | null,
  outliving: Outliving,
): Promise<Appending | null> {
  const evidence = await settle(keybook, 'start')
  if (unfinished === null) return null
  const told = [...evidence]
  for (const custodian of keybook.custodians) {
    if (evidence.some(one => one.id === custodian.id)) continue
    told.push(await foundGone(custodian, unfinished.epoch - 1, outliving.now()))
  }
  return rolledEntry(unfinished, evidenceOf(told, unfinished.slots, outliving))
}

async function foundGone(custodian: Custodian, epoch: number, now: number): Promise<CustodianEvidence> {
  const { id, kind } = custodian
  const again = await custodian.destroy(epoch)
  if (again.state === 'scheduled') return { id, kind, ...again }
  return { id, kind, state: 'destroyed', at: new Date(now).toISOString(), method: 'found-gone-at-start' }
}

/** The older keybook while it still opens, or null: then its epoch is destroyed and only the newer one counts. */
async function findBook(keybook: Keybook, epoch: number): Promise<Book | null> {
  for (const custodian of keybook.custodians) {
    try {
      return await keybook.files.readDirectory(epoch, custodian)
    } catch (error) {
      if (!(error instanceof KeeperRefusal || error instanceof Unreachable)) throw error
    }
  }
  return null
}
