import { currentAgeRule } from '../collection/age-rule.ts'
import { findConsent } from '../collection/consent.ts'
import {
  dayOfAge,
  endGuardian,
  findGuardianship,
  type Guardian,
  guardianshipsToLookAt,
  lookAgain,
} from '../collection/guardianship.ts'
import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { change, type Note } from '../core/outbox.ts'
import { requireOrganisation } from '../identity/organisation.ts'
import { slotFor } from '../storage/keeping.ts'
import { writeLetter } from '../storage/letter.ts'
import { endSession, withJobGrant } from './grant.ts'
import { ofAgeLetter } from './guardian-letter.ts'
import { readOwnEmail } from './portal-session.ts'
import { read } from './reading.ts'

/** For so long it is tried to send the letter. */
const daysToSend = 3

/** Looks at every child for whom it is time: once a week for each. */
export async function lookForOfAge(house: House): Promise<void> {
  for (const { subject } of await guardianshipsToLookAt(house.database, house.clock.now())) {
    if (!(await comeOfAge(house, subject))) await lookAgain(house.database, house, subject)
  }
}

/**
 * Looks whether a child is old enough by now, and if so ends what the guardian may do, at once, and asks the child by letter to
 * agree themselves. A date of birth that is held counts before what the guardian said on joining, so that a date that was
 * put right is heeded. Answers whether the guardian's time is over.
 */
export async function comeOfAge(house: House, subject: string): Promise<boolean> {
  const guardianship = await findGuardianship(house.database, subject)
  if (guardianship === null || guardianship.of_age_at !== null) return true
  const ofAge = await readDayOfAge(house, subject, guardianship.row)
  if (ofAge === null || ofAge > house.clock.now().toISOString().slice(0, 10)) return false
  const to = await readOwnEmail(house, subject)
  const { name: organisation } = await requireOrganisation(house.database)
  await change(house, async (tx, note) => {
    await tx.one('select 1 from subject where id = $1 for update', [subject])
    const lapse = await endGuardian(tx, house, subject)
    if (lapse === null) return
    await tellChild(tx, house, note, { subject, to, organisation, lapse })
  })
  // Nobody is in by them from the commit on; their grants end at the keeper with the sessions.
  const sessions = await house.database.query<{ id: string }>(
    'select id from session where subject = $1 and guardian and ended_at is null',
    [subject],
  )
  for (const { id } of sessions) await endSession(house, id, 'system')
  return true
}

async function readDayOfAge(house: House, subject: string, row: string): Promise<string | null> {
  const { least } = await currentAgeRule(house.database)
  const wanted = { fields: ['guardian', 'birth_date'], compartments: ['messages', 'identity'] }
  const grant = { ...wanted, subjects: [subject], purpose: 'guardian', minutes: 1, most: 2 }
  return withJobGrant(house, grant, async key => {
    const boxes = await read(house, key, subject, { ...wanted, rows: [row, subject] })
    const values = Object.assign({}, ...boxes.map(box => box.values))
    const born: unknown = values.birth_date?.value
    if (typeof born === 'string') return dayOfAge(born, least)
    return (values.guardian?.value as Guardian | undefined)?.of_age_on ?? null
  })
}

async function tellChild(
  tx: Tx,
  house: House,
  note: Note,
  { subject, to, organisation, lapse }: { subject: string; to: string; organisation: string; lapse: Date },
): Promise<void> {
  const basis = await findConsent(tx, subject, 'service')
  if (basis === null) return
  const about = { organisation, address: house.publicUrl }
  const mail = ofAgeLetter(basis.language ?? 'en', to, about, lapse.toISOString().slice(0, 10))
  const until = new Date(house.clock.now().getTime() + daysToSend * 86_400_000)
  const recipient = { subject, slot: await slotFor(tx, subject, 'messages'), basis }
  const letter = await writeLetter(tx, house, recipient, { kind: 'guardian', until, mail })
  const detail = { letter, lapse: lapse.toISOString() }
  await note(subject, { kind: 'guardian.of_age', actor: 'system', result: 'done', detail })
}
