import { expect, test } from 'vitest'
import { asciiDigits } from './digit.ts'

const decimal = /^\p{Nd}$/u
const all = Array.from({ length: 0x110000 }, (_, point) => point)
  .filter(point => point < 0xd800 || point > 0xdfff)
  .map(point => String.fromCodePoint(point))
  .filter(sign => decimal.test(sign))

test('the digits of every script of Unicode come in tens, from zero on', () => {
  expect(all.length % 10).toBe(0)
  expect(all.map(asciiDigits).join('')).toBe('0123456789'.repeat(all.length / 10))
})

test.each([
  ['٤١١١', '4111'],
  ['४२', '42'],
  ['４１', '41'],
  ['𝟎𝟗𝟘𝟡𝟶', '09090'],
  ['1٢3', '123'],
])('%s is %s', (given, digits) => expect(asciiDigits(given)).toBe(digits))
