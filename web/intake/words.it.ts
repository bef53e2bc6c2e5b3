import { words as shared } from '../ui/words.it.ts'
import type { IntakeWords } from './words.en.ts'

const { fault, problem, datum, optional, cancel, yes, no } = shared

export const words: IntakeWords = {
  ...{ fault, problem, datum, optional, cancel, yes, no },
  save: 'Salva',
  saving: 'Sigillo e invio…',
  sealed: 'Sigillato in questo browser prima dell’invio: il server web dell’azienda non può leggerlo.',
  sealedFor: 'Si apre soltanto nel registro di {{alias}}.',
  takenOut: 'Tolto dal testo. Non è stato inviato nulla.',
  alone: 'Questo modulo fa parte di un’altra pagina e funziona solo lì.',
  signedOut:
    'La sessione è finita. Ciò che hai scritto è ancora qui: accedi di nuovo in un’altra finestra, poi salva.',
  agreementMissing: 'Non hai dato questo consenso, o non più: guarda «Consensi». Non è stato inviato nulla.',
}
