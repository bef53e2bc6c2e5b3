import { expect, test } from 'vitest'
import { closingLines, emptyTally, isGood } from './tally.ts'

const tally = (passed: number, failed: number, skipped: [string, number][] = []) => ({
  ...emptyTally(),
  passed,
  failed,
  skipped: new Map(skipped),
})

test('every reason to skip has its line, and the counts come last', () => {
  expect(
    closingLines(
      tally(7, 1, [
        ['no browser:\nget one', 3],
        ['no strace', 1],
      ]),
    ),
  ).toEqual(['3 skipped: no browser: get one', '1 skipped: no strace', '7 passed, 1 failed'])
})

test('a run is good when all passed, and in full only when nothing was skipped', () => {
  expect(isGood(tally(7, 0), true)).toBe(true)
  expect(isGood(tally(7, 0, [['no browser', 3]]), false)).toBe(true)
  expect(isGood(tally(7, 0, [['no browser', 3]]), true)).toBe(false)
  expect(isGood(tally(7, 1), false)).toBe(false)
})

test('a run in which nothing ran is not good', () => {
  expect(isGood(emptyTally(), false)).toBe(false)
})
