/** Making two records of mine one, and two again. The Italian file has the same shape. */
export const merging = {
  title: 'Make your two records one',
  lead: 'One of the two stays, and you choose which. For 30 days you can undo it, and both are as they were. Then the other one is erased.',
  how: 'So that nobody but you can do it, you sign in to both, one after the other.',
  goes: 'This record shall go',
  goesText: 'We show you a word. Sign in with your other address and type it there.',
  showWord: 'Show me the word',
  word: 'Your word',
  wordText:
    'Sign out, sign in with your other address, press “Yes, make them one” there and type this word. It is good until {{hour}}.',
  wordWarning:
    'Tell it nobody: whoever has it and your other record comes into this one. We never ask for it.',
  stays: 'This record shall stay',
  staysText: 'In your other record you were shown a word. Type it here.',
  staysWarning:
    'Type only a word that you have seen yourself. Whoever can sign in to the other record will come into this one too.',
  typed: 'The word from your other record',
  make: 'Make them one',
  made: 'Your two records are one. You can undo it until {{until}}.',
  linkTitle: 'Keep this link',
  linkText: 'With it you can see later how the other record was destroyed. It is shown only now.',
  linkName: 'Link to the destruction',
  since: 'Your two records have been one since {{when}}',
  sinceText:
    'The other record, {{alias}}, rests: no employee opens it. Until {{until}} you can undo this; then that record is erased with its address, and you sign in with the address of this one alone.',
  passkeys: 'Both addresses sign in here now. Passkeys of the other record rest.',
  tasks:
    'What you asked from the other record waits, and is not answered. Ask it here anew if you still want to know.',
  purposes:
    'You agreed to this here and not there, so it rests: {{what}}. It is taken back for good on {{until}}. To use it again, take it back and agree anew under “What I agreed to”.',
  both: 'What the other record says',
  bothText:
    'Where the two differ, this record’s value counts. You can have the other one count; yours is kept beside it and comes back if you undo.',
  here: 'Here',
  there: 'Other record',
  nothing: 'nothing',
  take: 'Use the other',
  takeOf: 'Use the other: {{what}}',
  taken: 'Used from now on: {{what}}.',
  counts: 'from the other record',
  same: 'Both say the same.',
  notTaken: 'You sign in with this; it is not taken over.',
  undo: 'Undo: make two again',
  undoTitle: 'Make them two again?',
  undoText:
    'The other record is again as it was, and its address signs in to it alone. Values that you took from it go back, unless you have changed them since. What else has happened since stays here. You are signed out everywhere and sign in anew; passkeys added since are removed.',
  undoNow: 'Make them two again',
  undone: 'Your records are two again, each as it was. Please sign in again.',
  otherReceipt: 'Download the receipt of your other record',
  close: 'Close',
  keep: 'Keep them one',
}

export type MergeWords = typeof merging
