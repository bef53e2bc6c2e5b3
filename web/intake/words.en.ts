import { words as shared } from '../ui/words.en.ts'

const { fault, problem, datum, optional, cancel, yes, no } = shared

/** The words of the page for sealed forms. The Italian file has the same shape. */
export const words = {
  ...{ fault, problem, datum, optional, cancel, yes, no },
  save: 'Save',
  saving: 'Sealing and sending…',
  sealed: 'Sealed in this browser before it is sent: the company’s web server cannot read it.',
  sealedFor: 'It opens into the log of {{alias}} alone.',
  takenOut: 'Taken out of the text. Nothing was sent.',
  alone: 'This form is part of another page and works only there.',
  signedOut:
    'Your session has ended. What you typed is still here: sign in again in another window, then save.',
  agreementMissing: 'You have not agreed to this yet, or no longer: see “My agreements”. Nothing was sent.',
}

export type IntakeWords = typeof words
