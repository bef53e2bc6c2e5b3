import type { PurposeCode } from './purpose.ts'

/** What the customer is shown before they agree. `{organisation}` stands for the name of the company. */
export interface NoticeText {
  title: string
  introduction: string
  sections: { heading: string; paragraphs: string[] }[]
  purposes: Record<PurposeCode, { title: string; why: string; kept: string }>
}

const english: NoticeText = {
  title: 'Your data at {organisation}',
  introduction:
    'Before you join, here is what {organisation} would like to know about you, why, and what you can do about it. Your data belongs to you: you can look at it, take it with you, and leave at any time.',
  sections: [
    {
      heading: 'Who we are',
      paragraphs: [
        '{organisation} decides why and how your data is used and answers to you for it (it is the controller in the words of the General Data Protection Regulation).',
        'From this portal you can ask us about a delivery.',
      ],
    },
    {
      heading: 'What we keep and why',
      paragraphs: [
        'Your name, your e-mail address and, if you wish, your telephone number, so that we can serve you. What you buy from us, so that we can answer when you ask about it. The messages we exchange. Whatever else we ask is named beside the agreement it is for.',
        'We keep them only because you agree, and only for what you agree to. You choose each purpose separately; the one for offers is up to you and changes nothing about our service.',
        'To prove that the e-mail address is yours we send a code to it. If you do not join, the address is destroyed within 24 hours.',
      ],
    },
    {
      heading: 'Who sees it',
      paragraphs: [
        'Your data is stored locked. One of our staff can open it only for a task that concerns you, such as a question of yours; only the items that the task needs; and only for a limited time.',
        'Every time somebody reads your data it is written down, before they see it, in a record that cannot be changed afterwards. You can read in this portal who read what, when and for which task.',
        'We pass your data to nobody else, except that an e-mail to you travels through our mail service.',
      ],
    },
    {
      heading: 'How long',
      paragraphs: [
        'As long as you stay with us. When you leave, your data is destroyed by destroying the keys that open it, which reaches our backups too.',
        'What the law obliges us to keep, such as an invoice, is written when it is issued, holds only what the law names, and stays under a lock of its own until the law’s time is over, also when you leave. You can see each such document here, with its law and its last day, and after you have left with the link of your receipt.',
        'The record of who read your data stays locked for 12 months after you leave, so that we can account for what we did, and is then destroyed as well.',
      ],
    },
    {
      heading: 'Your rights, and how to leave',
      paragraphs: [
        'You can see everything we hold about you, correct what you gave us, and download it. The law also lets you have the rest corrected or restricted and object to a use: for that, turn to us directly, since this portal does not do it yet.',
        'You can take back your agreement at any time, as easily as you gave it: each one that you can join without by itself, or all of it by leaving. Leaving is one page in this portal; you receive a receipt with proof that anyone can check. What was done before you took your agreement back stays lawful.',
        'If you think we do something wrong you can complain to the data protection authority of your country.',
      ],
    },
  ],
  purposes: {
    service: {
      title: 'Serving you',
      why: 'To know who you are, to deliver what you buy and to answer your questions.',
      kept: 'Until you leave.',
    },
    offers: {
      title: 'Offers that fit you',
      why: 'To choose, from what you bought, the few offers you may want, and to write to you about them. You can join without it.',
      kept: 'Until you take this back or leave.',
    },
    payment: {
      title: 'Paying with what you keep here',
      why: 'To charge what you order, or pay you back, with the account or card you tell us. It is sealed in your browser before it is sent. You can join without it.',
      kept: 'Until you take this back or leave.',
    },
    care: {
      title: 'Taking your health into account',
      why: 'To serve you without harm to your health: what you tell us of it is used for nothing else, is sealed in your browser before it is sent, and is read only for a task that needs it. You can join without it.',
      kept: 'Until you take this back or leave.',
    },
  },
}

