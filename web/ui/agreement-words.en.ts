/** Words about guardians, and about what is signed: kinds of entries. */
export const agreementKinds = {
  guardian_request: 'a guardian was asked',
  guardian_sent: 'letter to or about a guardian sent',
  guardian_expired: 'letter to or about a guardian not sent',
  guardian_of_age: 'old enough: the guardian’s access ended',
  guardian_end: 'guardian forgotten',
}

export const agreementProblems = {
  guardian_needed: 'At this age a guardian agrees, and only a guardian.',
  guardian_apart:
    'A guardian answers for one of these two records, or did until lately, so they stay two for now. To have one alone, leave one of them.',
  age_in_doubt:
    'In one of these two records the date of birth is in doubt. First settle there which one is right.',
  too_young:
    'With this date of birth a guardian must agree for you, so it was not taken. Leave, and join again with a guardian. If another date is right, ask us to check your document.',
  signing_other:
    'What was to be signed is not what this page shows, so nothing was signed and nothing was agreed to. Load the page again.',
  wrong_passkey: 'This passkey does not fit, or is not known here any more.',
  passkey_stopped:
    'The passkey was not used: it was cancelled, took too long, or none for this page was found.',
  passkey_known: 'This device already holds a passkey of yours for this page.',
  passkey_unable: 'This browser knows no passkeys.',
  privacy_signal: 'Your browser says that you do not want this use. If you do, agree to it in spite of that.',
}

export const roleWords = {
  you: 'You',
  guardian: 'Guardian',
  employee: 'Employee',
  officer: 'Privacy officer',
  system: 'The system',
}
