/** Le parole del cliente per ciò che la legge impone di conservare. */
export const documentWords = {
  page: 'Per legge',
  title: 'Che cosa la legge ci impone di conservare',
  lead: 'Questi documenti non possiamo distruggerli prima del loro giorno, nemmeno se te ne vai. Ognuno è sotto una chiave propria, contiene solo ciò che la legge indica ed è letto solo per un compito che lo riguarda.',
  none: 'Niente',
  noneText: 'Quando ti emettiamo una fattura, la trovi qui.',
  ask: 'Puoi chiedere una fattura, o chiedere qualcosa su una di esse:',
  looked: 'Chi l’ha letto',
  nobody: 'Nessuno oltre a te.',
  line: '{{who}}, il {{when}}',
  stays: '{{title}}, fino al {{until}}, perché la legge lo impone: {{law}}.',
  left: 'Che cosa resta, per legge',
  leftText: 'Puoi leggerli fino al loro ultimo giorno, finché conservi il tuo link.',
  kind: 'Di che cosa si tratta?',
  kinds: { delivery_question: 'Di una consegna', invoice_question: 'Di una fattura' },
  keptUntil: 'Conservato fino al',
  keptUntilText: '{{when}}, se non dici che è ancora giusto',
}
