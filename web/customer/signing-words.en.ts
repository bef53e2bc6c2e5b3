/** Words about a passkey that signs an agreement. */
export const signingWords = {
  title: 'Not signed',
  text: 'Your passkey has not signed. An agreement without a signature counts as much: it then stands on your signing in, and its receipt says so. You lose nothing either way.',
  without: 'Agree without a signature',
  again: 'Sign with a passkey',
  signed: 'signed with your passkey',
  declined: 'without your passkey’s signature',
}
