import { findConsent } from '../collection/consent.ts'
import type { Language } from '../collection/notice.ts'
import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { addJob, type JobIds, type Jobs } from '../core/jobs.ts'
import type { Mail } from '../core/mail.ts'
import { requireOrganisation } from '../identity/organisation.ts'
import { writeLetter } from '../storage/letter.ts'
import { withJobGrant } from './grant.ts'
import { read } from './reading.ts'

const words = {
  en: {
    subject: (organisation: string) => `Are you at ${organisation} twice?`,
    text: (organisation: string, url: string) =>
      [
        `An employee of ${organisation} compared your record with another one and thinks that both are yours.`,
        'Nothing was joined, and nobody sees more because of it. If you keep a second record, you alone can make the two one, under “My data”.',
        `If the other record is not yours, say so under “My data”: ${url}`,
      ].join('\n\n'),
  },
  it: {
    subject: (organisation: string) => `Sei due volte da ${organisation}?`,
    text: (organisation: string, url: string) =>
      [
        `Un impiegato di ${organisation} ha confrontato la tua scheda con un’altra e pensa che siano entrambe tue.`,
        'Nulla è stato unito, e nessuno vede di più per questo. Se hai una seconda scheda, solo tu puoi unirle, in «I miei dati».',
        `Se l’altra scheda non è tua, dillo in «I miei dati»: ${url}`,
      ].join('\n\n'),
  },
} as const

/** A letter is tried for so long. */
const days = 7

/** Has both of a pair written to, each by a job of their own. */
export async function tellBoth(tx: Tx, subjects: readonly string[]): Promise<void> {
  for (const subject of subjects) await addJob(tx, 'duplicate.letter', { subject })
}

/**
 * Writes to one customer that they are taken for one person with another record, of which the letter tells nothing. Not to whom
 * has left, has no address, or does not agree to letters. After a crash it may be written twice, never be lost.
 */
export async function writeDuplicateLetter(house: House, subject: string): Promise<void> {
  const consent = await findConsent(house.database, subject, 'service')
  if (consent === null || !['email', 'letter'].every(field => consent.fields.includes(field))) return
  const to = await readAddress(house, subject)
  if (to === null) return
  const { name } = await requireOrganisation(house.database)
  const mail = mailTo(to, consent.language ?? 'en', name, house.publicUrl)
  const until = new Date(house.clock.now().getTime() + days * 86_400_000)
  await house.database.transaction(async tx => {
    const slot = await messagesOf(tx, subject)
    if (slot !== null)
      await writeLetter(tx, house, { subject, slot, basis: consent }, { kind: 'duplicate', until, mail })
  })
}

function mailTo(to: string, language: Language, organisation: string, url: string): Mail {
  const { subject, text } = words[language]
  return { to, subject: subject(organisation), text: text(organisation, url) }
}

async function readAddress(house: House, subject: string): Promise<string | null> {
  const wanted = { subjects: [subject], fields: ['email'], compartments: ['contact'], purpose: 'service' }
  return withJobGrant(house, { ...wanted, minutes: 5, most: 1 }, async grant => {
    const [box] = await read(house, grant, subject, { ...wanted, rows: [subject] })
    const value = box?.values.email?.value
    return typeof value === 'string' ? value : null
  })
}

/** Locks the customer: a withdrawal under way is waited for, and then there is nobody to write to. */
async function messagesOf(tx: Queryable, subject: string): Promise<number | null> {
  await tx.query('select 1 from subject where id = $1 for update', [subject])
  const row = await tx.maybe<{ number: number }>(
    `select number from slot where subject = $1 and compartment = 'messages'`,
    [subject],
  )
  return row?.number ?? null
}

export const duplicateLetterJobs = (house: House): Jobs => ({
  'duplicate.letter': {
    entry: 'reading',
    work: async ({ subject = '' }: JobIds) => {
      const present = await house.database.maybe('select 1 from customer where id = $1', [subject])
      if (present !== null) await writeDuplicateLetter(house, subject)
    },
  },
})
