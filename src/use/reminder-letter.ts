import type { Language } from '../collection/notice.ts'
import type { Mail } from '../core/mail.ts'

const words = {
  en: {
    subject: (organisation: string) => `Is it still right? ${organisation}`,
    text: (address: string, organisation: string) =>
      [
        `Some of what you have told ${organisation} is to be confirmed: please sign in and say whether it is still right.`,
        address,
        'This letter is sent once. If you do nothing, nothing is deleted; it is then no longer taken as confirmed.',
      ].join('\n\n'),
  },
  it: {
    subject: (organisation: string) => `È ancora giusto? ${organisation}`,
    text: (address: string, organisation: string) =>
      [
        `Alcune cose che hai detto a ${organisation} vanno confermate: accedi e dicci se sono ancora giuste.`,
        address,
        'Questa lettera viene inviata una sola volta. Se non fai nulla, nulla viene cancellato; non vale più come confermato.',
      ].join('\n\n'),
  },
} as const

/** The letter that asks to confirm. A mailbox is no secret place: it names no field. */
export function reminderLetter(language: Language, organisation: string, to: string, address: string): Mail {
  const { subject, text } = words[language]
  return { to, subject: subject(organisation), text: text(address, organisation) }
}
