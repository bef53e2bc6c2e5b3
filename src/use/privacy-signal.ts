import { findMerge } from '../collection/merge.ts'
import { signalHeardAt, takeUpSignal } from '../collection/privacy-signal.ts'
import type { House } from '../core/house.ts'
import { change } from '../core/outbox.ts'
import { endGrant } from './grant.ts'

/**
 * Hears what a customer's browser says (Global Privacy Control): it stands in their trail once, and no grant for an
 * advertising purpose that they did not agree to in spite of it is live about them when this resolves. A record
 * of theirs that rests hears it too. Safe to repeat.
 */
export async function hearSignal(house: House, subject: string): Promise<void> {
  await hearOne(house, subject)
  const two = await findMerge(house.database, subject)
  if (two !== null) await hearOne(house, two.rests)
}

async function hearOne(house: House, subject: string): Promise<void> {
  if ((await signalHeardAt(house.database, subject)) === null)
    await change(house, (tx, note) => takeUpSignal(tx, house, note, subject))
  const live = await house.database.query<{ id: string }>(
    `select distinct g.id
       from grants g join grant_subject gs on gs.grant_id = g.id join purpose p on p.code = g.purpose
      where gs.subject = $1 and p.advertising and g.ended_at is null and g.until > clock_timestamp()
        and not exists (select 1 from consent c
                         where c.subject = $1 and c.purpose = g.purpose and c.despite_signal
                           and not exists (select 1 from consent_withdrawal w where w.consent = c.id))`,
    [subject],
  )
  for (const { id } of live) await endGrant(house, id, 'customer')
}
