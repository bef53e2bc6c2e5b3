/** Le parole dell'impiegato per i documenti che la legge impone di conservare. */
export const documentWords = {
  title: 'Fatture conservate per legge',
  none: 'Ancora nessuna.',
  issue: 'Emetti la fattura',
  issueText:
    'È composta da ciò che il cliente ha detto e acquistato, e sigillata una volta sola: nessuno la cambia più, e resta finché la legge lo impone, anche se il cliente se ne va. Non ci si può scrivere nulla.',
  purchase: 'Per quale acquisto',
  choosePurchase: 'Scegli prima un acquisto.',
  bought: '{{invoice}}, del {{when}}',
  rate: 'Aliquota IVA',
  rates: { '0': '0%', '4': '4%', '5': '5%', '10': '10%', '22': '22%', none: 'non si applica' },
  kind: 'Che cosa emettere',
  kinds: {
    first: 'la fattura',
    buyer: 'una rettifica: i dati dell’acquirente erano sbagliati',
    goods: 'una rettifica: ciò che è stato acquistato era sbagliato',
    cancelled: 'una rettifica: la vendita è stata annullata',
  },
  done: 'Il documento è emesso. Il cliente lo vede nella sua stanza.',
  nothing: 'Il cliente non ha ancora acquistato nulla: non c’è nulla per cui emettere una fattura.',
}
