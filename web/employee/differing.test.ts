import { expect, test } from 'vitest'
import { differing } from './differing.ts'

test('only what is not so in the other text is marked', () => {
  expect(differing('Livia Rossi', 'Lvia Rossi')).toEqual(['L', 'i', 'via Rossi'])
  expect(differing('Lvia Rossi', 'Livia Rossi')).toEqual(['L', '', 'via Rossi'])
  expect(differing('1984-05-07', '1984-07-05')).toEqual(['1984-0', '5-07', ''])
  expect(differing('Ada', 'Bo')).toEqual(['', 'Ada', ''])
  expect(differing('aa', 'aaa')).toEqual(['aa', '', ''])
  expect(differing('👩🏽', '👩🏿')).toEqual(['👩', '🏽', ''])
})
