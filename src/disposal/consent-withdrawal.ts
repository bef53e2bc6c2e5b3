import { getConsent, withdrawConsent } from '../collection/consent.ts'
import { brokenConstraint } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import type { Session } from '../identity/session.ts'
import { endGrant } from '../use/grant.ts'

/**
 * Takes one consent back, from now on. When this resolves no grant for its purpose is live about this customer any
 * more. Refuses `not_found` for somebody else's consent, `conflict` for one withdrawn before, and `withdraw_whole` for
 * the one that carries all the others, or on which values still rest: to take it back is to leave.
 */
export async function withdrawOne(
  house: House,
  who: Pick<Session, 'subject' | 'actor'>,
  id: string,
): Promise<Date> {
  const at = await write(house, who, id).catch(asWhole)
  await endUncoveredGrants(house, who.subject, who.actor)
  return at
}

const write = (house: House, { subject, actor }: Pick<Session, 'subject' | 'actor'>, id: string) =>
  change(house, async (tx, note) => {
    // A grant that is just being decided on this consent comes first or finds it withdrawn.
    await tx.one('select 1 from subject where id = $1 for update', [subject])
    const consent = await getConsent(tx, subject, id)
    const { purpose, fields } = consent
    const { needed } = await tx.one<{ needed: boolean }>('select needed from purpose where code = $1', [
      purpose,
    ])
    if (needed) throw new Refusal('withdraw_whole')
    const at = await withdrawConsent(tx, house, consent)
    await note(subject, {
      ...{ kind: 'consent.withdrawal', actor, purpose, fields, result: 'done' },
      detail: { consent: id },
    })
    return at
  })

function asWhole(error: unknown): never {
  if (brokenConstraint(error) === 'slot_needs_consent') throw new Refusal('withdraw_whole', { cause: error })
  throw error
}

/**
 * Ends every live grant whose purpose its customer has not agreed to (any more): of one customer, or of all, for those
 * that a crash between a withdrawal and the end of its grants left alive.
 */
export async function endUncoveredGrants(house: House, subject: string | null, by: string): Promise<void> {
  const live = await house.database.query<{ id: string }>(
    `select distinct g.id
       from grants g
       join grant_subject gs on gs.grant_id = g.id
       join subject s on s.id = gs.subject and s.kind = 'customer'
       join purpose p on p.code = g.purpose
      where g.ended_at is null and g.until > clock_timestamp() and ($1::uuid is null or gs.subject = $1)
        and not exists (select 1 from consent c
                         where c.subject = gs.subject and c.purpose = g.purpose
                           and not exists (select 1 from consent_withdrawal w where w.consent = c.id))`,
    [subject],
  )
  for (const { id } of live) await endGrant(house, id, by)
}
