import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { addJob, type JobIds, type Jobs } from '../core/jobs.ts'
import { writeToCustomer } from './customer-letter.ts'

/** What the letter is about. */
export type MergeNews = 'merged' | 'undone' | 'completed'

const words = {
  en: {
    merged: {
      subject: (organisation: string) => `Your two records at ${organisation} are one now`,
      text: (url: string) => [
        'Somebody who proved to have both of them made your two records one. Both addresses sign in to the one that stays.',
        'For 30 days this can be undone, and then both are as they were. After that the other record is erased.',
        `If it was not you, sign in and undo it under “My data”: ${url}`,
      ],
    },
    undone: {
      subject: (organisation: string) => `Your two records at ${organisation} are two again`,
      text: (url: string) => [
        'Your two records are two again, each as it was. Everybody who was signed in to one of them was signed out.',
        `If it was not you, sign in and look at what we keep: ${url}`,
      ],
    },
    completed: {
      subject: (organisation: string) => `Your other record at ${organisation} is erased`,
      text: (url: string) => [
        'The 30 days are over in which you could undo that your two records became one. The other record is erased, with its address: sign in with the address that this letter was sent to.',
        `What we keep: ${url}`,
      ],
    },
  },
  it: {
    merged: {
      subject: (organisation: string) => `Le tue due schede da ${organisation} ora sono una`,
      text: (url: string) => [
        'Qualcuno che ha dimostrato di averle entrambe ha unito le tue due schede. Con entrambi gli indirizzi si entra in quella che resta.',
        'Per 30 giorni si può annullare, e allora entrambe tornano com’erano. Dopo, l’altra scheda viene cancellata.',
        `Se non sei stato tu, entra e annulla in «I miei dati»: ${url}`,
      ],
    },
    undone: {
      subject: (organisation: string) => `Le tue due schede da ${organisation} sono di nuovo due`,
      text: (url: string) => [
        'Le tue due schede sono di nuovo due, ciascuna com’era. Chiunque fosse entrato in una delle due è stato fatto uscire.',
        `Se non sei stato tu, entra e guarda che cosa conserviamo: ${url}`,
      ],
    },
    completed: {
      subject: (organisation: string) => `La tua altra scheda da ${organisation} è cancellata`,
      text: (url: string) => [
        'Sono passati i 30 giorni in cui potevi annullare l’unione delle tue due schede. L’altra scheda è cancellata, con il suo indirizzo: entra con l’indirizzo a cui è arrivata questa lettera.',
        `Che cosa conserviamo: ${url}`,
      ],
    },
  },
} as const

/** Has each of these records written to, by a job of its own. */
export async function tellOfMerge(
  tx: Tx,
  records: readonly { subject: string }[],
  news: MergeNews,
): Promise<void> {
  for (const { subject } of records) await addJob(tx, 'merge.letter', { subject, news })
}

/** Writes to the address of one record what became of it. */
const writeMergeLetter = (house: House, subject: string, news: MergeNews): Promise<void> =>
  writeToCustomer(house, subject, 'merge', (to, language, organisation) => {
    const said = words[language][news]
    return { to, subject: said.subject(organisation), text: said.text(house.publicUrl).join('\n\n') }
  })

export const mergeLetterJobs = (house: House): Jobs => ({
  'merge.letter': {
    entry: 'reading',
    work: async ({ subject = '', news }: JobIds) => {
      if (news === 'merged' || news === 'undone' || news === 'completed')
        await writeMergeLetter(house, subject, news)
    },
  },
})
