/** A document that is shown: what is written down of it, and the second person. The Italian file has the same shape. */
export const evidence = {
  title: 'The document',
  lead: 'Write down what you saw. Never the document’s number, and make no picture of it.',
  kind: 'Kind of document',
  kinds: {
    passport: 'Passport',
    identity_card: 'Identity card',
    driving_licence: 'Driving licence',
    residence_permit: 'Residence permit',
  },
  country: 'Country that issued it (two letters)',
  countryFault: 'Two letters, such as IT or FR.',
  expires: 'Last year of its validity',
  yearFault: 'A year of four digits that is not over.',
  compare: 'What does it say?',
  same: 'The same',
  other: 'Otherwise',
  absent: 'Nothing',
  says: 'It says for: {{field}}',
  saysFault: 'Write what the document says.',
  name: 'A document that does not bear this name proves nothing here. Close the task.',
  note: 'Write it down',
  noted:
    'Written down. The fields are closed to you; a second employee must take the task and see the document.',
  secondTitle: 'Do you see the same?',
  secondLead:
    'Somebody has seen a document on {{when}} that supports: {{fields}}. Look at the document yourself, then say what you see.',
  seen: '{{kind}}, {{country}}, valid until the end of {{year}}',
  agree: 'I see the same',
  disagree: 'I do not see the same',
  agreed: 'The values are verified and the task is closed.',
  disagreed: 'What was written down is dropped and the task is closed.',
  until: 'until {{when}}',
  by: 'by {{who}}',
  awaiting: 'Seen by {{who}}; a second person must confirm it.',
  disputed: 'In doubt since {{when}}. Another source says:',
  brought: 'by an import from the books “{{source}}”; its evidence: “{{proof}}”, {{day}}',
  doubted: 'In doubt since {{when}}: its customer says so.',
}

export type EvidenceWords = typeof evidence
