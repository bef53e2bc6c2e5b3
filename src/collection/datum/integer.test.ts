import { describe, expect, test } from 'vitest'
import { judged, refused } from '../../../test/judged.ts'
import { integerOptions, integerRule } from './integer.ts'

const rule = integerRule({})

describe('a whole number', () => {
  test.each([
    ['12', 12],
    [' -3 ', -3],
    ['+7', 7],
    ['\u22125', -5],
    ['007', 7],
    [0, 0],
    [42, 42],
    ['9007199254740991', 9007199254740991],
    [-9007199254740991, -9007199254740991],
  ])('%o is kept as %o', (given, kept) => expect(judged(rule, given)).toBe(kept))

  test('has one zero', () => {
    for (const given of [-0, '-0', '0']) expect(Object.is(judged(rule, given), 0)).toBe(true)
  })

  test.each([
    '1.000',
    '1,000',
    '1 000',
    '12.0',
    '1e3',
    '0x10',
    '--1',
    'twelve',
    '١٢',
    1.5,
    Number.NaN,
    null,
    true,
    [],
    {},
  ])('%o is none', given => expect(judged(rule, given)).toEqual(refused('integer')))

  test.each(['9007199254740992', '-9007199254740993', 2 ** 53, 1e300])(
    '%o could not be kept exactly',
    given => expect(judged(rule, given)).toEqual(refused('too_many_digits')),
  )

  test.each([undefined, '', ' '])('%o is nothing: it is required', given =>
    expect(judged(rule, given)).toEqual(refused('required')),
  )

  test('lies between what the field allows, both ends taken', () => {
    const percent = integerRule({ least: 0, most: 100 })
    expect(judged(percent, 0)).toBe(0)
    expect(judged(percent, '100')).toBe(100)
    expect(judged(percent, '-1')).toEqual(refused('below_least'))
    expect(judged(percent, 101)).toEqual(refused('above_most'))
  })

  test('may not be asked for between two limits that have nothing between them', () => {
    expect(judged(integerOptions, { least: 5, most: 5 })).toEqual({ least: 5, most: 5 })
    expect(judged(integerOptions, { least: 6, most: 5 })).toEqual(refused('invalid'))
  })
})
