import type { DatumFault } from './fault.ts'
import { closedUp, faulty, kept, type Spelling } from './spelling.ts'

/** As stdnum judges a number: whether it is one and, if so, its digits and letters alone. */
export type Validate = (text: string) => { isValid: boolean; compact?: string; error?: { name: string } }

/** For each country the kinds of number that are taken, each judged by stdnum. */
export type CountryNumbers = Readonly<Record<string, readonly Validate[]>>

/**
 * The one spelling of a country's number, of whichever of its kinds the line is. Says `check_character` of one that fails
 * nothing but its check, and `fault` of what has the form of none.
 */
export function readNumber(line: string, kinds: readonly Validate[], fault: DatumFault): Spelling {
  const number = closedUp(line)
  // Other letters and digits are nobody's number: stdnum would take some, and make capitals of them in the reader's language.
  if (!/^[!-~]+$/.test(number)) return faulty(fault)
  const answers = kinds.map(validate => answerOf(validate, number))
  const valid = answers.find(({ isValid }) => isValid)
  if (valid?.compact !== undefined) return kept(valid.compact)
  return faulty(answers.some(({ error }) => error?.name === 'InvalidChecksum') ? 'check_character' : fault)
}

/** stdnum 1.12.0 throws at some texts that are much too short ("NL" as a Dutch tax number): they are none. */
function answerOf(validate: Validate, number: string): ReturnType<Validate> {
  try {
    return validate(number)
  } catch {
    return { isValid: false }
  }
}
