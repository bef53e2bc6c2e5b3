import type { Language } from '../ui/languages.ts'
import { words as english } from './words.en.ts'
import { words as italian } from './words.it.ts'

export const wordsOf = (language: Language) => (language === 'it' ? italian : english)

/** A sentence with what belongs into its places: `{{alias}}`. */
export const filled = (text: string, parts: Record<string, string>): string =>
  text.replace(/\{\{(\w+)\}\}/g, (_place, name: string) => parts[name] ?? '')

/** What is wrong, in a sentence that says how to mend it. */
export function faultWord(language: Language, fault: string, type: string | null): string {
  const sentences: Record<string, string> = wordsOf(language).fault
  // A browser's own input for dates takes no spelling that one could be told.
  const said = fault === 'date' && (type === 'date' || type === 'birth_date') ? 'date_input' : fault
  return sentences[said] ?? wordsOf(language).fault.invalid
}

export function problemWord(language: Language, code: string): string {
  const { problem, signedOut, agreementMissing } = wordsOf(language)
  if (code === 'unauthenticated') return signedOut
  if (code === 'no_consent') return agreementMissing
  const sentences: Record<string, string> = problem
  return sentences[code] ?? problem.internal
}

/** The name of a country or a language by its code. */
export function nameOf(language: Language, type: 'country' | 'language', code: string): string {
  try {
    const names = new Intl.DisplayNames(language, { type: type === 'country' ? 'region' : 'language' })
    return names.of(code) ?? code
  } catch {
    return code
  }
}
