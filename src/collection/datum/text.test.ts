import { describe, expect, test } from 'vitest'
import type * as z from 'zod'
import { lineRule, linesRule, textFaults } from './text.ts'

const line = lineRule(200)
const lines = linesRule(200)

/** The text as it is kept, or the codes of what is wrong with it. */
const judged = (rule: z.ZodType, given: unknown) => {
  const result = rule.safeParse(given)
  return result.success ? result.data : result.error.issues.map(issue => issue.message)
}

const wrong: [string, string, string][] = [
  ['a zero byte', 'Ana\u0000', 'control'],
  ['an escape sequence', 'Ana \u001b[31mred', 'control'],
  ['a bell', 'A\u0007na', 'control'],
  ['a deleted sign', 'Ana\u007f', 'control'],
  ['a C1 control', 'A\u009bna', 'control'],
  ['a next-line sign', 'A\u0085na', 'control'],
  ['an annotation', 'A\ufff9na', 'control'],
  ['a sign that is none', 'A\ufffena', 'control'],
  ['a left-to-right embedding', 'A\u202ana', 'direction'],
  ['a right-to-left override', 'gnp.\u202eexe', 'direction'],
  ['a pop of direction', 'A\u202cna', 'direction'],
  ['a left-to-right isolate', 'A\u2066na', 'direction'],
  ['a pop of isolation', 'A\u2069na', 'direction'],
  ['a left-to-right mark', 'A\u200ena', 'direction'],
  ['a right-to-left mark', 'A\u200fna', 'direction'],
  ['an Arabic letter mark', 'A\u061cna', 'direction'],
  ['a zero-width space', 'A\u200bna', 'invisible'],
  ['a word joiner', 'A\u2060na', 'invisible'],
  ['a byte order mark', 'A\ufeffna', 'invisible'],
  ['a soft hyphen', 'A\u00adna', 'invisible'],
  ['a Hangul filler', 'A\u3164na', 'invisible'],
  ['a hidden tag', 'A\u{e0041}na', 'invisible'],
  ['the sign of a tag', 'A\u{e0001}na', 'invisible'],
  ['a joiner at the beginning', '\u200dAna', 'invisible'],
  ['a joiner at the end', 'Ana\u200c', 'invisible'],
  ['a joiner before a space', 'Ana\u200d Maria', 'invisible'],
  ['two joiners in a row', 'A\u200c\u200dna', 'invisible'],
  ['a variation of nothing', 'Ana \ufe0fMaria', 'invisible'],
  ['variations in a row', 'A\ufe01\ufe02\ufe03na', 'invisible'],
  ['the first half of a character', 'Ana\ud83d', 'broken'],
  ['the second half of a character', '\ude00Ana', 'broken'],
]

describe.each([
  ['one line', line],
  ['a text of several lines', lines],
])('%s', (_what, rule) => {
  test.each(wrong)('with %s is refused', (_name, given, fault) => {
    expect(judged(rule, given)).toEqual([fault])
  })

  test.each([
    ['', 'nothing'],
    [' \u00a0\u3000 ', 'blanks'],
    ['\u200b\u2060\ufeff', 'signs of no width'],
    ['\u3164', 'a Hangul filler'],
    ['\u2800', 'a blank of Braille'],
    ['\u202e\u202c', 'directions'],
    ['\u{e0041}', 'a hidden tag'],
    ['\u0000', 'a zero byte'],
    ['\n\n', 'line breaks'],
  ])('%2$s alone is required', given => {
    expect(judged(rule, given)).toEqual(['required'])
  })

  test.each([
    'Ana María D’Angelo-Šimić',
    '李小龍',
    'علی\u200cرضا',
    'क्\u200dष',
    'ශ්\u200dරී ලංකා',
    '👩\u200d👧\u200d👦',
    '❤\ufe0f\u200d🔥',
    '1\ufe0f\u20e3',
    '葛\u{e0100}城',
    'אנה',
    '٣ أسئلة',
    'Where is it? 100 % “sure”: naïve, façade, œuvre & <b>',
  ])('%s is kept as it is', given => {
    expect(judged(rule, given)).toBe(given.normalize('NFC'))
  })

  test('has one spelling, and loses the blanks around it', () => {
    expect(judged(rule, ' \u00a0Jose\u0301\t')).toBe('Jos\u00e9')
  })

  test('ends where it must', () => {
    expect(judged(rule, 'é'.repeat(200))).toBe('é'.repeat(200))
    expect(rule.safeParse('é'.repeat(201)).error?.issues[0]?.code).toBe('too_big')
  })

  test.each([7, null, {}])('%o is none', given => {
    expect(judged(rule, given)).toEqual(['invalid'])
  })

  test('is required', () => expect(judged(rule, undefined)).toEqual(['required']))
})

test('a line has no second one', () => {
  for (const given of ['Ana\nFerraris', 'Ana\r\nFerraris', 'Ana\u2028Ferraris', 'Ana\u2029Ferraris', 'A\tb'])
    expect(judged(line, given)).toEqual(['control'])
})

test('several lines are kept, however they were broken, and tabs as blanks', () => {
  expect(judged(lines, 'One\r\nTwo\rThree\n\nFour\tfive')).toBe('One\nTwo\nThree\n\nFour five')
  expect(judged(lines, 'One\u2028Two\u2029Three')).toBe('One\nTwo\nThree')
})

test('a line that may be left empty is judged all the same', () => {
  const optional = lineRule(200, { empty: true })
  expect(judged(optional, ' ')).toBe('')
  expect(judged(optional, '\u200b')).toEqual(['invisible'])
  expect(judged(optional, 'A\u202eb')).toEqual(['direction'])
})

test('every fault is found by one of these texts', () => {
  expect([...new Set(wrong.map(([, , fault]) => fault))].sort()).toEqual([...textFaults].sort())
})
