import type { Language } from '../collection/notice.ts'
import type { Mail } from '../core/mail.ts'

const words = {
  en: {
    subject: (organisation: string) => `${organisation} asks whether you want to be its customer`,
    text: (organisation: string, url: string, days: number) =>
      [
        `Your e-mail address stands on a list that ${organisation} has, without a record that you agreed to it. So nothing about you was kept.`,
        'If you want to be a customer, join here. You decide for each purpose yourself, and nothing is agreed to in advance:',
        url,
        `If you do not want it, you need not do anything: this address is destroyed within 24 hours. For ${days} days a keyed fingerprint of it stays, so that you are not written to again.`,
      ].join('\n\n'),
  },
  it: {
    subject: (organisation: string) => `${organisation} ti chiede se vuoi essere suo cliente`,
    text: (organisation: string, url: string, days: number) =>
      [
        `Il tuo indirizzo e-mail sta in un elenco di ${organisation}, senza traccia di un tuo consenso. Perciò di te non è stato conservato nulla.`,
        'Se vuoi essere cliente, iscriviti qui. Decidi tu per ogni scopo, e nulla è già accettato:',
        url,
        `Se non vuoi, non devi fare nulla: questo indirizzo viene distrutto entro 24 ore. Per ${days} giorni ne resta un’impronta cifrata, perché non ti si scriva di nuovo.`,
      ].join('\n\n'),
  },
} as const

/** For so many days an address that was on a list is not asked again. */
export const leadDays = 90

/** The letter that asks a lead to join. It offers and advertises nothing. */
export function leadLetter(language: Language, organisation: string, to: string, publicUrl: string): Mail {
  const { subject, text } = words[language]
  return { to, subject: subject(organisation), text: text(organisation, `${publicUrl}/join`, leadDays) }
}
