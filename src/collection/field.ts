import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import * as z from 'zod'
import { lineRule, linesRule, textOr } from './text.ts'

/** A person's or a company's name as they write it: 1 to 120 characters in one line. */
export const nameRule = lineRule(120)

/** An e-mail address, by its syntax alone; that it is the person's own is proved by a code. */
export const emailRule = z
  .string({ error: textOr('email') })
  .transform(text => text.trim())
  .pipe(z.string().min(1, 'required').max(254).pipe(z.email('email')))

/** A telephone number in any usual spelling, Italian where no country is named; kept as E.164. */
export const phoneRule = z.string({ error: textOr('phone') }).transform((text, context) => {
  const number = e164(text)
  if (number === null) context.issues.push({ code: 'custom', message: 'phone', input: text })
  return number ?? z.NEVER
})

/** The same where none need be given: null for a blank text. */
export const optionalPhoneRule = z.string({ error: textOr('phone') }).transform((text, context) => {
  if (text.trim() === '') return null
  const number = e164(text)
  if (number === null) context.issues.push({ code: 'custom', message: 'phone', input: text })
  return number
})

function e164(text: string): string | null {
  const number = parsePhoneNumberFromString(text, { defaultCountry: 'IT', extract: false })
  return number?.isValid() === true ? number.number : null
}

/** Free text in several lines: 1 to 2000 characters. */
export const textRule = linesRule(2000)

/** A price: an integer of `10^-exponent` units of its currency; the exponent is 2 for cents, more for finer prices. */
export const priceRule = z.strictObject({
  amount: z.int().min(0),
  currency: z.string().regex(/^[A-Z]{3}$/),
  exponent: z.int().min(0).max(6),
})

export const purchaseLineRule = z.strictObject({
  code: lineRule(60),
  description: lineRule(200, { empty: true }),
  quantity: z.int(),
  unit_price: priceRule,
})

/** What was bought with one invoice: all its lines, in their order. */
export const purchaseRule = z.strictObject({ lines: z.array(purchaseLineRule).min(1) })

/** One outgoing mail. */
export const letterRule = z.strictObject({ to: emailRule, subject: z.string().max(200), text: z.string() })

/** The catalogue: for each kind of datum the compartment it is sealed in and the rule that judges it. */
export const fields = {
  name: { compartment: 'identity', rule: nameRule },
  email: { compartment: 'contact', rule: emailRule },
  phone: { compartment: 'contact', rule: phoneRule },
  purchase: { compartment: 'purchases', rule: purchaseRule },
  letter: { compartment: 'messages', rule: letterRule },
  question: { compartment: 'messages', rule: textRule },
  work_email: { compartment: 'employment', rule: emailRule },
  totp: { compartment: 'employment', rule: z.string().regex(/^[A-Z2-7]{32}$/, 'invalid') },
} as const

export type FieldCode = keyof typeof fields

export interface Field {
  code: FieldCode
  compartment: string
  rule: z.ZodType
}

/** The field of this code, or null. */
export function findField(code: string): Field | null {
  if (!Object.hasOwn(fields, code)) return null
  const known = code as FieldCode
  return { code: known, ...fields[known] }
}

/** The field of a code that the program itself names: an unknown one is a bug and throws as such. */
export function fieldOf(code: string): Field {
  const field = findField(code)
  if (field === null) throw new Error(`no field is called ${code}`)
  return field
}

/** The compartments that these fields are sealed in, each once. */
export const compartmentsOf = (codes: readonly string[]): string[] => [
  ...new Set(codes.map(code => fieldOf(code).compartment)),
]