const italian: NoticeText = {
  title: 'I tuoi dati presso {organisation}',
  introduction:
    'Prima di iscriverti, ecco che cosa {organisation} vorrebbe sapere di te, perché, e che cosa puoi fare tu. I tuoi dati sono tuoi: puoi vederli, portarli con te e andartene quando vuoi.',
  sections: [
    {
      heading: 'Chi siamo',
      paragraphs: [
        '{organisation} decide perché e come i tuoi dati vengono usati e te ne risponde (è il titolare del trattamento, nelle parole del Regolamento generale sulla protezione dei dati).',
        'Da questo portale puoi chiederci notizie di una consegna.',
      ],
    },
    {
      heading: 'Che cosa conserviamo e perché',
      paragraphs: [
        'Il tuo nome, il tuo indirizzo e-mail e, se vuoi, il tuo numero di telefono, per poterti servire. Quello che acquisti da noi, per risponderti quando ce ne chiedi notizia. I messaggi che ci scambiamo.',
        'Li conserviamo solo perché sei d’accordo, e solo per ciò su cui sei d’accordo. Scegli ogni finalità separatamente; quella delle offerte dipende da te e non cambia nulla nel nostro servizio.',
        'Per verificare che l’indirizzo e-mail sia tuo ti inviamo un codice. Se non ti iscrivi, l’indirizzo viene distrutto entro 24 ore.',
      ],
    },
    {
      heading: 'Chi li vede',
      paragraphs: [
        'I tuoi dati sono conservati sotto chiave. Chi lavora per noi può aprirli solo per un’attività che ti riguarda, per esempio una tua domanda; solo le voci che servono a quell’attività; e solo per un tempo limitato.',
        'Ogni volta che qualcuno legge i tuoi dati, la lettura viene annotata, prima che li veda, in un registro che non si può modificare. In questo portale puoi vedere chi ha letto che cosa, quando e per quale attività.',
        'Non passiamo i tuoi dati a nessun altro, salvo che un’e-mail diretta a te viaggia attraverso il nostro servizio di posta.',
      ],
    },
    {
      heading: 'Per quanto tempo',
      paragraphs: [
        'Finché resti con noi. Quando te ne vai, i tuoi dati vengono distrutti distruggendo le chiavi che li aprono, e questo vale anche per le nostre copie di sicurezza.',
        'Ciò che la legge ci obbliga a conservare, come una fattura, è scritto quando viene emesso, contiene solo ciò che la legge indica e resta sotto una chiave propria finché la legge lo impone, anche se te ne vai. Puoi vedere qui ogni documento, con la sua legge e il suo ultimo giorno, e dopo che te ne sei andato con il link della tua ricevuta.',
        'Il registro di chi ha letto i tuoi dati resta sotto chiave per 12 mesi dopo che te ne sei andato, perché possiamo rendere conto di ciò che abbiamo fatto, e poi viene distrutto anch’esso.',
      ],
    },
    {
      heading: 'I tuoi diritti, e come andartene',
      paragraphs: [
        'Puoi vedere tutto ciò che conserviamo su di te, correggere ciò che ci hai dato e scaricarlo. La legge ti permette anche di far correggere o limitare il resto e di opporti a un uso: per questo rivolgiti direttamente a noi, perché il portale ancora non lo fa.',
        'Puoi revocare il tuo consenso in qualsiasi momento, con la stessa facilità con cui l’hai dato: ciascuno di quelli facoltativi da solo, oppure tutto, andandotene. Per andartene basta una pagina di questo portale; ricevi una ricevuta con una prova che chiunque può controllare. Ciò che è stato fatto prima della revoca resta lecito.',
        'Se pensi che sbagliamo puoi presentare un reclamo al Garante per la protezione dei dati personali.',
      ],
    },
  ],
  purposes: {
    service: {
      title: 'Servirti',
      why: 'Per sapere chi sei, consegnarti ciò che acquisti e rispondere alle tue domande.',
      kept: 'Finché non te ne vai.',
    },
    offers: {
      title: 'Offerte su misura per te',
      why: 'Per scegliere, da ciò che hai acquistato, le poche offerte che potrebbero interessarti, e scrivertene. Puoi iscriverti anche senza.',
      kept: 'Finché non revochi questo consenso o te ne vai.',
    },
    payment: {
      title: 'Pagare con ciò che conservi qui',
      why: 'Per addebitarti ciò che ordini, o rimborsarti, sul conto o sulla carta che ci indichi. I dati sono sigillati nel tuo browser prima di essere inviati. Puoi iscriverti anche senza.',
      kept: 'Finché non revochi questo consenso o te ne vai.',
    },
    care: {
      title: 'Tenere conto della tua salute',
      why: 'Per servirti senza danno alla tua salute: ciò che ci dici non serve a nient’altro, è sigillato nel tuo browser prima di essere inviato ed è letto solo per un compito che lo richiede. Puoi iscriverti anche senza.',
      kept: 'Finché non revochi questo consenso o te ne vai.',
    },
  },
}

/** By which law a kind of document is kept, and for how long, as the notice tells it. */
export const basisSentence = {
  en: (name: string, law: string, years: number, from: 'issue' | 'year_end') =>
    `${name}: ${years} ${years === 1 ? 'year' : 'years'} from ${from === 'issue' ? 'the day of issue' : 'the end of the year of issue'} (${law}).`,
  it: (name: string, law: string, years: number, from: 'issue' | 'year_end') =>
    `${name}: ${years} ${years === 1 ? 'anno' : 'anni'} ${from === 'issue' ? 'dal giorno dell’emissione' : 'dalla fine dell’anno di emissione'} (${law}).`,
} as const

/** For how many months the values of a field are kept, as the notice tells it. */
export const monthsSentence = {
  en: (label: string, months: number) =>
    `${label}: destroyed ${months} ${months === 1 ? 'month' : 'months'} after you gave it or last confirmed it. You are told 30 days before, and keep it by saying that it is still right.`,
  it: (label: string, months: number) =>
    `${label}: distrutto ${months} ${months === 1 ? 'mese' : 'mesi'} dopo che l’hai dato o confermato l’ultima volta. Ti avvisiamo 30 giorni prima, e resta se dici che è ancora giusto.`,
} as const

export const noticeTexts = { en: english, it: italian } as const
