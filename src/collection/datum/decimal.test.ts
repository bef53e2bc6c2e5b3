import { describe, expect, test } from 'vitest'
import { judged, refused } from '../../../test/judged.ts'
import { decimalOptions, decimalRule } from './decimal.ts'

const rule = decimalRule({ digits: 6, places: 2 })

describe('a decimal number', () => {
  test.each([
    ['12.50', '12.50'],
    ['12,5', '12.50'],
    ['12', '12.00'],
    [' -0007,25 ', '-7.25'],
    ['\u22121,1', '-1.10'],
    ['+3', '3.00'],
    ['000', '0.00'],
    ['-0,00', '0.00'],
    ['9999.99', '9999.99'],
  ])('%s is kept as %s', (given, kept) => expect(judged(rule, given)).toBe(kept))

  test.each(['1.234,50', '1,234.50', '1 234', '.5', '5.', '1e3', 'twelve', '١٢', '12,-', '€ 12'])(
    '%s is none',
    given => expect(judged(rule, given)).toEqual(refused('decimal')),
  )

  test('is not rounded', () => {
    expect(judged(rule, '0.125')).toEqual(refused('too_many_places'))
    expect(judged(rule, '1,000')).toEqual(refused('too_many_places'))
    expect(judged(rule, '10000')).toEqual(refused('too_many_digits'))
    expect(judged(rule, '1'.repeat(150))).toEqual(refused('too_many_digits'))
  })

  test('has as many digits as no binary fraction holds', () => {
    const long = '12345678901234567890.1234567890'
    expect(judged(decimalRule({ digits: 30, places: 10 }), long)).toBe(long)
  })

  test('may have no places, or nothing else', () => {
    expect(judged(decimalRule({ digits: 3, places: 0 }), '012')).toBe('12')
    expect(judged(decimalRule({ digits: 3, places: 0 }), '1.0')).toEqual(refused('too_many_places'))
    expect(judged(decimalRule({ digits: 2, places: 2 }), '0,25')).toBe('0.25')
    expect(judged(decimalRule({ digits: 2, places: 2 }), '1,25')).toEqual(refused('too_many_digits'))
  })

  test('lies between what the field allows, both ends taken', () => {
    const share = decimalRule({ digits: 5, places: 2, least: '-0.5', most: '100' })
    expect(judged(share, '-0,50')).toBe('-0.50')
    expect(judged(share, '100')).toBe('100.00')
    expect(judged(share, '-0.51')).toEqual(refused('below_least'))
    expect(judged(share, '100.01')).toEqual(refused('above_most'))
  })

  test('is a text: a number has been rounded before', () => {
    expect(judged(rule, 12.5)).toEqual(refused('invalid'))
    expect(judged(rule, undefined)).toEqual(refused('required'))
    expect(judged(rule, '')).toEqual(refused('required'))
  })

  test('is asked for in a size and between limits that are possible', () => {
    expect(judged(decimalOptions, {})).toEqual({ digits: 12, places: 2 })
    expect(judged(decimalOptions, { digits: 2, places: 3 })).toEqual(refused('too_many_places'))
    expect(judged(decimalOptions, { least: '1', most: '1' })).toMatchObject({ least: '1' })
    expect(judged(decimalOptions, { least: '2', most: '1' })).toEqual(refused('invalid'))
    expect(judged(decimalOptions, { most: '1.234' })).toEqual(refused('invalid'))
    expect(judged(decimalOptions, { least: 'few' })).toEqual(refused('invalid'))
  })
})
