import type { Language } from '../collection/notice.ts'
import type { Mail } from '../core/mail.ts'

const words = {
  en: {
    subject: (organisation: string) => `Is this your address? ${organisation}`,
    text: (link: string, organisation: string) =>
      [
        `A customer of ${organisation} has given us this address. If it is yours, open this page and press the button:`,
        link,
        'The link is valid for one day and works once. Opening it alone does nothing.',
        'If you do not know what this is about, you need not do anything.',
      ].join('\n\n'),
  },
  it: {
    subject: (organisation: string) => `È il tuo indirizzo? ${organisation}`,
    text: (link: string, organisation: string) =>
      [
        `Un cliente di ${organisation} ci ha dato questo indirizzo. Se è il tuo, apri questa pagina e premi il pulsante:`,
        link,
        'Il link vale un giorno e funziona una sola volta. Aprirlo soltanto non ha alcun effetto.',
        'Se non sai di che cosa si tratta, non devi fare nulla.',
      ].join('\n\n'),
  },
} as const

/** The letter that carries a link. It names nobody: the address may belong to a stranger. */
export function linkLetter(language: Language, organisation: string, to: string, link: string): Mail {
  const { subject, text } = words[language]
  return { to, subject: subject(organisation), text: text(link, organisation) }
}
