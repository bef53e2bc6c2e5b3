import type { Language } from '../collection/notice.ts'
import type { Mail } from '../core/mail.ts'
import { codeMinutes } from '../identity/code.ts'

const words = {
  en: {
    subject: (organisation: string) => `Your code for ${organisation}`,
    text: (digits: string, organisation: string) =>
      [
        `Your code for ${organisation} is:`,
        `    ${digits}`,
        `It is valid for ${codeMinutes} minutes and works once. Nobody from ${organisation} will ever ask you for it.`,
        'If you did not ask for a code, you need not do anything: without it nobody gets in, and an address that does not join is destroyed within 24 hours.',
      ].join('\n\n'),
  },
  it: {
    subject: (organisation: string) => `Il tuo codice per ${organisation}`,
    text: (digits: string, organisation: string) =>
      [
        `Il tuo codice per ${organisation} è:`,
        `    ${digits}`,
        `Vale ${codeMinutes} minuti e funziona una sola volta. Nessuno di ${organisation} te lo chiederà mai.`,
        'Se non hai chiesto un codice, non devi fare nulla: senza il codice nessuno entra, e un indirizzo che non si iscrive viene distrutto entro 24 ore.',
      ].join('\n\n'),
  },
} as const

/** The letter that carries a sign-in code. It says the same to a customer and to somebody who is not one. */
export function codeLetter(language: Language, organisation: string, to: string, digits: string): Mail {
  const { subject, text } = words[language]
  return { to, subject: subject(organisation), text: text(digits, organisation) }
}
