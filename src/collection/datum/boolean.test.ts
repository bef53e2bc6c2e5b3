import { expect, test } from 'vitest'
import { judged, refused } from '../../../test/judged.ts'
import { booleanRule } from './boolean.ts'

test.each([
  [true, true],
  [false, false],
  ['true', true],
  ['false', false],
])('%o is %o', (given, kept) => expect(judged(booleanRule, given)).toBe(kept))

test.each(['yes', 'TRUE', '', 0, 1, null, [], {}])('%o is neither yes nor no', given =>
  expect(judged(booleanRule, given)).toEqual(refused('boolean')),
)

test('one of the two is required', () => expect(judged(booleanRule, undefined)).toEqual(refused('required')))
