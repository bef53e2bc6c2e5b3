/** How it is known that data are right, who I am, and what is in doubt. The Italian file has the same shape. */
export const proof = {
  until: 'until {{when}}',
  by: 'by {{who}}',
  document: '{{kind}}, {{country}}, valid until the end of {{year}}',
  documents: {
    passport: 'passport',
    identity_card: 'identity card',
    driving_licence: 'driving licence',
    residence_permit: 'residence permit',
  },
  awaiting: 'One employee has seen it on a document. It counts when a second one confirms it.',
  sendLink: 'Send a link to prove it',
  sent: 'We have sent a link to this address. It is valid until {{when}}.',
  doubt: {
    mark: 'This is in doubt',
    markTitle: 'Put this in doubt: {{what}}?',
    markText:
      'Until you say what is right, no employee’s task opens it, and those that have it open are closed at once. Nothing is deleted.',
    markNow: 'Put it in doubt',
    marked: 'In doubt, and closed to tasks: {{what}}.',
    title: 'In doubt since {{when}}',
    text: 'No employee’s task opens this until you say what is right.',
    otherText: 'Another source says otherwise. No employee’s task opens this until you say what is right.',
    held: 'We hold',
    claim: 'Another source says',
    brought: 'An import brought it, from the books “{{source}}”. Its evidence: “{{proof}}”, {{day}}.',
    right: 'This is right',
    rightOf: 'This is right: {{what}}',
    third: 'If neither is right, edit the value.',
    settled: 'Settled: {{what}}. Tasks that need it may open it again.',
    address:
      'The other address cannot be chosen: you sign in with yours. If it has changed, change it: a code goes to the new one.',
  },
  identity: {
    title: 'How surely we know that it is you',
    level0: 'We have your data from elsewhere, and nothing of yours is proved yet.',
    level1: 'You have proved an address of yours.',
    level2: 'Your identity is proved.',
    level3: 'Your identity is proved by a strong provider.',
    document: 'Show us a document',
    documentText:
      'Two employees look at it, one after the other. We write down what kind it is, its country and its last year; never its number, and we make no picture.',
    documentAsk: 'Ask for it',
    documentAsked: 'You have asked for it. An employee will get in touch with you.',
    provider: 'Prove it with {{host}}',
    providerText:
      'You sign in there. They are told nothing of what we hold; what they say of you is compared with it, and nothing else is kept.',
    providerGo: 'Go to {{host}}',
  },
  confirm: {
    title: 'Is this your address?',
    lead: 'A customer has given us the address to which this link was sent. If it is yours, press the button.',
    act: 'Yes, it is my address',
    done: 'Thank you: the address is proved. You may close this page.',
    none: 'This link is not good',
    noneText: 'It was used, is too old, or the address has been changed since. A new one can be asked for.',
  },
  proved: {
    title: 'Back from the provider',
    waiting: 'We are asking the provider…',
    agreed: 'The provider says the same as what we hold: {{fields}}.',
    contradicted:
      'The provider says otherwise: {{fields}}. Nothing was overwritten. See under “My data” and say what is right.',
    nothing: 'The provider says nothing of what we hold. Nothing was changed.',
    cancelled: 'You did not sign in at the provider. Nothing was changed.',
    back: 'To my data',
  },
}

export type ProofWords = typeof proof
