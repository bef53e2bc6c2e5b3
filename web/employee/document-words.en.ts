/** The employee's words for documents that the law makes the company keep. The Italian file has the same shape. */
export const documentWords = {
  title: 'Invoices kept by law',
  none: 'None yet.',
  issue: 'Issue the invoice',
  issueText:
    'It is put together from what the customer has told and bought, and sealed once: nobody changes it afterwards, and it stays until the law’s time is over, also when the customer leaves. Nothing can be typed into it.',
  purchase: 'For which purchase',
  choosePurchase: 'Choose a purchase first.',
  bought: '{{invoice}}, {{when}}',
  rate: 'Rate of VAT',
  rates: { '0': '0 %', '4': '4 %', '5': '5 %', '10': '10 %', '22': '22 %', none: 'none applies' },
  kind: 'What to issue',
  kinds: {
    first: 'the invoice',
    buyer: 'a correction: the buyer’s details were wrong',
    goods: 'a correction: what was bought was wrong',
    cancelled: 'a correction: the sale was cancelled',
  },
  done: 'The document is issued. The customer sees it in their room.',
  nothing: 'The customer has bought nothing yet, so there is nothing to issue an invoice for.',
}
