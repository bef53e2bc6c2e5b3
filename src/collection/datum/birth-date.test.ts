import { describe, expect, test } from 'vitest'
import { judged, refused } from '../../../test/judged.ts'
import { birthDateRule } from './birth-date.ts'

const rule = birthDateRule({ today: '2026-11-27' })

describe('a date of birth', () => {
  test.each(['1980-07-31', '2026-11-27', '1901-11-27'])('%s may be one', given =>
    expect(judged(rule, given)).toBe(given),
  )

  test('is not to come', () => {
    expect(judged(rule, '2026-11-28')).toEqual(refused('future'))
    expect(judged(rule, '9999-12-31')).toEqual(refused('future'))
  })

  test('is not more than 125 years ago', () => {
    expect(judged(rule, '1901-11-26')).toEqual(refused('too_old'))
    expect(judged(rule, '0001-01-01')).toEqual(refused('too_old'))
  })

  test('of 125 years is counted on the last day of a leap February too', () => {
    const onLeapDay = birthDateRule({ today: '2028-02-29' })
    expect(judged(onLeapDay, '1903-02-28')).toEqual(refused('too_old'))
    expect(judged(onLeapDay, '1903-03-01')).toBe('1903-03-01')
  })

  test('is a day of the calendar first', () => {
    expect(judged(rule, '1981-02-29')).toEqual(refused('no_such_date'))
    expect(judged(rule, '1981-02')).toEqual(refused('date_missing_day'))
    expect(judged(rule, '31.7.1980')).toEqual(refused('date'))
    expect(judged(rule, undefined)).toEqual(refused('required'))
  })
})
