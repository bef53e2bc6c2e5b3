import { expect, test } from 'vitest'
import { cardBrands, issuerOf } from './card-issuer.ts'

// Numbers that Stripe ("Testing"), PayPal and Adyen ("Test card numbers") publish for each network.
test.each([
  ['4242424242424242', 'visa'],
  ['4222222222222', 'visa'],
  ['5555555555554444', 'mastercard'],
  ['2223003122003222', 'mastercard'],
  ['378282246310005', 'amex'],
  ['30569309025904', 'diners'],
  ['3566002020360505', 'jcb'],
  ['6011111111111117', 'discover'],
  ['6205500000000000004', 'unionpay'],
  ['6759649826438453', 'maestro'],
  ['5019717010103742', 'dankort'],
])('%s is of %s', (digits, brand) => expect(issuerOf(digits)).toBe(brand))

test('a range of one network within another’s is its own', () => {
  expect(issuerOf('5090000000000000')).toBe('elo')
  expect(issuerOf('5060990000000000')).toBe('verve')
  expect(issuerOf('5018000000000000')).toBe('maestro')
})

test('a range ends where it ends', () => {
  expect(issuerOf(`2220${'0'.repeat(12)}`)).toBeNull()
  expect(issuerOf(`2221${'0'.repeat(12)}`)).toBe('mastercard')
  expect(issuerOf(`2720${'9'.repeat(12)}`)).toBe('mastercard')
  expect(issuerOf(`2721${'0'.repeat(12)}`)).toBeNull()
})

test('what is too short, too long or of nobody has no issuer', () => {
  for (const digits of ['', '4', '424242424242424', '55555555555544447', '0'.repeat(16), '1'.repeat(15)])
    expect(issuerOf(digits)).toBeNull()
})

test('no brand is named twice', () => expect(new Set(cardBrands).size).toBe(cardBrands.length))
