import { applicantBasis, findApplicant, makeApplicant } from '../collection/applicant.ts'
import { findConsent } from '../collection/consent.ts'
import type { Language } from '../collection/notice.ts'
import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { asRefusal } from '../core/http.ts'
import { newId } from '../core/ids.ts'
import { change, isStuck } from '../core/outbox.ts'
import { addressToken, findAddress, lockAddress } from '../identity/address.ts'
import { codeMinutes, makeCode } from '../identity/code.ts'
import { requireOrganisation } from '../identity/organisation.ts'
import { codeLetter } from './code-letter.ts'
import { keep } from './keeping.ts'
import { type Recipient, writeLetter } from './letter.ts'

export interface CodeRequest {
  email: string
  language: Language
}

export interface Requested {
  id: string
  until: Date
}

/**
 * Sends a code to an address, whoever it belongs to: a customer gets it among their messages; anybody else becomes an
 * applicant, or is one already. The answer must never tell which. Refuses `rate_limited` after five codes within an
 * hour for one address, and `search_rebuilding` while it cannot be known whose address it is.
 */
export async function requestCode(house: House, asked: CodeRequest): Promise<Requested> {
  const token = await addressToken(house, 'email', asked.email)
  const organisation = await requireOrganisation(house.database)
  let requested = noCode(house)
  try {
    await change(house, async (tx, note) => {
      await lockAddress(tx, token)
      const { recipient, actor } = await findRecipient(tx, house, token, asked.email)
      if (recipient === null) return
      const code = await makeCode(tx, house, recipient.subject, recipient.slot)
      requested = { id: code.id, until: code.until }
      const mail = codeLetter(asked.language, organisation.name, asked.email, code.digits)
      const letter = await writeUnlessErased(tx, house, recipient, { kind: 'code', until: code.until, mail })
      if (letter === null) return
      await note(recipient.subject, {
        kind: 'code',
        actor,
        result: 'done',
        detail: { code: code.id, letter },
      })
    })
  } catch (error) {
    // Committed, and its entry waits: an answer of its own would tell that the address is known.
    if (!isStuck(error)) throw error
  }
  return requested
}

/**
 * Null for somebody whose keys are destroyed while the database, an older one restored, still knows them. Their code
 * stays and counts, as anybody's does; nobody will ever read it.
 */
async function writeUnlessErased(...letter: Parameters<typeof writeLetter>): Promise<string | null> {
  try {
    return await writeLetter(...letter)
  } catch (error) {
    if (asRefusal(error)?.code !== 'erased') throw error
    return null
  }
}

async function findRecipient(
  tx: Tx,
  house: House,
  token: Buffer,
  email: string,
): Promise<{ recipient: Recipient | null; actor: 'customer' | 'applicant' }> {
  const owner = await findAddress(tx, 'email', token)
  if (owner !== null)
    return { recipient: await customerAsRecipient(tx, owner.subject), actor: 'customer' as const }
  const applicant = await findApplicant(tx, house, token)
  const subject = applicant?.id ?? (await newApplicant(tx, house, token, email))
  const slot = await messagesOf(tx, subject)
  return { recipient: { subject, slot: slot!, basis: applicantBasis }, actor: 'applicant' as const }
}

async function newApplicant(tx: Tx, house: House, token: Buffer, email: string): Promise<string> {
  const applicant = await makeApplicant(tx, house, token)
  const at = house.clock.now().toISOString()
  await keep(tx, house, applicantBasis, applicant.id, applicant.id, {
    email: { value: email, source: 'customer', at },
  })
  return applicant.id
}

async function customerAsRecipient(tx: Tx, subject: string): Promise<Recipient | null> {
  // A withdrawal under way is waited for, and then there is nobody to write to.
  await tx.query('select 1 from subject where id = $1 for update', [subject])
  const basis = await findConsent(tx, subject, 'service')
  const slot = await messagesOf(tx, subject)
  return basis === null || slot === null ? null : { subject, slot, basis }
}

async function messagesOf(database: Queryable, subject: string): Promise<number | null> {
  const row = await database.maybe<{ number: number }>(
    `select number from slot where subject = $1 and compartment = 'messages'`,
    [subject],
  )
  return row?.number ?? null
}

/** The answer where nothing may be sent: it looks like any other, and no code fits it. */
const noCode = (house: House): Requested => ({
  id: newId(),
  until: new Date(house.clock.now().getTime() + codeMinutes * 60_000),
})
