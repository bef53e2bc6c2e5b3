import type { House } from '../core/house.ts'
import { endUncoveredGrants } from './consent-withdrawal.ts'
import { carryOut, expireTrails } from './erasure.ts'
import { rollWhatWaits } from './roll.ts'
import { resumeWithdrawals } from './withdrawal.ts'

/**
 * Brings everything that was cut off to its end: grants of consents taken back, withdrawals asked for, intents of the log without completion,
 * trails whose time is over, and the roll that all of these wait for. Called when a server starts and every minute;
 * safe to run at any time and in several processes.
 */
export async function resumeErasures(house: House): Promise<void> {
  await endUncoveredGrants(house, null, 'system')
  await resumeWithdrawals(house)
  for (const intent of await house.keeper.pendingShreds()) await carryOut(house, intent)
  await expireTrails(house)
  await rollWhatWaits(house)
}
