import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import * as z from 'zod'
import { textOr } from './text.ts'

/** Where a number is from that names no country: Italy unless the field says otherwise. */
export const phoneOptions = z.strictObject({
  country: z.string().refine(isSupportedCountry, 'country').default('IT'),
})

/**
 * A telephone number in any usual spelling, of `country` where it names none; kept as E.164. Refuses as `phone` what no
 * country's numbering plan knows.
 */
export const phoneRuleOf = (country: string) =>
  z.string({ error: textOr('phone') }).transform((text, context) => {
    const number = e164(text, country)
    if (number === null) context.issues.push({ code: 'custom', message: 'phone', input: text })
    return number ?? z.NEVER
  })

/** The same, Italian where no country is named. */
export const phoneRule = phoneRuleOf('IT')

/** The same where none need be given: null for a blank text. */
export const optionalPhoneRule = z.string({ error: textOr('phone') }).transform((text, context) => {
  if (text.trim() === '') return null
  const number = e164(text, 'IT')
  if (number === null) context.issues.push({ code: 'custom', message: 'phone', input: text })
  return number
})

function e164(text: string, country: string): string | null {
  const number = parsePhoneNumberFromString(text, { defaultCountry: country as CountryCode, extract: false })
  return number?.isValid() === true ? number.number : null
}
