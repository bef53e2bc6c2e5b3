import { expect, test } from 'vitest'
import { passesLuhn } from './luhn.ts'

// The number that Wikipedia's "Luhn algorithm" explains, and two numbers that card networks publish for tests.
test.each(['79927398713', '4111111111111111', '378282246310005'])('%s passes', digits =>
  expect(passesLuhn(digits)).toBe(true),
)

test('one wrong digit is found at every place', () => {
  const right = '4111111111111111'
  for (let place = 0; place < right.length; place += 1)
    for (const digit of '0123456789')
      if (digit !== right[place])
        expect(passesLuhn(right.slice(0, place) + digit + right.slice(place + 1))).toBe(false)
})
