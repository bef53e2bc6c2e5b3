/**
 * Every kind of entry that the log has, with what it says has happened. A change that is noted under another name does
 * not compile, and a route or a job that declares none, or one that is not here, cannot be registered.
 */
const ofServer = {
  session: 'somebody signed in',
  'session.refused': 'somebody was refused at signing in; those without a name are counted by the minute',
  'session.end': 'a session ended, by signing out or because its person left',
  code: 'a code was asked for, to prove an address',
  'code.sent': 'the letter with the code was handed over, and its box removed',
  'code.expired': 'the letter with the code could not be sent in time, and its box was removed',
  proof: 'somebody who was signed in showed again that it is them',
  'proof.refused': 'somebody who was signed in could not show that it is them',
  passkey: 'a passkey was added, with the hash of its public key',
  'passkey.removal': 'a passkey was removed: it lets nobody in any more',
  join: 'an applicant became a customer',
  consent: 'a customer agreed to a purpose',
  'consent.withdrawal': 'a customer took an agreement back, and its values were dropped',
  'consent.renewal': 'a customer agreed to more under a purpose, in place of an older agreement',
  'guardian.request': 'somebody too young to agree named a guardian, who was sent a link',
  'guardian.sent': 'a letter to or about a guardian was handed over, and its box removed',
  'guardian.expired': 'a letter to or about a guardian could not be sent in time, and its box was removed',
  'guardian.of_age':
    'a child was old enough: their guardian’s access ended, and they were asked to agree themselves',
  'guardian.end': 'what a guardian had agreed to lapsed or was taken over, and the guardian was forgotten',
  'privacy.signal': 'a customer’s browser said that they want no advertising (Global Privacy Control)',
  value: 'a customer gave, changed or removed values of their own',
  dispute: 'a value was put in doubt and closed to tasks, or its customer settled what is right',
  retention: 'values were destroyed, because the time was over for which they are kept',
  verification: 'somebody or something showed that values are right, or said otherwise',
  address:
    'a customer changed the address they sign in with: a link to the one before takes it back for some days',
  'address.sent': 'a letter about that change was handed over, and its box removed',
  'address.expired': 'a letter about that change could not be sent in time, and its box was removed',
  'address.reversal':
    'the change was taken back: everybody who was signed in was put out, and passkeys were removed',
  'address.settled':
    'the days in which the change could be taken back are over: the address before is forgotten',
  link: 'a link was sent to an address, to show that its owner reads what is sent there',
  'link.sent': 'the letter with the link was handed over, and its box removed',
  'link.expired': 'the letter with the link could not be sent in time, and its box was removed',
  reminder: 'a letter was written that asks whether values are still right',
  'reminder.sent': 'that letter was handed over, and its box removed',
  'reminder.expired': 'that letter could not be sent in time, and its box was removed',
  'card.module': 'a server began with the card module on: whole card numbers may be asked for',
  'intake.page': 'another page for sealed forms is served from now on',
  field: 'an officer added a field to the catalogue or decided anew about one',
  basis:
    'an officer proposed by which law something is kept, confirmed what another one proposed, or turned it down',
  document: 'a document that the law makes the company keep was issued or corrected',
  'document.task': 'an officer gave a document to an employee to be looked at',
  'document.end': 'the law’s time for a document was over, and it was destroyed',
  age: 'an officer decided from which age people agree for themselves',
  policy: 'an officer proposed policies, approved those of another one, or turned some down',
  question: 'a customer asked something, or gave a task to the company',
  task: 'an employee took a task',
  'task.opened': 'an employee opened a task about somebody whom they had found',
  caller: 'a code was asked for that whoever calls is to say',
  'caller.proof': 'whoever calls said the code that was sent to the customer',
  'caller.refused': 'whoever calls said a wrong code',
  'task.closure': 'a task was closed, with its outcome',
  'grant.refused': 'a grant was asked for and the policies refused it',
  'reading.refused': 'values were asked for and refused',
  'duplicate.search': 'customers who are there twice were looked for',
  duplicate: 'two customers may be one person, and somebody is asked to look at both',
  'duplicate.sent': 'the letter about being there twice was handed over, and its box removed',
  'duplicate.expired':
    'the letter about being there twice could not be sent in time, and its box was removed',
  'duplicate.objection': 'one of the two said that they are not one person',
  'merge.word': 'a customer asked for the word with which their other record says that it is theirs too',
  'merge.refused': 'a word was tried with which two records should have become one, and was not right',
  merge: 'two records of one person became one: one stays, the other rests until it is erased',
  'merge.value': 'of a field the value of the record that rests counts from now on',
  'merge.undo': 'the two records are two again, each as it was',
  'merge.completion': 'a merge cannot be undone any more: the record that rested is erased',
  'merge.sent': 'the letter about two records that became one was handed over, and its box removed',
  'merge.expired':
    'the letter about two records that became one could not be sent in time, and its box was removed',
  setup: 'the company was set up',
  'employee.invited': 'an officer invited somebody to work here',
  'employee.accepted': 'the invited person accepted and chose how to sign in',
  'employee.departed': 'an employee left: their sessions and grants ended',
  roll: 'an officer asked for the keybook to be replaced at once',
  import: 'a file of the company was taken in, or gave somebody values',
  'import.upload': 'an officer uploaded a file of contacts, or let it go: it lies in memory and nowhere else',
  'import.preview': 'an officer was shown the first lines of an uploaded file, masked',
  'import.rehearsal': 'an officer asked what an uploaded file would bring: nothing was kept',
  'import.lead': 'an officer had people of a file without evidence asked whether they want to join',
  lead: 'a letter was written that asks somebody of a file whether they want to join',
  'lead.sent': 'that letter was handed over, and its box removed',
  'lead.expired': 'that letter could not be sent in time, and its box was removed',
  'import.undo':
    'taking an import back was proposed, decided or done: whom it had brought in, and nobody had changed since, was erased; invoices it brought were removed',
  backup: 'a backup was begun, made or failed',
  restore: 'an older database was found, brought up to the log, or put into use',
  'lost.shredding':
    'an officer asked for, or a second one confirmed, the destruction of slots that a restore lost',
  'witness.refused': 'a witness refused to sign the log',
  'witness.cosigned': 'a witness that had refused the log signs it again',
} as const

