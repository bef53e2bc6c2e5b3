import type { Queryable } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import type { PendingShred } from '../keeper/client.ts'
import { endGrantsAbout, endSessionsOf, isAnybodyIn } from '../use/grant.ts'

/** Why slots are shredded, as the log says it. */
export type Reason =
  | 'withdrawal'
  | 'merge'
  | 'consent'
  | 'applicant'
  | 'trail'
  | 'import'
  | 'statute'
  | 'retention'

/** What the keeper has promised in its log to destroy. */
export type Intent = Omit<PendingShred, 'time'>

export interface Erasing {
  act: string
  subject: string
  /** `customer` or `system`. */
  actor: string
  reason: Reason
  /** The trail is kept: a withdrawal. */
  keepsTrail: boolean
  /** SHA-256 of the link with which the later steps can be read. */
  linkHash?: Buffer
}

interface Person {
  alias: string
  trail: number
  slots: number[]
}

/** For how long the trail of somebody who has left is kept (accountability, GDPR 5(2)); then it is shredded too. */
export const trailMonths = 12

/** Whether an erasure for this reason leaves the trail: the person left, or one of two records that became one did. */
export const keepsTrailFor = (reason: string | null): boolean => reason === 'withdrawal' || reason === 'merge'

/** The day on which a trail kept from `at` on is shredded. */
export function trailEnd(at: Date): Date {
  const end = new Date(at)
  end.setUTCMonth(end.getUTCMonth() + trailMonths)
  // The 29th of February has no partner a year later.
  if (end.getUTCDate() !== at.getUTCDate()) end.setUTCDate(0)
  return end
}

/**
 * Erases a person (DESIGN 4.3): sessions and grants end at the keeper, the intent is in the log and the slots refused,
 * the rows go in one transaction, and the completion is in the log. When it resolves t0 has passed; t1 follows with
 * the next roll. Whatever step is cut off, the same call or `resumeErasures` carries it to its end. Somebody who is
 * gone already is no error.
 */
export async function erase(house: House, erasing: Erasing): Promise<void> {
  const { subject, actor } = erasing
  const [found, pending, anybodyIn] = await Promise.all([
    findPerson(house.database, erasing),
    house.keeper.pendingShreds(),
    isAnybodyIn(house.database, subject),
  ])
  const begun = findBegun(found, pending)
  if (begun !== null) return await carryOut(house, begun)
  if (anybodyIn) {
    await endSessionsOf(house, subject, actor)
    await endGrantsAbout(house, subject, actor)
  }
  // Whoever was in may have had something kept meanwhile.
  const person = anybodyIn ? await findPerson(house.database, erasing) : found
  if (person !== null && person.slots.length > 0) await carryOut(house, await intend(house, erasing, person))
}

/**
 * Erases a customer about whom nothing has changed since the change of this number, and nobody else: false when something
 * has, or they have left. The customer's row is locked until the intent is in the log, so that no change of theirs
 * comes between the look and the promise. Nobody like that is signed in, since signing in is such a change.
 */
export async function eraseUntouched(house: House, erasing: Erasing, lastChange: number): Promise<boolean> {
  const { subject } = erasing
  const intent = await house.database.transaction(async tx => {
    const untouched = await tx.maybe(
      `select 1 from subject s where id = $1 and kind = 'customer' and last_change = $2
          and not exists (select 1 from withdrawal w where w.subject = s.id) for update of s`,
      [subject, lastChange],
    )
    const person = untouched === null ? null : await findPerson(tx, erasing)
    if (person === null || person.slots.length === 0) return null
    // Another process, or one that was cut off, may have promised it already.
    return findBegun(person, await house.keeper.pendingShreds()) ?? intend(house, erasing, person)
  })
  if (intent === null) return false
  await carryOut(house, intent)
  return true
}

