/** Le parole dei documenti che la legge impone di conservare, in ogni stanza. */
export const documentWords = {
  correction: 'Rettifica {{part}}',
  number: 'Numero {{number}}',
  issued: 'Emesso',
  until: 'Conservato fino al',
  law: 'Per quale legge',
  why: 'Perché',
  content: 'Che cosa contiene',
  gone: 'In questo momento il contenuto non si può mostrare.',
  reason: {
    buyer: 'i dati dell’acquirente erano sbagliati',
    goods: 'ciò che è stato acquistato era sbagliato',
    cancelled: 'la vendita è stata annullata',
  },
  field: {
    number: 'Numero del documento',
    issued_on: 'Data di emissione',
    buyer_name: 'Acquirente',
    buyer_address: 'Indirizzo dell’acquirente',
    buyer_tax_code: 'Codice fiscale dell’acquirente',
    buyer_vat_number: 'Partita IVA dell’acquirente',
    goods: 'Beni e prezzi',
    vat_rate: 'Aliquota IVA',
  },
  percent: '{{rate}}%',
  good: '{{quantity}} × {{what}}, {{price}} l’uno',
  noGoods: 'nessuno: la vendita è stata annullata',
}