/** What the keeper writes by itself, when it happens: nobody else can. */
const ofKeeper = {
  reading: 'values were opened',
  search: 'an employee looked for somebody, and whom they found reads it; what they looked for is nowhere',
  tokens: 'fingerprints of values were made for an index',
  grant: 'a grant was made: from now on it opens what it says',
  revocation: 'a grant ended before its time',
  lease: 'numbers of slots were given out',
  shred: 'slots are refused from now on, and the rows under them go',
  'shred.complete': 'those rows are gone',
  'roll.begun': 'the keybook begins to be replaced without those slots',
  rolled: 'it is replaced, and the older key destroyed: with what each custodian says of it',
  recovery: 'a recovery was made: shares on paper that open copies of the keybook until a day',
  custodian: 'a custodian was left out, came back, or was retired by hand',
  restoring: 'the keeper was started to bring an older database back',
  intake: 'a key was made to which browsers seal sensitive data',
  alarm: 'half of a limit was used up within an hour',
} as const

/** What a change may be noted as. */
export type ChangeKind = keyof typeof ofServer
export type EntryKind = ChangeKind | keyof typeof ofKeeper
/** What a route or a job leaves in the log, or why it leaves nothing. */
export type Declared = EntryKind | `none: ${string}`

export const changeKinds: Readonly<Record<ChangeKind, string>> = ofServer
export const entryKinds: Readonly<Record<EntryKind, string>> = { ...ofServer, ...ofKeeper }

/** Throws for a word that is neither a kind nor `none: ` with a reason: whoever registers something has forgotten it. */
export function requireDeclared(what: string, declared: string | undefined): void {
  const known = declared !== undefined && Object.hasOwn(entryKinds, declared)
  if (!known && !/^none: \S.{9,}/u.test(declared ?? '')) throw new Error(`${what} declares no entry kind`)
}
