import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { addJob } from '../core/jobs.ts'
import type { Mail } from '../core/mail.ts'
import { type Basis, keep } from './keeping.ts'

export interface Letter {
  id: string
  subject: string
  kind: 'address' | 'code' | 'duplicate' | 'guardian' | 'lead' | 'link' | 'merge' | 'reminder'
  made_at: Date
  /** After that it is not sent any more, and its box is removed. */
  until: Date
  sent_at: Date | null
  /** Why it could not be sent, as a code. */
  failure: string | null
}

export interface Recipient {
  subject: string
  /** The slot of the subject's messages. */
  slot: number
  /** A consent that names `letter`, an applicant's own request, or that a lead is asked once. */
  basis: Basis
}

/**
 * Puts a letter into its recipient's messages, sealed, with the jobs that send it and that remove what is left of it
 * when its time is over. Left chapters never send: only the letter's id goes into the job table.
 */
export async function writeLetter(
  tx: Tx,
  house: House,
  recipient: Recipient,
  letter: { kind: Letter['kind']; until: Date; mail: Mail },
): Promise<string> {
  const id = newId()
  const { subject, slot, basis } = recipient
  const now = house.clock.now()
  // The box first: where the keeper refuses it, nothing of the letter is in the transaction.
  await keep(tx, house, basis, subject, id, {
    letter: { value: { ...letter.mail }, source: 'company', at: now.toISOString() },
  })
  await tx.query(
    'insert into letter (id, subject, slot, kind, made_at, until) values ($1, $2, $3, $4, $5, $6)',
    [id, subject, slot, letter.kind, now, letter.until],
  )
  await addJob(tx, 'letter.dispatch', { letter: id })
  await addJob(tx, 'letter.expiry', { letter: id }, { runAt: letter.until })
  return id
}

/** A letter by id, or null: it goes with its recipient. */
export function findLetter(database: Queryable, id: string): Promise<Letter | null> {
  return database.maybe<Letter>(
    'select id, subject, kind, made_at, until, sent_at, failure from letter where id = $1',
    [id],
  )
}

export async function markSent(tx: Tx, house: House, id: string): Promise<void> {
  await tx.query('update letter set sent_at = $2, failure = null where id = $1', [id, house.clock.now()])
}

/** Notes why a letter was not sent: a code, never the words of a mail server, which may echo the address. */
export async function markFailed(tx: Tx, id: string, code: string): Promise<void> {
  await tx.query('update letter set failure = $2 where id = $1 and sent_at is null', [id, code])
}
