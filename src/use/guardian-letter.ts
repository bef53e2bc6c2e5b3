import type { Language } from '../collection/notice.ts'
import type { Mail } from '../core/mail.ts'

interface About {
  organisation: string
  /** Where the link leads. */
  address: string
}

const words = {
  en: {
    asked: {
      subject: ({ organisation }: About) => `A young person asks for you: ${organisation}`,
      text: ({ organisation, address }: About, child: string, least: number) => [
        `Whoever reads ${child} would like to join ${organisation}, is younger than ${least}, and has named you as somebody who holds parental responsibility for them.`,
        'If you do, you can see what it is about, and agree to it or not, purpose by purpose, here:',
        address,
        'The link is good once, for a day. If you do nothing, or do not know who this is, nobody joins, and both addresses are destroyed within a day.',
      ],
    },
    ofAge: {
      subject: ({ organisation }: About) => `You decide for yourself now: ${organisation}`,
      text: ({ organisation, address }: About, until: string) => [
        `You are old enough now to agree for yourself at ${organisation}. What your guardian agreed to stands until ${until}. Whatever you have not agreed to yourself by then ends, and if that is the service itself, all your data is destroyed.`,
        'Sign in and decide:',
        address,
        'Your guardian can no longer look at your data.',
      ],
    },
  },
  it: {
    asked: {
      subject: ({ organisation }: About) => `Una persona minorenne chiede di te: ${organisation}`,
      text: ({ organisation, address }: About, child: string, least: number) => [
        `Chi legge ${child} vorrebbe iscriversi a ${organisation}, ha meno di ${least} anni e ti ha indicato come titolare della responsabilità genitoriale.`,
        'Se lo sei, puoi vedere di che cosa si tratta e acconsentire o no, una finalità alla volta, qui:',
        address,
        'Il link vale una volta sola, per un giorno. Se non fai nulla, o non sai chi sia, nessuno si iscrive ed entrambi gli indirizzi vengono distrutti entro un giorno.',
      ],
    },
    ofAge: {
      subject: ({ organisation }: About) => `Ora decidi tu: ${organisation}`,
      text: ({ organisation, address }: About, until: string) => [
        `Ora hai l’età per acconsentire da te presso ${organisation}. I consensi dati da chi esercita la responsabilità genitoriale valgono fino al ${until}. Ciò a cui non avrai acconsentito tu entro allora finisce, e se è il servizio stesso tutti i tuoi dati vengono distrutti.`,
        'Accedi e decidi:',
        address,
        'Chi ha acconsentito per te non può più vedere i tuoi dati.',
      ],
    },
  },
} as const

/** The letter that asks somebody to agree for a child: `child` is the child's address, hidden but for its first letter. */
export function guardianLetter(
  language: Language,
  to: string,
  about: About,
  child: string,
  least: number,
): Mail {
  const { subject, text } = words[language].asked
  return { to, subject: subject(about), text: text(about, child, least).join('\n\n') }
}

/** The letter that tells a child that they are old enough: `until` is a day. */
export function ofAgeLetter(language: Language, to: string, about: About, until: string): Mail {
  const { subject, text } = words[language].ofAge
  return { to, subject: subject(about), text: text(about, until).join('\n\n') }
}
