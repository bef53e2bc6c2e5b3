import { describe, expect, test } from 'vitest'
import { judged, refused } from '../../../test/judged.ts'
import { nameRule } from './name.ts'

describe('a name', () => {
  test('is kept as it is written, without the spaces around it', () => {
    expect(judged(nameRule, '  Ana María  D’Angelo-Šimić ')).toBe('Ana María  D’Angelo-Šimić')
    expect(judged(nameRule, '李小龍')).toBe('李小龍')
  })

  test('has one spelling, however its accents were typed', () => {
    expect(judged(nameRule, 'Jose\u0301')).toBe('Jos\u00e9')
  })

  test.each(['', '   ', undefined])('%o is no name: it is required', given => {
    expect(judged(nameRule, given)).toEqual(refused('required'))
  })

  test('ends at 120 characters', () => {
    expect(judged(nameRule, 'a'.repeat(120))).toBe('a'.repeat(120))
    expect(judged(nameRule, 'a'.repeat(121))).toEqual(refused('too_long'))
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
    expect(judged(nameRule, given)).toEqual(refused(fault))
  })
})
