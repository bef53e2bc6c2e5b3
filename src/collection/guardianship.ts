import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { Refusal } from '../core/refusal.ts'

/** The law's own basis for keeping a guardian's address and until when they answer for a child (GDPR 8(2), 7(1)). */
export const guardianBasis = { fields: ['guardian'] } as const

/** What is sealed of it: an e-mail address, and the day on which the child is old enough. */
export interface Guardian {
  email: string
  of_age_on: string
}

/** That a guardian has agreed for a child. From `of_age_at` on they do no more, and what they agreed to lapses at `lapse_at`. */
export interface Guardianship {
  subject: string
  /** Of the box of the `Guardian`. */
  row: string
  since: Date
  look_at: Date
  of_age_at: Date | null
  lapse_at: Date | null
}

const day = 86_400_000
/** So often it is looked whether a child is old enough by now, besides each time their guardian signs in. */
const daysToLook = 7
/** For so long what a guardian agreed to stands when the child is old enough, unless they agree themselves. */
export const daysToTakeOver = 30

const columns = 'subject, row, since, look_at, of_age_at, lapse_at'

export const findGuardianship = (database: Queryable, subject: string): Promise<Guardianship | null> =>
  database.maybe<Guardianship>(`select ${columns} from guardianship where subject = $1`, [subject])

/** Those for which it is time to look whether the child is old enough. */
export const guardianshipsToLookAt = (database: Queryable, now: Date): Promise<Guardianship[]> =>
  database.query<Guardianship>(
    `select ${columns} from guardianship where of_age_at is null and look_at <= $1 order by look_at limit 100`,
    [now],
  )

/** Those whose child was old enough long ago and has not taken everything over. */
export const guardianshipsOver = (database: Queryable, now: Date): Promise<Guardianship[]> =>
  database.query<Guardianship>(
    `select ${columns} from guardianship where lapse_at <= $1 order by lapse_at limit 100`,
    [now],
  )

/** Writes that a guardian answers for a child from now on, who has a slot of this number for messages. */
export async function addGuardianship(
  tx: Tx,
  house: House,
  { subject, slot, row }: { subject: string; slot: number; row: string },
): Promise<void> {
  const now = house.clock.now()
  await tx.query(
    'insert into guardianship (subject, slot, row, since, look_at) values ($1, $2, $3, $4, $5)',
    [...[subject, slot, row, now, new Date(now.getTime() + daysToLook * day)]],
  )
}

export async function lookAgain(database: Queryable, house: House, subject: string): Promise<void> {
  await database.query('update guardianship set look_at = $2 where subject = $1', [
    subject,
    new Date(house.clock.now().getTime() + daysToLook * day),
  ])
}

/** Ends what a guardian may do: from the commit on no session of theirs is one. Null when it had ended before. */
export async function endGuardian(tx: Tx, house: House, subject: string): Promise<Date | null> {
  const now = house.clock.now()
  const lapse = new Date(now.getTime() + daysToTakeOver * day)
  const ended = await tx.maybe(
    'update guardianship set of_age_at = $2, lapse_at = $3 where subject = $1 and of_age_at is null returning 1',
    [subject, now, lapse],
  )
  return ended === null ? null : lapse
}

/** Whether a guardian answers for them now. */
export async function guardianAnswers(database: Queryable, subject: string): Promise<boolean> {
  const guardianship = await findGuardianship(database, subject)
  return guardianship !== null && guardianship.of_age_at === null
}

/** Refuses `guardian_needed` for whoever agrees for themselves while a guardian answers for them. */
export async function requireGiver(
  database: Queryable,
  subject: string,
  givenBy: 'guardian' | null,
): Promise<void> {
  const byGuardian = await guardianAnswers(database, subject)
  if (byGuardian !== (givenBy === 'guardian')) throw new Refusal('guardian_needed')
}

/**
 * The day on which somebody born on this day (both `YYYY-MM-DD`) is so many years old. Of the 29th of February it is the 1st of
 * March in other years: never a day too early.
 */
export function dayOfAge(born: string, years: number): string {
  const [year = 0, month = 1, date = 1] = born.split('-').map(Number)
  return new Date(Date.UTC(year + years, month - 1, date)).toISOString().slice(0, 10)
}

/**
 * The day on which a child of this day of birth is old enough. Refuses `invalid` for who is old enough today (`old_enough`), and
 * for a day to come.
 */
export function requireTooYoung(house: House, born: string, least: number): string {
  const today = house.clock.now().toISOString().slice(0, 10)
  const ofAge = dayOfAge(born, least)
  const code = born > today ? 'future' : ofAge <= today ? 'old_enough' : null
  if (code !== null) throw new Refusal('invalid', { fields: [{ field: 'born', code }] })
  return ofAge
}
