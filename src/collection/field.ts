import * as z from 'zod'
import type { Queryable } from '../core/database.ts'
import { emailRule } from './datum/email.ts'
import { freeTextRule } from './datum/free-text.ts'
import { nameRule } from './datum/name.ts'
import { phoneRule } from './datum/phone.ts'
import { lineRule } from './datum/text.ts'

// The rules of these fields are asked for by their names, wherever one of them is filled in.
export { emailRule } from './datum/email.ts'
export { nameRule } from './datum/name.ts'
export { optionalPhoneRule, phoneRule } from './datum/phone.ts'

/** Free text in several lines: 1 to 2000 characters, without the number or the code of a card. */
export const textRule = freeTextRule(2000)

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

/** What a document may hold that the law makes the company keep; its basis says which of these. Null is not given. */
export const documentFields = [
  'number',
  'issued_on',
  'buyer_name',
  'buyer_address',
  'buyer_tax_code',
  'buyer_vat_number',
  'goods',
  'vat_rate',
] as const

/** One such document: never typed, but put together from what is held already. */
export const documentRule = z.strictObject({
  number: z.string().max(60).optional(),
  issued_on: z.iso.date().optional(),
  buyer_name: z.string().optional(),
  buyer_address: z.unknown().optional(),
  buyer_tax_code: z.string().optional(),
  buyer_vat_number: z.string().optional(),
  goods: z.array(purchaseLineRule).optional(),
  /** Per cent, one of those the law knows. */
  vat_rate: z.int().optional(),
})
export type DocumentContent = z.infer<typeof documentRule>

/** Who holds parental responsibility for a child, and on which day the child is old enough; on asking only the first. */
const guardianRule = z.strictObject({ email: emailRule, of_age_on: z.iso.date().optional() })

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
  document: { compartment: 'statutory', rule: documentRule },
  guardian: { compartment: 'messages', rule: guardianRule },
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

/** The compartment of each of these fields, the company's own among them. An unknown one is a bug and throws as such. */
export async function compartmentsOfAny(
  database: Queryable,
  codes: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const known = new Map(codes.map(code => [code, findField(code)?.compartment]))
  const asked = codes.filter(code => known.get(code) === undefined)
  if (asked.length > 0) {
    const rows = await database.query<{ code: string; compartment: string }>(
      'select code, compartment from field where code = any ($1)',
      [asked],
    )
    for (const { code, compartment } of rows) known.set(code, compartment)
  }
  for (const code of codes) if (known.get(code) === undefined) throw new Error(`no field is called ${code}`)
  return known as ReadonlyMap<string, string>
}
