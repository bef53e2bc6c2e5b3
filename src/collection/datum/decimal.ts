import * as z from 'zod'
import { faulty, kept, type Spelling, spelled } from './spelling.ts'

/** Digits in all and digits after the decimal sign, as in SQL's `numeric(digits, places)`. */
interface Size {
  digits: number
  places: number
}

interface Options extends Size {
  least?: string | undefined
  most?: string | undefined
}

/** Kept with a point, as the numbers are. */
const limit = z
  .string()
  .max(40)
  .transform(text => text.trim().replace(',', '.'))

/** The size of the number, and the smallest and the largest that a field takes, written like the number itself. */
export const decimalOptions = z
  .strictObject({
    digits: z.int().min(1).max(30).default(12),
    places: z.int().min(0).max(10).default(2),
    least: limit.optional(),
    most: limit.optional(),
  })
  .refine(({ digits, places }) => places <= digits, 'too_many_places')
  .refine(hasLimits, 'invalid')

/**
 * A number with a decimal point or a decimal comma, kept as a text with a point and exactly so many places ("12.50"): a
 * binary fraction would not hold it. Refuses as `decimal` what is no number or has signs between its thousands, as
 * `too_many_places` and `too_many_digits` what would have to be rounded, and what is outside the options. A number that
 * is no text is refused as `invalid`: it has been rounded already.
 */
export const decimalRule = ({ least, most, ...size }: Options) => {
  const lower = least === undefined ? null : unitsIn(least, size)
  const upper = most === undefined ? null : unitsIn(most, size)
  return spelled(line => {
    const number = readDecimal(line, size)
    if ('fault' in number) return number
    if (lower !== null && unitsOf(number.kept) < lower) return faulty('below_least')
    return upper !== null && unitsOf(number.kept) > upper ? faulty('above_most') : number
  })
}

function readDecimal(line: string, { digits, places }: Size): Spelling {
  const found = /^([+\u2212-]?)0*(\d+)(?:[.,](\d+))?$/.exec(line)
  if (found === null) return faulty('decimal')
  const [, sign = '', whole = '', fraction = ''] = found
  if (fraction.length > places) return faulty('too_many_places')
  if ((whole === '0' ? 0 : whole.length) > digits - places) return faulty('too_many_digits')
  const number = places === 0 ? whole : `${whole}.${fraction.padEnd(places, '0')}`
  const negative = sign !== '' && sign !== '+' && /[1-9]/.test(number)
  return kept(negative ? `-${number}` : number)
}

/** All numbers of a field have the same places, so that they compare as integers of the last one. */
const unitsOf = (number: string): bigint => BigInt(number.replace('.', ''))

/** Null for a text that is no number of this size. */
function unitsIn(text: string, size: Size): bigint | null {
  const number = readDecimal(text, size)
  return 'kept' in number ? unitsOf(number.kept) : null
}

/** Whether the limits are numbers of this size, and the smallest is not above the largest. */
function hasLimits({ least, most, ...size }: Options): boolean {
  const limits = [least, most].filter(limit => limit !== undefined).map(limit => unitsIn(limit, size))
  const [lower = null, upper = lower] = limits
  if (limits.includes(null)) return false
  return lower === null || upper === null || lower <= upper
}
