import type { House } from '../core/house.ts'
import { lookForOfAge } from '../use/coming-of-age.ts'
import { endStrayGrants } from '../use/merging.ts'
import { endUncoveredGrants, withdrawAtResting } from './consent-withdrawal.ts'
import { expireDocuments } from './document-expiry.ts'
import { carryOut, expireTrails } from './erasure.ts'
import { lapseGuardians } from './guardian-lapse.ts'
import { resumeLostShreddings } from './lost-slots.ts'
import { completeMerges } from './merge-completion.ts'
import { carryOutRetention } from './retention.ts'
import { rollWhatWaits } from './roll.ts'
import { findAsked, resumeWithdrawal } from './withdrawal.ts'

/**
 * Brings everything that was cut off to its end: grants of consents taken back, withdrawals asked for, intents of the
 * log without completion, what two officers had shredded after a restore, merges, trails, documents and values whose time
 * is over, and the roll that all of these wait for. Called when a server starts and every minute; safe to run at any time
 * and in several processes. What cannot be done now holds up nothing else: the first error is thrown when all the rest is
 * done.
 */
export async function resumeErasures(house: House): Promise<void> {
  await each(
    [
      () => endUncoveredGrants(house, null, 'system'),
      () => endStrayGrants(house),
      () => withdrawAtResting(house, null),
      async () => each(await findAsked(house.database), asked => resumeWithdrawal(house, asked)),
      () => resumeLostShreddings(house),
      async () => each(await house.keeper.pendingShreds(), intent => carryOut(house, intent)),
      () => completeMerges(house),
      () => expireTrails(house),
      () => expireDocuments(house),
      () => carryOutRetention(house),
      () => lookForOfAge(house),
      () => lapseGuardians(house),
      () => rollWhatWaits(house),
    ],
    step => step(),
  )
}

async function each<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = []
  for (const item of items) await act(item).catch(error => failures.push(error))
  if (failures.length > 0) throw failures[0]
}
