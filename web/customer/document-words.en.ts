/** The customer's words for what the law makes the company keep. The Italian file has the same shape. */
export const documentWords = {
  page: 'By law',
  title: 'What the law makes us keep',
  lead: 'These documents we may not destroy before their day, even if you leave. Each lies under a key of its own, holds only what the law names, and is read only for a task about it.',
  none: 'Nothing',
  noneText: 'When we issue an invoice to you, it is here.',
  ask: 'You can ask for an invoice, or ask about one:',
  looked: 'Who read it',
  nobody: 'Nobody but you.',
  line: '{{who}}, {{when}}',
  stays: '{{title}}, until {{until}}, because the law demands it: {{law}}.',
  left: 'What stays, by law',
  leftText: 'You can read these until their last day, as long as you keep your link.',
  kind: 'What is it about?',
  kinds: { delivery_question: 'A delivery', invoice_question: 'An invoice' },
  keptUntil: 'Kept until',
  keptUntilText: '{{when}}, unless you say that it is still right',
}