const findPerson = (database: Queryable, { subject, keepsTrail }: Erasing) =>
  database.maybe<Person>(
    `select s.alias, s.trail,
            array(select number from slot where subject = s.id and not (compartment = 'trail' and $2)
                   order by number) as slots
       from subject s where s.id = $1`,
    [subject, keepsTrail],
  )

/** An erasure of the same slots that was cut off after its intent: it goes on under its own act. */
function findBegun(person: Person | null, pending: readonly PendingShred[]): Intent | null {
  const wanted = new Set(person?.slots)
  return pending.find(one => one.slots.some(slot => wanted.has(slot))) ?? null
}

async function intend(house: House, erasing: Erasing, person: Person): Promise<Intent> {
  const { act, actor, reason, linkHash } = erasing
  const { alias, trail, slots } = person
  const link = linkHash?.toString('hex') ?? null
  const { index } = await house.keeper.shred({
    ...{ act, actor, slots, reason, subject: { trailSlot: trail, alias } },
    ...(link === null ? {} : { link }),
  })
  return { act, slots, index, reason, link, readable: true }
}

/**
 * Carries an intent of the log out; safe to repeat, also beside another process that does the same. A row written late
 * fails on its foreign key, because the slot rows are gone when the lock is given up.
 */
export async function carryOut(house: House, intent: Intent): Promise<void> {
  // Without what the entry says nobody knows whether a trail is kept, and until when.
  if (!intent.readable) throw new Error(`the log entry ${intent.index} of an erasure cannot be read`)
  for (const grant of await removeRows(house, intent)) await house.keeper.revokeGrant(grant, 'system')
  await house.keeper.completeShred(intent.act)
}

/**
 * The destruction record and the disappearance of the rows, together: one statement. Answers with the grants that ended
 * by it. All that the record says comes from the log, which knows it even where the database has lost the request. The
 * same act in another process meets this one on the link as well as on the act, whichever index is first.
 */
async function removeRows({ database, clock }: House, intent: Intent): Promise<string[]> {
  const t0 = clock.now()
  const keptUntil = keepsTrailFor(intent.reason) ? trailEnd(t0) : null
  const { ended } = await database.one<{ ended: string[] }>(
    `with gone as (select erase_slots($2) as ended),
          slots as (select l.compartment, s.trail from slot l join subject s on s.id = l.subject
                     where l.number = any ($2)),
          -- What was moved or removed before, when an agreement was taken back.
          earlier as (delete from left_slot where number = any ($2) returning compartment),
          record as (insert into erasure (act, slots, compartments, entry, t0, link_hash, trail, kept_until)
            select $1, $2, 
                   array(select compartment from slots union select compartment from earlier order by 1), $3, $4,
                   decode($5, 'hex'), t.trail, case when t.trail is null then null else $6::timestamptz end
              from (values (1)) one
              left join (select distinct trail from slots where $6::timestamptz is not null) t on true
            on conflict do nothing)
     select ended from gone`,
    [intent.act, intent.slots, intent.index, t0, intent.link, keptUntil],
  )
  return ended
}

/**
 * Forgets an applicant wholly, trail included: on joining, or 24 hours after the request. Nothing happens to anybody
 * who is not an applicant (any more).
 */
export async function eraseApplicant(house: House, subject: string): Promise<void> {
  const applicant = await house.database.maybe(
    `select id from subject where id = $1 and kind = 'applicant'`,
    [subject],
  )
  if (applicant === null) return
  await erase(house, { act: newId(), subject, actor: 'system', reason: 'applicant', keepsTrail: false })
}

/** Shreds the trails whose time is over, and with each the last row that was left of that person. */
export async function expireTrails(house: House): Promise<void> {
  const over = await house.database.query<{ subject: string }>(
    `select s.id as subject
       from erasure e join subject s on s.trail = e.trail and s.kind = 'former'
      where e.kept_until <= $1 order by e.kept_until limit 100`,
    [house.clock.now()],
  )
  for (const { subject } of over)
    await erase(house, { act: newId(), subject, actor: 'system', reason: 'trail', keepsTrail: false })
}
