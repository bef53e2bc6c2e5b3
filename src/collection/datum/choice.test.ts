import { describe, expect, test } from 'vitest'
import { judged, refused } from '../../../test/judged.ts'
import { choiceOptions, choiceRule } from './choice.ts'

const rule = choiceRule({ options: ['weekly', 'monthly', 'never'] })

describe('a choice', () => {
  test('is the code of one option', () => expect(judged(rule, ' monthly ')).toBe('monthly'))

  test.each(['daily', 'Weekly', 'weekly,monthly', 'toString', '__proto__', 'length', '0'])(
    '%s is no option',
    given => expect(judged(rule, given)).toEqual(refused('not_an_option')),
  )

  test('is required, and a text', () => {
    expect(judged(rule, '')).toEqual(refused('required'))
    expect(judged(rule, undefined)).toEqual(refused('required'))
    expect(judged(rule, ['weekly'])).toEqual(refused('invalid'))
  })
})

describe('the options', () => {
  test.each([
    [[], 'required'],
    [['a', 'a'], 'invalid'],
    [['A'], 'invalid'],
    [['__proto__'], 'invalid'],
    [['a b'], 'invalid'],
    [Array.from({ length: 201 }, (_, index) => `o${index}`), 'too_long'],
  ])('%o are refused as %s', (options, fault) => {
    expect(judged(choiceOptions, { options })).toEqual(refused(fault))
  })
})
