import { describe, expect, test } from 'vitest'
import { judged, refused } from '../../../test/judged.ts'
import { optionalPhoneRule, phoneOptions, phoneRule, phoneRuleOf } from './phone.ts'

describe('a telephone number', () => {
  test.each([
    ['347 555 0142', '+393475550142'],
    ['+39 06 6982', '+39066982'],
    ['0039 347 5550142', '+393475550142'],
    ['+44 20 7946 0958', '+442079460958'],
    ['(347) 555-0142', '+393475550142'],
  ])('%s is kept as %s', (given, kept) => expect(judged(phoneRule, given)).toBe(kept))

  test.each(['12', 'call me', '+1 23', '347 555 0142 or my office', '', 347])('%o is refused', given => {
    expect(judged(phoneRule, given)).toEqual(refused('phone'))
  })

  test('is of the country that the field says, where it names none', () => {
    expect(judged(phoneRuleOf('GB'), '020 7946 0958')).toBe('+442079460958')
    expect(judged(phoneRuleOf('GB'), '+39 347 555 0142')).toBe('+393475550142')
  })

  test('needs a country that has numbers, and is Italian unless told', () => {
    expect(judged(phoneOptions, {})).toEqual({ country: 'IT' })
    for (const country of ['AQ', 'XX', 'it', '__proto__', ''])
      expect(judged(phoneOptions, { country })).toEqual(refused('country'))
  })
})

test('where a telephone number need not be given, a blank is none and a wrong one still refused', () => {
  expect(judged(optionalPhoneRule, ' ')).toBeNull()
  expect(judged(optionalPhoneRule, '347 555 0142')).toBe('+393475550142')
  expect(judged(optionalPhoneRule, '12')).toEqual(refused('phone'))
  expect(judged(optionalPhoneRule, undefined)).toEqual(refused('required'))
})
