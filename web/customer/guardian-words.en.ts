/** Words about somebody who agrees for a child. */
export const guardianWords = {
  way: 'With a parent or guardian you can join',
  ask: {
    title: 'Ask a parent or guardian',
    lead: 'At your age somebody who holds parental responsibility for you decides. We write to them once; without their yes nobody joins.',
    proveFirst: 'First prove an e-mail address that you read. It will be yours to sign in with.',
    text: 'To whom shall we write? We keep this address and yours for a day at most, unless you join.',
    email: 'E-mail address of your parent or guardian',
    send: 'Send them a letter',
    sent: 'The letter is on its way',
    sentText:
      'It tells them that whoever reads your address wants to join, and has a link that is good until {{when}}. When they have agreed, sign in here with your own address.',
    own: 'That is your own address. It must be one that your parent or guardian reads.',
  },
  join: {
    title: 'Agree for a child',
    lead: 'Somebody younger than {{least}} wants to join and has named you. Read what it is about, then agree or not.',
    dead: 'This link is no longer good',
    deadText: 'It was used, or is more than a day old. The young person can ask again.',
    who: 'Who the child is',
    name: 'The child’s name',
    born: 'The child’s date of birth',
    bornHelp: 'Used once to work out when the child is old enough to decide alone. It is not kept.',
    responsible: 'I hold parental responsibility for this child',
    responsibleHelp:
      'We check that you read this mailbox, and take your word for the rest. Saying it falsely may be an offence.',
    missing: 'Please say so, if it is true.',
    agree: 'Agree for the child',
    done: 'The child has joined. Note this number, with which you come back: {{alias}}.',
  },
  enter: {
    title: 'For parents and guardians',
    lead: 'See, correct, take away or withdraw the data of a child for whom you have agreed.',
    alias: 'The child’s number',
    aliasHelp: 'Like CE-99A8: you saw it when you agreed, and the child sees it when signed in.',
    send: 'Send me a code',
    sent: 'If there is such a child and you agreed for it, a code is on its way to your address. It is good until {{hour}}.',
    code: 'Code of 6 digits',
    enter: 'Sign in',
  },
  acting:
    'You act as the guardian of {{alias}}. What you do stands in the child’s record as done by the guardian.',
  minor:
    'A parent or guardian has agreed for you. You can see and correct everything here and take agreements back; giving them is up to your guardian.',
  ofAge: 'You decide for yourself now',
  ofAgeText:
    'What your guardian agreed to stands until {{when}}. Agree yourself to what should stay; the rest ends then. Without the service itself all your data is destroyed. Your guardian can no longer come in.',
  toAgreements: 'To my agreements',
  takeOver: 'Agree myself: {{title}}',
  given: 'by your guardian',
  tookOver: 'You have agreed yourself: {{title}}.',
}
