import * as z from 'zod'
import { holdsCardNumber } from './card-number.ts'
import { textOr } from './text.ts'

/** The smallest and the largest number that a field takes. */
export const integerOptions = z
  .strictObject({ least: z.int().optional(), most: z.int().optional() })
  .refine(({ least, most }) => least === undefined || most === undefined || least <= most, 'invalid')

/**
 * A whole number, kept as a number: given as one or as its digits, with a sign or without. Refuses as `integer` anything
 * else, thousands with a point or a comma too, which mean different numbers in different countries; as
 * `too_many_digits` what JavaScript cannot hold exactly; and what is outside the options.
 */
export const integerRule = ({ least, most }: z.output<typeof integerOptions>) =>
  z.union([z.string(), z.number()], { error: textOr('integer') }).transform((given, context) => {
    const number = typeof given === 'number' ? given : numberIn(given)
    const fault = isBlank(given) ? 'required' : faultOf(number, least, most)
    if (fault === null) return number + 0
    context.issues.push({ code: 'custom', message: fault, input: given })
    return z.NEVER
  })

/** NaN for a text that is no number. */
function numberIn(text: string): number {
  const digits = text.trim().replace('\u2212', '-')
  return /^[+-]?\d+$/.test(digits) ? Number(digits) : Number.NaN
}

const isBlank = (given: string | number): boolean => typeof given === 'string' && given.trim() === ''

function faultOf(number: number, least = -Infinity, most = Infinity) {
  if (Number.isNaN(number)) return 'integer'
  if (!Number.isSafeInteger(number))
    return Math.abs(number) > Number.MAX_SAFE_INTEGER ? 'too_many_digits' : 'integer'
  if (holdsCardNumber(String(number))) return 'card_number'
  if (number < least) return 'below_least'
  return number > most ? 'above_most' : null
}
