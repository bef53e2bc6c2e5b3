import { describe, expect, test } from 'vitest'
import { judged, refused } from '../../../test/judged.ts'
import { dateRule } from './date.ts'

describe('a date', () => {
  test.each(['2026-11-27', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])('%s is one', given =>
    expect(judged(dateRule, ` ${given} `)).toBe(given),
  )

  // 1900 and 2100 are no leap years (the bull Inter gravissimas of 1582).
  test.each([
    '2023-02-29',
    '1900-02-29',
    '2100-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '0000-01-01',
  ])('%s is in no calendar', given => expect(judged(dateRule, given)).toEqual(refused('no_such_date')))

  test.each(['2026-11', '1980'])('%s has no day', given =>
    expect(judged(dateRule, given)).toEqual(refused('date_missing_day')),
  )

  test.each([
    '27/11/2026',
    '11-27-2026',
    '2026-11-7',
    '20261127',
    '2026-11-27T00:00:00Z',
    '+002026-11-27',
    '-0044-03-15',
    '٢٠٢٦-١١-٢٧',
    'yesterday',
  ])('%s may mean anything: it is refused', given => expect(judged(dateRule, given)).toEqual(refused('date')))

  test('is required, and a text', () => {
    expect(judged(dateRule, '')).toEqual(refused('required'))
    expect(judged(dateRule, undefined)).toEqual(refused('required'))
    expect(judged(dateRule, new Date(0))).toEqual(refused('invalid'))
    expect(judged(dateRule, 20261127)).toEqual(refused('invalid'))
  })
})
