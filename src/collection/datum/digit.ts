const decimalDigit = /^\p{Nd}$/u

/** What was found out already: there are some hundred digits in Unicode, and the same few come again. */
const known = new Map<number, string>()

/** The same digits in ASCII, for a text of decimal digits of any script (the property `Nd`). */
export const asciiDigits = (digits: string): string =>
  /^[0-9]*$/.test(digits) ? digits : [...digits].map(asciiDigit).join('')

/**
 * Unicode gives the ten digits of a script consecutive numbers, from zero on (The Unicode Standard, section 4.6), and
 * where the digits of several scripts stand in a row each begins after a nine.
 */
function asciiDigit(sign: string): string {
  const point = sign.codePointAt(0) ?? 0
  const before = known.get(point)
  if (before !== undefined) return before
  let zero = point
  while (decimalDigit.test(String.fromCodePoint(zero - 1))) zero -= 1
  const digit = String((point - zero) % 10)
  known.set(point, digit)
  return digit
}
