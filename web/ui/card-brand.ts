/** What is printed on a card, by the code it is kept by, as people know it; what is no brand has a word of the page's. */
export const cardBrands: Readonly<Record<string, string>> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  maestro: 'Maestro',
  bancomat: 'Bancomat',
  amex: 'American Express',
  bancontact: 'Bancontact',
  dankort: 'Dankort',
  diners: 'Diners Club',
  discover: 'Discover',
  elo: 'Elo',
  jcb: 'JCB',
  mir: 'Mir',
  rupay: 'RuPay',
  troy: 'Troy',
  unionpay: 'UnionPay',
  verve: 'Verve',
}
