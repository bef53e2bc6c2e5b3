import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { addJob } from '../core/jobs.ts'
import { addAddress, lockAddress, removeAddresses } from '../identity/address.ts'
import { makeSubject, type Subject } from '../identity/subject.ts'

/**
 * The declared basis on which an applicant's values are kept: at their own request, to prove an address before they
 * join (GDPR 6(1)(b)). It ends with their joining and after a day at the latest.
 */
export const applicantBasis = { fields: ['email', 'letter'] } as const

/**
 * The declared basis on which a lead's address is kept: to ask them once whether they want to join, and for nothing else (GDPR 6(1)(f)).
 * It ends like an applicant's.
 */
export const leadBasis = { fields: ['email', 'letter'] } as const

const hour = 3_600_000
const kept = 24 * hour
// A new code must leave somebody an hour to join with.
const reusable = kept - hour

/** The applicant of an address, if one is young enough to still join; null otherwise. The caller has locked the address. */
export function findApplicant(tx: Tx, house: House, token: Buffer): Promise<Applicant | null> {
  return tx.maybe<Applicant>(
    `select s.id, s.alias from address a join subject s on s.id = a.subject
      where a.kind = 'applicant-email' and a.token = $1 and s.made_at > $2`,
    [token, new Date(house.clock.now().getTime() - reusable)],
  )
}

export interface Applicant {
  id: string
  alias: string
}

/**
 * Makes an applicant with slots for an address and for the letters to it, in place of an older one of the same
 * address, and adds the job that shreds it after a day. The caller keeps the address in its box.
 */
export async function makeApplicant(tx: Tx, house: House, token: Buffer): Promise<Subject> {
  const older = await tx.maybe<{ subject: string }>(
    `select subject from address where kind = 'applicant-email' and token = $1`,
    [token],
  )
  if (older !== null) await removeAddresses(tx, older.subject)
  const applicant = await makeSubject(tx, house, 'applicant', ['contact', 'messages'])
  await addAddress(tx, 'applicant-email', token, {
    subject: applicant.id,
    compartment: 'contact',
    slot: applicant.slots.contact!,
  })
  await addApplicantErasure(tx, applicant.id, new Date(house.clock.now().getTime() + kept))
  return applicant
}

/** Adds the job that shreds an applicant, or moves it to another time; without one it is due at once. */
export async function addApplicantErasure(tx: Tx, subject: string, runAt?: Date): Promise<void> {
  const key = `applicant.erasure:${subject}`
  await addJob(tx, 'applicant.erasure', { subject }, runAt === undefined ? { key } : { key, runAt })
}

/**
 * Takes an applicant's address for the customer they become, and locks it; null when they have joined already or are
 * gone, so that a form sent twice makes one customer.
 */
export async function takeApplicant(tx: Tx, id: string): Promise<{ token: Buffer } | null> {
  const found = await tx.maybe<{ token: Buffer }>(
    `select token from address where subject = $1 and kind = 'applicant-email'`,
    [id],
  )
  if (found === null) return null
  await lockAddress(tx, found.token)
  return tx.maybe<{ token: Buffer }>(
    `delete from address where subject = $1 and kind = 'applicant-email' returning token`,
    [id],
  )
}
