import type { OutcomeWords } from './outcome-words.en.ts'

export const outcomes: OutcomeWords = {
  answered: 'Ho risposto',
  no_answer_needed: 'Non serviva una risposta',
  same: 'Sono una sola persona',
  not_same: 'Sono due persone',
  cannot_say: 'Non si può dire',
  proven: 'Due persone hanno visto il documento',
  not_proven: 'La seconda persona non ha visto lo stesso',
  not_shown: 'Il cliente non ha mostrato un documento',
  not_acceptable: 'Ciò che è stato mostrato non prova nulla',
  customer_told: 'Il cliente è stato avvisato e dirà che cosa è giusto',
  not_reached: 'Il cliente non è stato raggiunto',
  settled: 'Il cliente ha chiarito da sé',
}
