import * as z from 'zod'
import type { choiceOptions } from './choice.ts'
import { textOr } from './text.ts'

/**
 * The codes of one or more options, kept once each and in the order of the options, however they were given. Refuses as
 * `required` an empty list and as `not_an_option` one that holds anything else.
 */
export const choicesRule = ({ options }: z.output<typeof choiceOptions>) =>
  z.array(z.unknown(), { error: textOr('invalid') }).transform((given, context) => {
    const chosen = new Set(given.map(one => (typeof one === 'string' ? one.trim() : one)))
    const fault =
      chosen.size === 0 ? 'required' : [...chosen].every(isOneOf(options)) ? null : 'not_an_option'
    if (fault === null) return options.filter(option => chosen.has(option))
    context.issues.push({ code: 'custom', message: fault, input: given })
    return z.NEVER
  })

const isOneOf =
  (options: string[]) =>
  (given: unknown): boolean =>
    typeof given === 'string' && options.includes(given)
