import type { House } from '../core/house.ts'
import { Refusal } from '../core/refusal.ts'
import { type LogVerdict, verifyLog } from '../keeper/checkpoint.ts'

/**
 * Reads every byte of the keeper's log and checks it against the key and the newest checkpoint of the running keeper,
 * so that an end that was cut off shows as well. Refuses `unavailable` where the log is on another machine.
 */
export async function checkLog(house: House): Promise<LogVerdict> {
  if (house.logFolder === undefined) throw new Refusal('unavailable', { why: 'the log lies elsewhere' })
  const [{ vkey }, checkpoint] = await Promise.all([house.keeper.status(), house.keeper.checkpoint()])
  return verifyLog(house.logFolder, { vkey, checkpoint })
}
