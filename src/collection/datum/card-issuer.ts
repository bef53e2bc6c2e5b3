/** What is printed on a card. Those without a range below have no numbers of their own, or none that are published. */
export const cardBrands = [
  ...[
    'visa',
    'mastercard',
    'maestro',
    'amex',
    'diners',
    'discover',
    'jcb',
    'unionpay',
    'mir',
    'rupay',
    'troy',
  ],
  ...['verve', 'elo', 'dankort', 'bancontact', 'bancomat', 'other'],
] as const

export type CardBrand = (typeof cardBrands)[number]

type Range = readonly [brand: CardBrand, from: string, to: string, lengths: readonly number[]]

const fromThirteen = [13, 14, 15, 16, 17, 18, 19]
const fromSixteen = [16, 17, 18, 19]

/**
 * Which numbers the card networks give out: the first digits (ISO/IEC 7812-1, issuer identification number) and how many
 * digits there are in all. The networks' own statements, as Wikipedia's "Payment card number" and Braintree's package
 * credit-card-type 10.3.0 gather them. Of several that fit the first one holds. Ranges of airlines, petrol stations and
 * shops are left out: order numbers would hit them.
 */
const ranges: readonly Range[] = [
  ['visa', '4', '4', [13, 16, 18, 19]],
  ['mastercard', '51', '55', [16]],
  ['mastercard', '2221', '2720', [16]],
  ['amex', '34', '34', [15]],
  ['amex', '37', '37', [15]],
  ['diners', '300', '305', [14, 16, 17, 18, 19]],
  ['diners', '3095', '3095', [14, 16, 17, 18, 19]],
  ['diners', '36', '36', [14, 15, 16, 17, 18, 19]],
  ['diners', '38', '39', [14, 16, 17, 18, 19]],
  ['jcb', '3528', '3589', fromSixteen],
  ['discover', '6011', '6011', fromSixteen],
  ['discover', '644', '649', fromSixteen],
  ['discover', '65', '65', fromSixteen],
  ['unionpay', '62', '62', fromSixteen],
  ['unionpay', '8100', '8171', fromSixteen],
  ['rupay', '60', '60', [16]],
  ['rupay', '81', '82', [16]],
  ['rupay', '508', '508', [16]],
  ['bancontact', '6703', '6703', fromSixteen],
  ['dankort', '5019', '5019', [16]],
  ['mir', '2200', '2204', fromSixteen],
  ['troy', '9792', '9792', [16]],
  ['verve', '506099', '506198', [16, 18, 19]],
  ['verve', '507865', '507964', [16, 18, 19]],
  ['elo', '509000', '509999', [16]],
  ['elo', '506699', '506778', [16]],
  ['elo', '636297', '636297', [16]],
  ['elo', '636368', '636368', [16]],
  // What is nobody else's of these.
  ['maestro', '50', '50', fromThirteen],
  ['maestro', '56', '59', fromThirteen],
  ['maestro', '63', '63', fromThirteen],
  ['maestro', '67', '67', fromThirteen],
]

/** Most texts of digits begin like no card at all, and each range like one digit. */
const rangesByFirstDigit = Map.groupBy(ranges, ([, from]) => from[0])

/** The network that gives out numbers that begin like these ASCII digits and are as many, or null. */
export function issuerOf(digits: string): CardBrand | null {
  const found = rangesByFirstDigit
    .get(digits[0])
    ?.find(
      ([, from, to, lengths]) =>
        lengths.includes(digits.length) &&
        digits.slice(0, from.length) >= from &&
        digits.slice(0, to.length) <= to,
    )
  return found?.[0] ?? null
}
