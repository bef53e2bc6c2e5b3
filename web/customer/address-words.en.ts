/** Changing the address to sign in with, and proving another one by a code. The Italian file has the same shape. */
export const address = {
  change: 'Change the address',
  title: 'Another address to sign in with',
  lead: 'We send a code to the new address. When you have typed it here, you sign in with that address, and with the present one no longer.',
  told: 'We write to the present address at once. Whoever reads it can take the change back for seven days. Wherever else you are signed in, you are signed out.',
  email: 'New e-mail address',
  send: 'Send the code to it',
  sent: 'We have sent a code to {{email}}. It is valid until {{hour}}.',
  confirm: 'Change it',
  other: 'Another address',
  taken:
    'Somebody is a customer here with this address. If that is you too, sign in with it; it cannot open both.',
  changed: 'From now on you sign in with {{email}}. The address before can take this back until {{when}}.',
  former: 'Until {{when}} the address before, {{what}}, can take the change back. Then we forget it.',
  back: 'To my data',
  check: {
    send: 'Send a code to prove it',
    sent: 'We have sent a code to this address. It is valid until {{hour}}.',
    code: 'The code that was sent to it',
    confirm: 'Prove it',
    done: 'Proved: {{what}}.',
  },
  reversal: {
    title: 'Take the change back',
    lead: 'The address of an account was changed from yours to another one. If it was not you, press the button: your address lets you in again, everybody who is signed in is put out, and all passkeys are removed.',
    act: 'It was not me: take it back',
    done: 'Done: your address lets you in again. Sign in, look at what is held about you and at who looked.',
    signIn: 'Sign in',
    taken:
      'Somebody is a customer here with your address by now, so it cannot be given back to the earlier account. Please speak to us.',
  },
}

export type AddressWords = typeof address
