import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkOf, readShare, type Share, writeShare } from './share.ts'

const about = { set: randomBytes(7), threshold: 3, of: 5, expires: '2027-01-31' }
const secret = randomBytes(32)
const share: Share = { ...about, number: 2, check: checkOf(secret, about), part: randomBytes(33) }
const text = writeShare(share)

test('a share is a head that a person reads and 24 groups of four letters', () => {
  const [head, ...lines] = text.split('\n')
  expect(head).toMatch(/^CUSTODE RECOVERY SHARE 2 of 5, any 3 open, set [0-9A-Z]{8}, until 2027-01-31$/)
  expect(lines).toHaveLength(3)
  for (const line of lines) expect(line).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}( [0-9A-HJKMNP-TV-Z]{4}){7}$/)
})

test('it is read as it was written, with or without its head, however it was typed', () => {
  expect(readShare(text, 'this')).toEqual(share)
  const typed = text.split('\n').slice(1).join('-').toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')
  expect(readShare(typed, 'this')).toEqual(share)
})

test('one wrong letter anywhere, or two that changed places, are noticed', () => {
  const letters = text.split('\n').slice(1).join('').replaceAll(' ', '')
  fc.assert(
    fc.property(
      fc.nat(letters.length - 1),
      fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'),
      (at, letter) => {
        fc.pre(letters[at] !== letter)
        const wrong = letters.slice(0, at) + letter + letters.slice(at + 1)
        expect(() => readShare(wrong, 'the 2nd share given')).toThrow(/the 2nd share given is/)
      },
    ),
    { numRuns: 500 },
  )
  for (let at = 0; at + 1 < letters.length; at++) {
    const [left = '', right = ''] = [letters[at], letters[at + 1]]
    if (left === right) continue
    const swapped = letters.slice(0, at) + right + left + letters.slice(at + 2)
    expect(() => readShare(swapped, 'this')).toThrow(/this is/)
  }
})

test.each([
  ['', /has 0 letters, and a share has 96/],
  [`${text}X`, /has 97 letters/],
  [text.replace(/.$/, 'U'), /holds a character that no share has/],
])('what is no share is told by its place', (typed, message) => {
  expect(() => readShare(typed, 'the 1st share given')).toThrow(message)
})

test('a day that is none is refused', () => {
  for (const expires of ['2027-02-30', '31.1.2027', '', '2027-1-1'])
    expect(() => writeShare({ ...share, expires })).toThrow(/such as 2027-01-31/)
})
