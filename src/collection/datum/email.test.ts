import { describe, expect, test } from 'vitest'
import { judged, refused } from '../../../test/judged.ts'
import { emailRule } from './email.ts'

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
  ])('%o is none', given => expect(judged(emailRule, given)).toEqual(refused('email')))

  test('a line break in it is refused: it would end up in the head of a mail', () => {
    expect(judged(emailRule, 'ana@example.org\r\nBcc: all@example.org')).toEqual(refused('email'))
  })

  test('is required, and ends at 254 characters', () => {
    expect(judged(emailRule, '')).toEqual(refused('required'))
    expect(judged(emailRule, undefined)).toEqual(refused('required'))
    const long = `${'a'.repeat(60)}@${'b'.repeat(60)}.${'c.'.repeat(80)}org`
    expect(judged(emailRule, long)).toEqual(refused('too_long'))
  })

  test.each([
    'ana\u200b@example.org',
    'ana@exa\u202emple.org',
    'ana@example.org\u0000',
    '\u0430na@example.org',
  ])('%j is none: it holds what nobody sees in it', given =>
    expect(judged(emailRule, given)).toEqual(refused('email')),
  )
})
