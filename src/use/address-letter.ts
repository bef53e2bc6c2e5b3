import type { Language } from '../collection/notice.ts'
import type { Mail } from '../core/mail.ts'

interface Words {
  subject: (organisation: string) => string
  text: (organisation: string, link: string) => string[]
}

const changed: Record<Language, Words> = {
  en: {
    subject: organisation => `Your address at ${organisation} was changed`,
    text: (organisation, link) => [
      `From now on you sign in to ${organisation} with another address, and no longer with this one. If you have changed it yourself, you need not do anything.`,
      'If it was not you, open this page and press the button: your account is yours again with this address, and everybody who is signed in to it is put out.',
      link,
      'The link is valid for seven days and works once. Opening it alone does nothing.',
    ],
  },
  it: {
    subject: organisation => `Il tuo indirizzo presso ${organisation} è cambiato`,
    text: (organisation, link) => [
      `Da ora accedi a ${organisation} con un altro indirizzo e non più con questo. Se l’hai cambiato tu, non devi fare nulla.`,
      'Se non sei stato tu, apri questa pagina e premi il pulsante: il tuo account torna tuo con questo indirizzo, e chiunque vi sia entrato ne viene messo fuori.',
      link,
      'Il link vale sette giorni e funziona una sola volta. Aprirlo soltanto non ha alcun effetto.',
    ],
  },
}

const takenBack: Record<Language, Words> = {
  en: {
    subject: organisation => `Your address at ${organisation} was changed back`,
    text: organisation => [
      `Somebody who reads the address with which this account of ${organisation} was signed in to before has taken the change back. This address opens it no longer, and everybody was signed out.`,
      'If you do not know why, speak to us: whoever reads that mailbox can sign in now.',
    ],
  },
  it: {
    subject: organisation => `Il tuo indirizzo presso ${organisation} è tornato quello di prima`,
    text: organisation => [
      `Chi legge l’indirizzo con cui prima si accedeva a questo account di ${organisation} ha annullato il cambio. Questo indirizzo non lo apre più, e tutti sono stati messi fuori.`,
      'Se non sai perché, parlaci: chi legge quella casella ora può accedere.',
    ],
  },
}

const letterOf = (words: Words, organisation: string, to: string, link: string): Mail => ({
  to,
  subject: words.subject(organisation),
  text: words.text(organisation, link).join('\n\n'),
})

/** The letter to the address before, which takes the change back. It does not say what the address is now. */
export const changedLetter = (language: Language, organisation: string, to: string, link: string): Mail =>
  letterOf(changed[language], organisation, to, link)

/** The letter to the address whose change was taken back. */
export const takenBackLetter = (language: Language, organisation: string, to: string): Mail =>
  letterOf(takenBack[language], organisation, to, '')
