import { type Consent, getConsent, withdrawConsent } from '../collection/consent.ts'
import { brokenConstraint } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import type { Session } from '../identity/session.ts'
import { endGrant } from '../use/grant.ts'
import { fieldsLost, isAsRead, type Left, narrow, narrowingOf, shredLeft } from './narrowing.ts'

/**
 * Takes one consent back, from now on. What only it names is gone when this resolves: rows that nothing covers any more
 * are removed, values that lie beside others are taken out and the rest is sealed under another slot, and the old slots
 * are refused, so that backups forget too. No grant for its purpose is live about this customer any more. Refuses
 * `not_found` for somebody else's consent, `conflict` for one withdrawn before, and `withdraw_whole` for the one that
 * carries all the others: to take it back is to leave.
 */
export async function withdrawOne(
  house: House,
  who: Pick<Session, 'subject' | 'actor'>,
  id: string,
): Promise<Date> {
  const { at, left } = await write(house, who, id)
  await endUncoveredGrants(house, who.subject, who.actor)
  if (left !== null) await shredLeft(house, left)
  await withdrawAtResting(house, who)
  return at
}

/**
 * Takes back in a record that rests what its customer has taken back since in the one that stays, of all customers or of one: a
 * no is said once. Safe to repeat.
 */
export async function withdrawAtResting(
  house: House,
  who: Pick<Session, 'subject' | 'actor'> | null,
): Promise<void> {
  const left = await house.database.query<{ subject: string; consent: string }>(
    `select c.subject, c.id as consent
       from merge m join consent c on c.subject = m.rests join purpose p on p.code = c.purpose and not p.needed
      where ($1::uuid is null or m.stays = $1)
        and not exists (select 1 from consent_withdrawal w where w.consent = c.id)
        and exists (select 1 from consent o join consent_withdrawal w on w.consent = o.id and w.at >= m.at
                     where o.subject = m.stays and o.purpose = c.purpose)
        and not exists (select 1 from consent o where o.subject = m.stays and o.purpose = c.purpose
                           and not exists (select 1 from consent_withdrawal w where w.consent = o.id))`,
    [who?.subject ?? null],
  )
  for (const { subject, consent } of left)
    await withdrawOne(house, { subject, actor: who?.actor ?? 'system' }, consent)
}

interface Withdrawn {
  at: Date
  left: Left | null
}

/** Once more where a value was changed while it was read. */
async function write(house: House, who: Pick<Session, 'subject' | 'actor'>, id: string): Promise<Withdrawn> {
  for (let attempt = 1; ; attempt++) {
    const consent = await requireOptional(house, who.subject, id)
    try {
      return await withdrawAndNarrow(house, who, consent)
    } catch (error) {
      if (attempt === 3 || !(error instanceof Refusal) || error.why !== changedMeanwhile) throw error
    }
  }
}

const changedMeanwhile = 'a value was changed while it was read'

async function requireOptional(house: House, subject: string, id: string): Promise<Consent> {
  const consent = await getConsent(house.database, subject, id)
  const { needed } = await house.database.one<{ needed: boolean }>(
    'select needed from purpose where code = $1',
    [consent.purpose],
  )
  if (needed) throw new Refusal('withdraw_whole')
  if (consent.withdrawn_at !== null) throw new Refusal('conflict', { why: 'withdrawn already' })
  return consent
}

async function withdrawAndNarrow(
  house: House,
  { subject, actor }: Pick<Session, 'subject' | 'actor'>,
  consent: Consent,
): Promise<Withdrawn> {
  const { id, purpose, fields } = consent
  let withdrawn: Withdrawn | null = null
  await narrowingOf(house, subject, consent, async (narrowing, grant) => {
    withdrawn = await change(house, async (tx, note) => {
      // A grant that is just being decided on this consent comes first or finds it withdrawn.
      await tx.one('select 1 from subject where id = $1 for update', [subject])
      const at = await withdrawConsent(tx, house, consent)
      if ((await fieldsLost(tx, subject, consent)).join() !== narrowing.fields.join())
        throw new Refusal('conflict', { why: changedMeanwhile })
      if (!(await isAsRead(tx, subject, narrowing))) throw new Refusal('conflict', { why: changedMeanwhile })
      const { floors, left } = await narrow(tx, house, subject, narrowing, grant)
      const detail = {
        consent: id,
        ...(left === null ? {} : { slots: left.slots, dropped: narrowing.fields }),
      }
      await note(
        subject,
        { kind: 'consent.withdrawal', actor, purpose, fields, result: 'done', detail },
        floors,
      )
      return { at, left }
    }).catch(asMeanwhile)
  })
  return withdrawn!
}

/** A slot that was added meanwhile has lost its cover, or a box its version. */
function asMeanwhile(error: unknown): never {
  const uncovered = brokenConstraint(error) === 'slot_needs_consent'
  const refused = error instanceof Refusal && error.code === 'conflict' && error.why !== 'withdrawn already'
  if (uncovered || refused) throw new Refusal('conflict', { why: changedMeanwhile, cause: error })
  throw error
}

/**
 * Ends every live grant whose purpose its customer has not agreed to (any more), or has said no to since: of one customer, or of
 * all, for those that a crash between a withdrawal and the end of its grants left alive.
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
                           and (c.despite_signal or not p.advertising
                                or not exists (select 1 from privacy_signal v where v.subject = c.subject))
                           and not exists (select 1 from consent_withdrawal w where w.consent = c.id))`,
    [subject],
  )
  for (const { id } of live) await endGrant(house, id, by)
}
