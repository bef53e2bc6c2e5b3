import { expect, test } from 'vitest'
import { judged, refused } from '../../test/judged.ts'
import { compartmentsOf, fieldOf, findField, purchaseLineRule, textRule } from './field.ts'

test('a text may hold no direction, no control and nothing invisible', () => {
  expect(judged(textRule, 'Where\u202e is it?')).toEqual(refused('direction'))
  expect(judged(textRule, 'Where\u001b[2J is it?')).toEqual(refused('control'))
  expect(judged(textRule, '\u200b\u2060')).toEqual(refused('required'))
})

test('the line of a purchase is judged like every text that people read', () => {
  const unit_price = { amount: 100, currency: 'GBP', exponent: 2 }
  const line = { code: ' 85123A', description: 'WHITE HOLDER ', quantity: 1, unit_price }
  expect(judged(purchaseLineRule, line)).toEqual({ ...line, code: '85123A', description: 'WHITE HOLDER' })
  expect(judged(purchaseLineRule, { ...line, description: '' })).toMatchObject({ description: '' })
  expect(judged(purchaseLineRule, { ...line, description: 'a\u202eb' })).toEqual(refused('direction'))
  expect(judged(purchaseLineRule, { ...line, code: 'a\u200bb' })).toEqual(refused('invisible'))
})

test('a text keeps its lines and loses the spaces around it', () => {
  expect(judged(textRule, ' Where is it?\r\nThank you. \n')).toBe('Where is it?\nThank you.')
  expect(judged(textRule, ' \n ')).toEqual(refused('required'))
  expect(judged(textRule, 'x'.repeat(2001))).toEqual(refused('too_long'))
})

test('a field is found by its code alone, and never by what an object inherits', () => {
  expect(findField('phone')?.compartment).toBe('contact')
  expect(findField('toString')).toBeNull()
  expect(() => fieldOf('salary')).toThrow('no field is called salary')
  expect(compartmentsOf(['email', 'phone', 'name'])).toEqual(['contact', 'identity'])
})
