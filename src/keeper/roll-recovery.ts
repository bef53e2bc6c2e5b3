import type { Book } from './book-files.ts'
import { Keybook } from './keybook.ts'
import type { Appending } from './log.ts'
import { KeeperRefusal } from './refusal.ts'
import type { CustodianEvidence } from './requests.ts'
import { organisationTrail } from './reserved.ts'
import { readBack, settle, undo } from './roll.ts'

/** What the log says of a roll before its first step: the epoch that it leads to and the slots that it replaces. */
export interface RollIntent {
  epoch: number
  slots: number[]
}

/** The entry with which a roll is done: from then on its slots wait no longer. */
export function rolledEntry(intent: RollIntent, custodians: CustodianEvidence[]): Appending {
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
    control: { rolled: { epoch: intent.epoch, slots: intent.slots } },
  }
}

/**
 * Finishes or undoes the roll that a crash cut off. Finished is one whose new keybook reads back as it must; its
 * evidence is the entry to append. Everything that any other epoch could open is gone when this resolves.
 */
export async function recoverRoll(
  keybook: Keybook,
  intent: RollIntent | null,
  rolled: number,
  now: () => number,
): Promise<{ keybook: Keybook; entry: Appending | null }> {
  if (intent === null || intent.epoch <= rolled || intent.epoch !== keybook.epoch) {
    await settle(keybook, 'start')
    return { keybook, entry: null }
  }
  const before = await findBook(keybook, intent.epoch - 1)
  if (before !== null) {
    try {
      await readBack(keybook, before, intent.epoch, intent.slots)
    } catch (error) {
      await undo(keybook, before, error)
      const older = await Keybook.load(keybook.files, keybook.custodians, before.epoch)
      await settle(older, 'start')
      return { keybook: older, entry: null }
    }
  }
  const evidence = await settle(keybook, 'start')
  const at = new Date(now()).toISOString()
  const found = keybook.custodians.map(
    ({ id, kind }): CustodianEvidence =>
      evidence.find(one => one.id === id) ?? {
        id,
        kind,
        state: 'destroyed',
        at,
        method: 'found-gone-at-start',
      },
  )
  return { keybook, entry: rolledEntry(intent, found) }
}

/** The older keybook while it still opens, or null: then its epoch is destroyed and only the newer one counts. */
async function findBook(keybook: Keybook, epoch: number): Promise<Book | null> {
  for (const custodian of keybook.custodians) {
    try {
      return await keybook.files.readDirectory(epoch, custodian)
    } catch (error) {
      if (!(error instanceof KeeperRefusal)) throw error
    }
  }
  return null
}
