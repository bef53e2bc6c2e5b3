import type { Language } from '../collection/notice.ts'
import type { Mail } from '../core/mail.ts'
import { codeMinutes } from '../identity/code.ts'

const words = {
  en: {
    subject: (organisation: string) => `A code to prove this address: ${organisation}`,
    text: (digits: string, organisation: string) =>
      [
        `A customer of ${organisation} has given us this address. If that was you, type this code on the page where you are:`,
        `    ${digits}`,
        `It is valid for ${codeMinutes} minutes and works once. Nobody from ${organisation} will ever ask you for it. Give it to nobody: it may make this address the way into somebody else’s account.`,
        'If you do not know what this is about, you need not do anything.',
      ].join('\n\n'),
  },
  it: {
    subject: (organisation: string) => `Un codice per provare questo indirizzo: ${organisation}`,
    text: (digits: string, organisation: string) =>
      [
        `Un cliente di ${organisation} ci ha dato questo indirizzo. Se sei tu, scrivi questo codice nella pagina in cui ti trovi:`,
        `    ${digits}`,
        `Vale ${codeMinutes} minuti e funziona una sola volta. Nessuno di ${organisation} te lo chiederà mai. Non darlo a nessuno: potrebbe fare di questo indirizzo l’accesso all’account di un altro.`,
        'Se non sai di che cosa si tratta, non devi fare nulla.',
      ].join('\n\n'),
  },
} as const

/** The letter with a code for an address that is to be proved. It names nobody: the address may belong to a stranger. */
export function channelLetter(language: Language, organisation: string, to: string, digits: string): Mail {
  const { subject, text } = words[language]
  return { to, subject: subject(organisation), text: text(digits, organisation) }
}
