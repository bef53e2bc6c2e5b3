/** Words of the two rooms where people work: signing in and accepting an invitation. */
export const words = {
  staff: {
    signIn: 'Sign in',
    signInText: { work: 'For employees.', office: 'For the privacy officer.' },
    email: 'E-mail',
    password: 'Password',
    code: 'Code from your authenticator app',
    codeHelp: '6 digits, new every 30 seconds.',
    newPassword: 'New password',
    repeat: 'The same password again',
    rules: 'At least 12 characters. A sentence is good; there are no other rules.',
    invitation: {
      title: 'Welcome to {{organisation}}',
      text: '{{name}}, you have been invited as {{role}}. Choose a password and connect an authenticator app.',
      role: { employee: 'employee', officer: 'privacy officer' },
      over: 'This invitation is no longer valid',
      overText:
        'It has been used, has run out, or was replaced by a newer one. Ask your privacy officer for a new link.',
      accept: 'Accept the invitation',
      done: 'Welcome. You are signed in.',
    },
    totp: {
      title: 'Connect an authenticator app',
      text: 'Scan this picture with an authenticator app on your phone, or type the key into it.',
      picture: 'QR code holding the key below',
      key: 'Key',
      code: 'Code the app now shows',
    },
  },
}

export type StaffWords = typeof words
