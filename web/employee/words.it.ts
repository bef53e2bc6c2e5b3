import { documentWords } from './document-words.it.ts'
import { evidence } from './evidence-words.it.ts'
import { find } from './find-words.it.ts'
import { outcomes } from './outcome-words.it.ts'
import { pair } from './pair-words.it.ts'
import type { WorkWords } from './words.en.ts'

export const words: WorkWords = {
  // In a task the reader is not the one who told it.
  source: {
    customer: 'detto dal cliente',
    import: 'dai registri precedenti dell’azienda',
    employee: 'annotato da un impiegato',
    company: 'l’azienda',
    provider: 'un fornitore esterno di prove d’identità',
    shop: 'il negozio',
  },
  work: {
    find,
    pair,
    documents: documentWords,
    evidence,
    tasks: 'Compiti',
    tasksLead:
      'Qui vedi compiti, non clienti. Prendere un compito apre ciò che gli serve, per il tempo che gli serve.',
    tabs: 'Quali compiti',
    tab: { open: 'Aperti', mine: 'Miei', closed: 'Chiusi' },
    column: { task: 'Compito', customer: 'Cliente', made: 'Chiesto', due: 'Scadenza', act: 'Azione' },
    empty: {
      open: 'Nessun compito in attesa',
      openText: 'Le nuove domande dei clienti compaiono qui.',
      mine: 'Non hai preso compiti',
      mineText: 'Prendine uno fra quelli aperti.',
      closed: 'Nessun tuo compito è stato chiuso negli ultimi 30 giorni',
      closedText: 'Di un compito chiuso restano solo il tipo e l’ora: il suo cliente ti è precluso.',
    },
    take: 'Prendi',
    takeTask: 'Prendi il compito su {{alias}}',
    openTask: 'Apri',
    openTaskOf: 'Apri il compito su {{alias}}',
    reopen: 'Apri di nuovo i campi',
    gone: {
      title: 'Questo compito non è tuo',
      text: 'Può essere chiuso, preso da altri, chiarito dal suo cliente, o il cliente se n’è andato. Ciò che ne potevi vedere è chiuso.',
      back: 'Torna ai compiti',
    },
    task: {
      title: '{{type}} · {{alias}}',
      due: 'Scadenza',
      made: 'Chiesto',
      why: {
        title: 'Perché ti è aperto',
        purpose: 'Finalità',
        purposeText: 'Il cliente ha acconsentito a questa finalità: {{purpose}}.',
        type: 'Compito',
        typeText: 'Hai preso un compito di tipo «{{type}}». Apre questi campi e nessun altro: {{fields}}.',
        policy: 'Regola',
        until: 'Fino a',
        untilText: '{{hour}}, {{left}}, oppure finché chiudi il compito.',
        over: 'Il tempo è finito. I campi sono chiusi.',
        trail:
          'La tua lettura è nel registro del cliente: vede il tuo nome, questi campi, questo compito e l’ora.',
        closed: 'I campi non sono aperti in questa sessione.',
      },
      fields: 'Ciò che il compito apre',
      none: 'Il cliente non ha dato alcun valore.',
      verified: '{{method}}, {{when}}',
      notVerified: 'non verificato',
      from: 'Da: {{source}}, {{when}}',
      close: 'Chiudi il compito',
      closeText: 'La chiusura termina subito il tuo accesso.',
      outcome: 'Com’è finito?',
      outcomes,
      closedNotice: 'Il compito è chiuso e i campi del cliente ti sono preclusi.',
    },
  },
}
