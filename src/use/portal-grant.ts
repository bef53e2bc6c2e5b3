import { findMerge } from '../collection/merge.ts'
import type { House } from '../core/house.ts'
import { Refusal } from '../core/refusal.ts'
import { grantSecret, type Session } from '../identity/session.ts'
import { makeGrant } from './grant.ts'
import type { Key } from './reading.ts'

/** Readings of one session of the portal: somebody who looks at their own, again and again. */
const mostReadings = 2_000

/** Too short a rest for a whole answer: a new grant is made. */
const shortest = '10 seconds'

/** Grants that the keeper does not know yet, by the sessions they are made for. */
const making = new Map<string, Promise<Key>>()

/**
 * The grant under which a customer reads their own in this session: everything held about them, in a record of theirs that
 * rests as well, for the purpose `access` (GDPR 15). Made at the first need, once for all requests of a page, and it ends with the session.
 */
export async function portalGrant(house: House, session: Session): Promise<Key> {
  for (;;) {
    const live = await findLive(house, session)
    const begun = making.get(session.id)
    if (live === null && begun === undefined) return make(house, session)
    // A row is there before the grant counts; and what is being made may not cover what has come since.
    await begun
    if (live !== null) return live
  }
}

async function findLive(house: House, session: Session): Promise<Key | null> {
  // One that does not cover a compartment of today, of an import since then, would hide it; so would one from before a merge.
  const live = await house.database.maybe<{ id: string }>(
    `select id from grants
      where session = $1 and kind = 'portal' and ended_at is null
        and until > clock_timestamp() + $2::interval
        and compartments @> array(select compartment from slot
                                   where subject = $3 or subject in (select rests from merge where stays = $3))
        and not exists (select 1 from merge m
                         where m.stays = $3
                           and not exists (select 1 from grant_subject gs
                                            where gs.grant_id = grants.id and gs.subject = m.rests))
      order by until desc limit 1`,
    [session.id, shortest, session.subject],
  )
  return live === null ? null : { grant: live.id, secret: grantSecret(session.token, live.id) }
}

function make(house: House, session: Session): Promise<Key> {
  const made = makeOwn(house, session).finally(() => making.delete(session.id))
  making.set(session.id, made)
  return made
}

async function makeOwn(house: House, session: Session): Promise<Key> {
  const two = await findMerge(house.database, session.subject)
  const subjects = [session.subject, ...(two === null ? [] : [two.rests])]
  const slots = await house.database.query<{ compartment: string }>(
    `select distinct compartment from slot where subject = any ($1) order by compartment`,
    [subjects],
  )
  if (slots.length === 0) throw new Refusal('erased', { why: 'no slots' })
  return makeGrant(house, {
    ...{ kind: 'portal', session, actor: session.actor, actorTrail: session.trail, subjects },
    ...{ fields: ['*'], compartments: slots.map(slot => slot.compartment), purpose: 'access' },
    ...{ minutes: minutesLeft(house, session), most: mostReadings },
  })
}

const minutesLeft = (house: House, session: Session): number =>
  Math.max(1, Math.ceil((session.until.getTime() - house.clock.now().getTime()) / 60_000))
