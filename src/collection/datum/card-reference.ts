import * as z from 'zod'
import { cardBrands } from './card-issuer.ts'
import { holdsCardNumber } from './card-number.ts'
import { faulty, kept, partsOr, type Spelling, spelled } from './spelling.ts'

/** A part of a reference, which is refused as `card_number` if it is the very number it stands for. */
const part = (read: (line: string) => Spelling) =>
  spelled(line => (holdsCardNumber(line) ? faulty('card_number') : read(line)))

const brands: readonly string[] = cardBrands

const brandRule = part(line =>
  brands.includes(line.toLowerCase()) ? kept(line.toLowerCase()) : faulty('card_brand'),
)

const last4Rule = part(line => (/^\d{4}$/.test(line) ? kept(line) : faulty('card_last4')))

/** As cards print it, `12/27`, or as it is kept, `2027-12`. One that is past is taken: cards expire where they are kept. */
const expiryRule = part(line => {
  const [, month, year] = /^(\d{2}) ?\/ ?(?:20)?(\d{2})$/.exec(line) ?? []
  const expiry = month === undefined ? line : `20${year}-${month}`
  return /^20\d{2}-(0[1-9]|1[0-2])$/.test(expiry) ? kept(expiry) : faulty('card_expiry')
})

/**
 * A card that somebody else keeps: its brand, its last four digits, the month until which it is valid and what the payment
 * provider calls it. Refuses as `card_number` a part that is a whole card number, and a token that becomes one together
 * with the last digits; as `unknown` any further part, so that no security code finds a place.
 */
export const cardReferenceRule = z
  .strictObject(
    { brand: brandRule, last4: last4Rule, expiry: expiryRule, token: part(kept).optional() },
    { error: partsOr('invalid') },
  )
  .refine(({ last4, token = '' }) => !holdsCardNumber(token + last4), {
    path: ['token'],
    error: 'card_number',
  })
