import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { addJob, type JobIds, type Jobs } from '../core/jobs.ts'
import { writeToCustomer } from './customer-letter.ts'

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

/** Has both of a pair written to, each by a job of their own. */
export async function tellBoth(tx: Tx, subjects: readonly string[]): Promise<void> {
  for (const subject of subjects) await addJob(tx, 'duplicate.letter', { subject })
}

/** Writes to one customer that they are taken for one person with another record, of which the letter tells nothing. */
const writeDuplicateLetter = (house: House, subject: string): Promise<void> =>
  writeToCustomer(house, subject, 'duplicate', (to, language, organisation) => {
    const said = words[language]
    return { to, subject: said.subject(organisation), text: said.text(organisation, house.publicUrl) }
  })

export const duplicateLetterJobs = (house: House): Jobs => ({
  'duplicate.letter': {
    entry: 'reading',
    work: async ({ subject = '' }: JobIds) => writeDuplicateLetter(house, subject),
  },
})
