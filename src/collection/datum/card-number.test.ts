import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostile, judged, refused } from '../../../test/judged.ts'
import { cardNumberRule, findCardNumbers, holdsCardNumber } from './card-number.ts'

/** Published for tests: by Stripe ("Testing"), PayPal ("Test credit card numbers") and Adyen ("Test card numbers"). */
const published = [
  ...[
    '4242424242424242',
    '4222222222222',
    '4012888888881881',
    '5555555555554444',
    '5105105105105100',
    '2223003122003222',
  ],
  ...[
    '378282246310005',
    '371449635398431',
    '30569309025904',
    '36227206271667',
    '38520000023237',
    '6011111111111117',
  ],
  ...['3566002020360505', '3530111333300000', '6200000000000005', '6205500000000000004', '5019717010103742'],
  ...['6759649826438453'],
]

const found = (text: string) => findCardNumbers(text).map(({ start, end }) => text.slice(start, end))

describe('the number of a card', () => {
  test.each(published)('%s is one', given => expect(judged(cardNumberRule, given)).toBe(given))

  test('is kept as its digits, however they were set apart', () => {
    for (const given of [
      '4242 4242 4242 4242',
      '4242-4242-4242-4242',
      '4242.4242.4242.4242',
      '٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢',
    ])
      expect(judged(cardNumberRule, given)).toBe('4242424242424242')
  })

  test('has 13 to 19 digits and nothing else', () => {
    for (const given of ['424242424242', '42424242424242424242', '4242x4242y4242z4242', 'Visa'])
      expect(judged(cardNumberRule, given)).toEqual(refused('card_length'))
    expect(judged(cardNumberRule, '4242424242424241')).toEqual(refused('card_check'))
    expect(judged(cardNumberRule, '')).toEqual(refused('required'))
  })
})

/** A German account whose digits are a card's: valid by its own check digits. */
const ibanWithCard = (() => {
  const account = '424242424242424200'
  const rest = BigInt(`${account}131400`) % 97n
  const iban = `DE${String(98n - rest).padStart(2, '0')}${account}`
  return iban.replace(/(.{4})(?=.)/g, '$1 ')
})()

describe('in a text', () => {
  test.each(published)('%s is found', number => expect(found(`Card: ${number}, thanks`)).toEqual([number]))

  test.each([
    '4242 4242 4242 4242',
    '4242-4242-4242-4242',
    '4242.4242.4242.4242',
    '4242 - 4242 - 4242 - 4242',
    '4242\u00a04242\u20094242\u202f4242',
    '4242–4242—4242‑4242',
    '4242\u22124242·4242．4242',
    '4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2',
    '42424242\t42424242',
    '4242\u200b4242\u20604242\u00ad4242',
    '3782 822463 10005',
    '٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢',
    '४२४२४२४२४२४२४२४२',
    '４２４２－４２４２－４２４２－４２４２',
    '𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐',
    '4242 ٤٢٤٢ ４２４２ 4242',
  ])('%s is found as it stands', number => {
    expect(found(number)).toEqual([number])
    expect(found(`(${number})`)).toEqual([number])
    expect(found(`pan${number}cvv`)).toEqual([number])
  })

  test('each is found in its place, and other numbers beside it are not taken with it', () => {
    const text = 'Order 12 4242 4242 4242 4242 12/27, then 5555-5555-5555-4444.'
    expect(found(text)).toEqual(['4242 4242 4242 4242', '5555-5555-5555-4444'])
    expect(found('4242 4242 4242 4242 4242 4242 4242 4242')).toEqual(Array(2).fill('4242 4242 4242 4242'))
    expect(findCardNumbers('😀 4242424242424242')).toEqual([{ start: 3, end: 19 }])
  })

  test.each([
    ['a number that fails Luhn', '4242424242424241'],
    ['one that no issuer gives out', '0000000000000000'],
    ['one that passes Luhn and no issuer gives out', '9999999999999995'],
    ['one that is too long for its issuer', '55555555555544447'],
    ['a longer number with a card number inside', '994242424242424242'],
    ['an IBAN of the SWIFT registry', 'IT60 X054 2811 1010 0000 0123 456'],
    ['another', 'DE89 3704 0044 0532 0130 00'],
    ['an EAN-13 of GS1', '4006381333931'.replace('4006', '8006')],
    ['an IBAN whose middle passes for a card', ibanWithCard],
    ['telephone numbers', '+39 347 555 0142, +44 20 7946 0958'],
    ['a time', '2026-11-27T10:00:00.000Z'],
    ['a codice fiscale', 'RCCMNL83S18D969H'],
    ['groups that no card has, on two lines', '42424242\n42424242'],
    ['groups that no card has, parted by signs', '42/42424242/424242'],
    ['digits far from each other', '4242      4242      4242      4242'],
    ['nothing', ''],
  ])('%s is none', (_what, text) => expect(found(text)).toEqual([]))

  test('a number of an order is rarely taken for one', () => {
    const orders = fc.sample(fc.stringMatching(/^[1-9][0-9]{15}$/), { numRuns: 20_000, seed: 1 })
    expect(orders.filter(holdsCardNumber).length / orders.length).toBeLessThan(0.05)
  })

  test('the places are where something is found, apart and in their order', () => {
    const pieces = fc.array(
      fc.oneof(fc.constantFrom(...published, '4242 4242 4242 4242', ' ', '-', '. ', ',', 'a'), fc.string()),
    )
    fc.assert(
      fc.property(pieces, parts => {
        const text = parts.join('')
        let before = 0
        for (const { start, end } of findCardNumbers(text)) {
          expect(start).toBeGreaterThanOrEqual(before)
          expect(holdsCardNumber(text.slice(start, end))).toBe(true)
          before = end
        }
      }),
    )
  })

  test.each(hostile.filter(([, given]) => typeof given === 'string'))(
    '%s is looked through at once',
    (_what, given) => {
      expect(findCardNumbers(given as string)).toBeInstanceOf(Array)
    },
    10_000,
  )
})
