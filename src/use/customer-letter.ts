import { findConsent } from '../collection/consent.ts'
import type { Language } from '../collection/notice.ts'
import type { House } from '../core/house.ts'
import type { Mail } from '../core/mail.ts'
import { requireOrganisation } from '../identity/organisation.ts'
import { slotFor } from '../storage/keeping.ts'
import { type Letter, writeLetter } from '../storage/letter.ts'
import { type Wanted, withJobGrant } from './grant.ts'
import { read } from './reading.ts'

/** A letter is tried for so long. */
const days = 7

type LetterTo = (to: string, language: Language, organisation: string) => Mail

/**
 * Writes to the address of one customer, also of one whose record rests: whoever reads its address must hear of it. Not to whom has
 * left, has no address, or does not agree to letters. After a crash it may be written twice, never be lost.
 */
export async function writeToCustomer(
  house: House,
  subject: string,
  kind: Letter['kind'],
  letterTo: LetterTo,
): Promise<void> {
  const consent = await findConsent(house.database, subject, 'service')
  if (consent === null || !['email', 'letter'].every(field => consent.fields.includes(field))) return
  const to = await readAddress(house, subject, { purpose: 'service', minutes: 5, most: 1 })
  if (to === null) return
  const { name } = await requireOrganisation(house.database)
  const mail = letterTo(to, consent.language ?? 'en', name)
  const until = new Date(house.clock.now().getTime() + days * 86_400_000)
  await house.database.transaction(async tx => {
    // A withdrawal under way is waited for, and then there is nobody to write to.
    await tx.query('select 1 from subject where id = $1 for update', [subject])
    if ((await findConsent(tx, subject, 'service')) === null) return
    const slot = await slotFor(tx, subject, 'messages')
    await writeLetter(tx, house, { subject, slot, basis: consent }, { kind, until, mail })
  })
}

/** Where a customer is written to, or null; the reading is in their log, and opens nothing else. */
export async function readAddress(
  house: House,
  subject: string,
  about: Pick<Wanted, 'purpose' | 'task' | 'minutes' | 'most'>,
): Promise<string | null> {
  const wanted = { ...about, subjects: [subject], fields: ['email'], compartments: ['contact'] }
  return withJobGrant(house, wanted, async grant => {
    const [box] = await read(house, grant, subject, { ...wanted, rows: [subject] })
    const address = box?.values.email?.value
    return typeof address === 'string' ? address : null
  })
}
