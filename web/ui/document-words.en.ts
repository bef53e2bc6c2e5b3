/** Words for documents that the law makes the company keep, in every room. The Italian file has the same shape. */
export const documentWords = {
  correction: 'Correction {{part}}',
  number: 'Number {{number}}',
  issued: 'Issued',
  until: 'Kept until',
  law: 'By which law',
  why: 'Why',
  content: 'What it holds',
  gone: 'What it holds cannot be shown just now.',
  reason: {
    buyer: 'the buyer’s details were wrong',
    goods: 'what was bought was wrong',
    cancelled: 'the sale was cancelled',
  },
  field: {
    number: 'Number',
    issued_on: 'Date of issue',
    buyer_name: 'Buyer',
    buyer_address: 'Buyer’s address',
    buyer_tax_code: 'Buyer’s tax code',
    buyer_vat_number: 'Buyer’s VAT number',
    goods: 'Goods and prices',
    vat_rate: 'Rate of VAT',
  },
  percent: '{{rate}} %',
  good: '{{quantity}} × {{what}}, {{price}} each',
  noGoods: 'none: the sale was cancelled',
}
