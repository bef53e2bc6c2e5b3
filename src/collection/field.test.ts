import { describe, expect, test } from 'vitest'
import type * as z from 'zod'
import {
  compartmentsOf,
  emailRule,
  fieldOf,
  findField,
  nameRule,
  optionalPhoneRule,
  phoneRule,
  purchaseLineRule,
  textRule,
} from './field.ts'

const judged = (rule: z.ZodType, given: unknown): unknown => {
  const result = rule.safeParse(given)
  return result.success
    ? result.data
    : { refused: result.error.issues.map(issue => issue.message || issue.code) }
}

const code = (rule: z.ZodType, given: unknown): string | undefined => {
  const result = rule.safeParse(given)
  return result.success ? undefined : result.error.issues[0]?.code
}

describe('a name', () => {
  test('is kept as it is written, without the spaces around it', () => {
    expect(judged(nameRule, '  Ana María  D’Angelo-Šimić ')).toBe('Ana María  D’Angelo-Šimić')
    expect(judged(nameRule, '李小龍')).toBe('李小龍')
  })

  test('has one spelling, however its accents were typed', () => {
    expect(judged(nameRule, 'Jose\u0301')).toBe('Jos\u00e9')
  })

  test.each(['', '   ', undefined])('%o is no name: it is required', given => {
    expect(judged(nameRule, given)).toEqual({ refused: ['required'] })
  })

  test('ends at 120 characters', () => {
    expect(judged(nameRule, 'a'.repeat(120))).toBe('a'.repeat(120))
    expect(code(nameRule, 'a'.repeat(121))).toBe('too_big')
  })

  test.each([
    ['Ana\nFerraris', 'control'],
    ['Ana\u0000', 'control'],
    ['Ana\u202eFerraris', 'direction'],
    ['Ana\u200bFerraris', 'invisible'],
    ['Ana\ud800', 'broken'],
    [7, 'invalid'],
    [null, 'invalid'],
  ])('%o is refused as %s', (given, fault) => {
    expect(judged(nameRule, given)).toEqual({ refused: [fault] })
  })
})

describe('an e-mail address', () => {
  test.each(['ana@example.org', 'Ana.Ferraris+shop@mail.example.co.uk', "o'neil@example.ie"])(
    '%s is one, kept as written',
    given => expect(judged(emailRule, ` ${given} `)).toBe(given),
  )

  test.each([
    'ana',
    'ana@',
    '@example.org',
    'ana@example',
    'a b@example.org',
    'ana@example..org',
    'a@b@c.org',
    5,
  ])('%o is none', given => expect(judged(emailRule, given)).toEqual({ refused: ['email'] }))

  test('a line break in it is refused: it would end up in the head of a mail', () => {
    expect(judged(emailRule, 'ana@example.org\r\nBcc: all@example.org')).toEqual({ refused: ['email'] })
  })

  test('is required, and ends at 254 characters', () => {
    expect(judged(emailRule, '')).toMatchObject({ refused: expect.arrayContaining(['required']) })
    expect(judged(emailRule, undefined)).toEqual({ refused: ['required'] })
    expect(code(emailRule, `${'a'.repeat(60)}@${'b'.repeat(60)}.${'c.'.repeat(80)}org`)).toBe('too_big')
  })
})

describe('a telephone number', () => {
  test.each([
    ['347 555 0142', '+393475550142'],
    ['+39 06 6982', '+39066982'],
    ['0039 347 5550142', '+393475550142'],
    ['+44 20 7946 0958', '+442079460958'],
    ['(347) 555-0142', '+393475550142'],
  ])('%s is kept as %s', (given, kept) => expect(judged(phoneRule, given)).toBe(kept))

  test.each(['12', 'call me', '+1 23', '347 555 0142 or my office', '', 347])('%o is refused', given => {
    expect(judged(phoneRule, given)).toEqual({ refused: ['phone'] })
  })
})

test('where a telephone number need not be given, a blank is none and a wrong one still refused', () => {
  expect(judged(optionalPhoneRule, ' ')).toBeNull()
  expect(judged(optionalPhoneRule, '347 555 0142')).toBe('+393475550142')
  expect(judged(optionalPhoneRule, '12')).toEqual({ refused: ['phone'] })
  expect(judged(optionalPhoneRule, undefined)).toEqual({ refused: ['required'] })
})

test.each([
  'ana\u200b@example.org',
  'ana@exa\u202emple.org',
  'ana@example.org\u0000',
  '\u0430na@example.org',
])('%j is no address: it holds what nobody sees in it', given =>
  expect(judged(emailRule, given)).toEqual({ refused: ['email'] }),
)

test('a text may hold no direction, no control and nothing invisible', () => {
  expect(judged(textRule, 'Where\u202e is it?')).toEqual({ refused: ['direction'] })
  expect(judged(textRule, 'Where\u001b[2J is it?')).toEqual({ refused: ['control'] })
  expect(judged(textRule, '\u200b\u2060')).toEqual({ refused: ['required'] })
})

test('the line of a purchase is judged like every text that people read', () => {
  const unit_price = { amount: 100, currency: 'GBP', exponent: 2 }
  const line = { code: ' 85123A', description: 'WHITE HOLDER ', quantity: 1, unit_price }
  expect(judged(purchaseLineRule, line)).toEqual({ ...line, code: '85123A', description: 'WHITE HOLDER' })
  expect(judged(purchaseLineRule, { ...line, description: '' })).toMatchObject({ description: '' })
  expect(judged(purchaseLineRule, { ...line, description: 'a\u202eb' })).toEqual({ refused: ['direction'] })
  expect(judged(purchaseLineRule, { ...line, code: 'a\u200bb' })).toEqual({ refused: ['invisible'] })
})

test('a text keeps its lines and loses the spaces around it', () => {
  expect(judged(textRule, ' Where is it?\r\nThank you. \n')).toBe('Where is it?\nThank you.')
  expect(judged(textRule, ' \n ')).toEqual({ refused: ['required'] })
  expect(code(textRule, 'x'.repeat(2001))).toBe('too_big')
})

test('a field is found by its code alone, and never by what an object inherits', () => {
  expect(findField('phone')?.compartment).toBe('contact')
  expect(findField('toString')).toBeNull()
  expect(() => fieldOf('salary')).toThrow('no field is called salary')
  expect(compartmentsOf(['email', 'phone', 'name'])).toEqual(['contact', 'identity'])
})
