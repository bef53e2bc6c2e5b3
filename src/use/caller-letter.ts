import type { Language } from '../collection/notice.ts'
import type { Mail } from '../core/mail.ts'
import { codeMinutes } from '../identity/code.ts'

const words = {
  en: {
    subject: (organisation: string) => `A code for your conversation with ${organisation}`,
    text: (digits: string, organisation: string) =>
      [
        `Somebody is in contact with ${organisation} and says that they are you. If it is you, tell them this code:`,
        `    ${digits}`,
        `It is valid for ${codeMinutes} minutes and shows that it is you. It lets nobody into your pages.`,
        `If you did not contact ${organisation} yourself, tell it to nobody: without it nothing of yours is opened. Your log says who asked.`,
      ].join('\n\n'),
  },
  it: {
    subject: (organisation: string) => `Un codice per la tua conversazione con ${organisation}`,
    text: (digits: string, organisation: string) =>
      [
        `Qualcuno è in contatto con ${organisation} e dice di essere te. Se sei tu, comunica questo codice:`,
        `    ${digits}`,
        `Vale ${codeMinutes} minuti e mostra che sei tu. Non fa entrare nessuno nelle tue pagine.`,
        `Se non hai contattato tu ${organisation}, non dirlo a nessuno: senza il codice nulla di tuo viene aperto. Il tuo registro dice chi l’ha chiesto.`,
      ].join('\n\n'),
  },
} as const

/** The letter with the code that whoever calls is to say. */
export function callerLetter(language: Language, organisation: string, to: string, digits: string): Mail {
  const { subject, text } = words[language]
  return { to, subject: subject(organisation), text: text(digits, organisation) }
}
