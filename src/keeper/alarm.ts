import { randomUUID } from 'node:crypto'
import type { Alarm } from './grants.ts'
import type { Keeper } from './keeper.ts'
import { organisationTrail } from './reserved.ts'
import { part } from './shape.ts'

/**
 * Says on the error stream and in the organisation's trail that half of a budget is used. Called in the same turn as
 * what used it, so that both are in the log or neither.
 */
export async function raise(keeper: Keeper, alarms: readonly Alarm[]): Promise<void> {
  if (alarms.length === 0) return
  const written = keeper.write(
    alarms.map(({ budget, actor, purpose, amount, most }) => ({
      trailSlot: organisationTrail,
      body: {
        ...{ kind: 'alarm', act: randomUUID(), actor, subject: 'organisation' },
        ...part('purpose', purpose),
        ...{ result: 'half-of-a-budget-is-used', detail: { budget, amount, most } },
      },
    })),
  )
  for (const { budget, actor, purpose, amount, most, within } of alarms)
    keeper.say(
      `alarm: ${actor} has used ${amount} of ${most} ${budget} ${within === 'day' ? 'a day' : 'an hour'}${purpose ? ` (${purpose})` : ''}`,
    )
  await written
}
