export const pair = {
  title: 'Two customers, field by field',
  lead: 'Compare what both have told the company. You see nothing else of either.',
  field: 'Field',
  compared: 'Compared',
  none: 'not known',
  outcome: { same: 'the same', different: 'different', missing: 'not known of both' },
  decide: 'Decide',
  question: 'Are these two customers one person?',
  decideText:
    'Deciding ends your access at once. Nothing of either customer is changed or joined, whatever you decide; both can see in their own record that you compared them.',
  outcomes: {
    not_same: 'No, two people',
    same: 'Yes, one person',
    cannot_say: 'I cannot say',
  },
  after: {
    not_same: 'Nobody will be asked about these two again.',
    same: 'It is remembered, both are told and may say that it is not so, and nobody will be asked again.',
    cannot_say: 'Somebody may be asked again in a month.',
  },
  decided: 'Decided. Both customers are closed to you.',
}
