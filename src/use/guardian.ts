import { currentAgeRule } from '../collection/age-rule.ts'
import {
  findGuardianship,
  type Guardian,
  type Guardianship,
  guardianBasis,
  requireTooYoung,
} from '../collection/guardianship.ts'
import type { Language } from '../collection/notice.ts'
import type { House } from '../core/house.ts'
import { newId, newToken, sha256 } from '../core/ids.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { requireOrganisation } from '../identity/organisation.ts'
import type { Session } from '../identity/session.ts'
import { keep, slotFor } from '../storage/keeping.ts'
import { writeLetter } from '../storage/letter.ts'
import { withJobGrant } from './grant.ts'
import { guardianLetter } from './guardian-letter.ts'
import { type Joined, type Joining, joinBy } from './join.ts'
import { masked, readOwnEmail } from './portal-session.ts'
import { read } from './reading.ts'

const hours = 24
/** How many letters one applicant may send, to whatever address: nobody floods a stranger's mailbox. */
const mostLetters = 3

/**
 * Somebody too young to agree names a guardian, who gets a letter with a link: good once, and for as long as the applicant
 * lives. Refuses `invalid` for the applicant's own address (another one of theirs nobody can tell), and `rate_limited` after three.
 */
export async function askGuardian(
  house: House,
  { subject }: Session,
  { email, language }: { email: string; language: Language },
): Promise<Date> {
  const own = await readOwnEmail(house, subject)
  if (own.toLowerCase() === email.toLowerCase())
    throw new Refusal('invalid', { fields: [{ field: 'email', code: 'own_address' }] })
  const { name: organisation } = await requireOrganisation(house.database)
  const least = await requireMinorsTaken(house)
  const now = house.clock.now()
  const [id, token] = [newId(), newToken()]
  return change(house, async (tx, note) => {
    const { made_at } = await tx.one<{ made_at: Date }>(
      'select made_at from subject where id = $1 for update',
      [subject],
    )
    const until = new Date(made_at.getTime() + hours * 3_600_000)
    const sent = await tx.query('select 1 from guardian_request where subject = $1', [subject])
    if (sent.length >= mostLetters) throw new Refusal('rate_limited', { why: 'letters to guardians' })
    const slot = await slotFor(tx, subject, 'messages')
    await keep(tx, house, guardianBasis, subject, id, {
      guardian: { value: { email }, source: 'customer', at: now.toISOString() },
    })
    await tx.query(
      'insert into guardian_request (id, subject, slot, hash, made_at, until) values ($1, $2, $3, $4, $5, $6)',
      [id, subject, slot, sha256(token), now, until],
    )
    // After the #, so that no server on the way is told.
    const about = { organisation, address: `${house.publicUrl}/guardian#${token}` }
    const mail = guardianLetter(language, email, about, masked(own), least)
    const basis = { fields: ['letter'] }
    const letter = await writeLetter(tx, house, { subject, slot, basis }, { kind: 'guardian', until, mail })
    const detail = { request: id, letter }
    await note(subject, { kind: 'guardian.request', actor: 'applicant', result: 'done', detail })
    return until
  })
}

/** From which age people agree for themselves. Refuses `conflict` for a company that takes nobody below 18, by whomever. */
async function requireMinorsTaken(house: House): Promise<number> {
  const { least } = await currentAgeRule(house.database)
  if (least === 18) throw new Refusal('conflict', { detail: { reason: 'no_minors' } })
  return least
}

interface Request {
  id: string
  subject: string
  made_at: Date
  until: Date
}

/** What a link asks for. Refuses `not_found` alike for one that is unknown, used or too old. */
export async function findRequest(house: House, token: string): Promise<Request> {
  const found = await house.database.maybe<Request>(
    'select id, subject, made_at, until from guardian_request where hash = $1 and until > $2',
    [sha256(token), house.clock.now()],
  )
  if (found === null) throw new Refusal('not_found', { why: 'no such link' })
  return found
}

export type GuardianJoining = Pick<
  Joining,
  'name' | 'noticeVersion' | 'language' | 'purposes' | 'signal' | 'despiteSignal'
> & { born: string }

/**
 * Whoever reads the guardian's mailbox says that they hold parental responsibility, and agrees for the child, purpose by
 * purpose: the child is a customer then, and this the guardian's session. The link is used up with the applicant. The date of birth
 * is not kept, but the day on which the child is old enough. Refuses `not_found`, `invalid` for who is old enough already, and what
 * `join` refuses.
 */
export async function joinChild(house: House, token: string, joining: GuardianJoining): Promise<Joined> {
  const request = await findRequest(house, token)
  const least = await requireMinorsTaken(house)
  const ofAge = requireTooYoung(house, joining.born, least)
  const { email } = await readGuardianBox(house, request.subject, request.id)
  const { born: _forgotten, ...rest } = joining
  return joinBy(
    house,
    { subject: request.subject, proved: request.made_at, session: null },
    { ...rest, phone: null, saidAge: least, guardian: { email, of_age_on: ofAge } },
  )
}

/** The guardian of a child, as sealed. Refuses `erased` where there is none. */
export async function readGuardian(house: House, subject: string): Promise<Guardian> {
  const guardianship = await findGuardianship(house.database, subject)
  if (guardianship === null) throw new Refusal('erased', { why: 'no guardian' })
  return readGuardianBox(house, subject, guardianship.row)
}

async function readGuardianBox(house: House, subject: string, row: string): Promise<Guardian> {
  const wanted = { fields: ['guardian'], compartments: ['messages'], purpose: 'guardian' }
  return withJobGrant(house, { ...wanted, subjects: [subject], minutes: 1, most: 1 }, async grant => {
    const [box] = await read(house, grant, subject, { ...wanted, rows: [row] })
    const guardian = box?.values.guardian?.value
    if (guardian === undefined) throw new Refusal('erased', { why: 'no guardian' })
    return guardian as Guardian
  })
}

/** How a guardianship stands, as both of them see it: the guardian's address is hidden but for its first letter. */
export async function showGuardianship(house: House, session: Session) {
  const found = await findGuardianship(house.database, session.subject)
  if (found === null) throw new Refusal('not_found')
  const { email } = await readGuardian(house, session.subject)
  return { ...shownTimes(found), email: masked(email) }
}

const shownTimes = ({ since, of_age_at, lapse_at }: Guardianship) => ({
  since: since.toISOString(),
  of_age_at: of_age_at?.toISOString() ?? null,
  lapse_at: lapse_at?.toISOString() ?? null,
})
