import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { judged } from '../../../test/judged.ts'
import { takeOutCards } from './card-trace.ts'
import { freeTextRule } from './free-text.ts'

test('the number goes, brand and last four digits are told, and the rest stays', () => {
  const { text, cards, codes } = takeOutCards('Please charge 4242 4242 4242 4242 on Monday, CVV 123. Thanks!')
  expect(text).toBe('Please charge on Monday, CVV . Thanks!')
  expect(cards).toEqual([{ brand: 'visa', last4: '4242', number: '4242424242424242' }])
  expect(codes).toBe(1)
})

test('a text without any stays as it is', () => {
  const given = 'Order 1234567890123456,  two  blanks, phone +39 347 555 0142\n'
  expect(takeOutCards(given)).toEqual({ text: given, cards: [], codes: 0 })
})

test('what is left passes the rule, whatever stands around the numbers', () => {
  const numbers = fc.constantFrom(
    '4242424242424242',
    '5555-5555-5555-4444',
    '3782 822463 10005',
    'CVV 123',
    'cvc:9999',
  )
  const words = fc.oneof(fc.string(), fc.stringMatching(/^[0-9 .-]{0,12}$/), fc.constant('\n'))
  fc.assert(
    fc.property(fc.array(fc.oneof(numbers, words), { maxLength: 8 }), parts => {
      const { text } = takeOutCards(`a ${parts.join('')}`)
      const answer = freeTextRule(5_000).safeParse(text)
      const faults = answer.error?.issues.map(issue => issue.message) ?? []
      expect(faults.filter(fault => fault === 'card_number' || fault === 'security_code')).toEqual([])
    }),
  )
  expect(judged(freeTextRule(500), takeOutCards('x 4242424242424242').text)).toBe('x')
})
