import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { Refusal } from '../core/refusal.ts'
import { readShare, writeShare } from '../custodian/share.ts'
import { findIsolation } from './isolation.ts'
import { joinShares, splitSecret } from './splitter-process.ts'

const isolation = findIsolation()
const secret = randomBytes(32)
const made = await splitSecret(secret, { shares: 5, threshold: 3, expires: '2027-01-31' }, isolation)
const [first = '', second = '', third = '', fourth = '', fifth = ''] = made.shares

const whyOf = (act: Promise<unknown>) =>
  act.then(
    () => 'nothing was refused',
    error => (error instanceof Refusal ? error.why : String(error)),
  )

test.each([
  [first, second, third],
  [fifth, second, fourth],
  [first, third, fifth, fourth, second],
])('any three of five give the secret back, in any order', async (...shares) => {
  const joined = await joinShares(shares, isolation)
  expect(joined).toEqual({ secret, set: made.set, threshold: 3, of: 5, expires: '2027-01-31' })
})

test('no share holds the secret, and each says which one it is', () => {
  for (const [at, text] of made.shares.entries()) {
    expect(text).toContain(`SHARE ${at + 1} of 5, any 3 open, set ${made.set}, until 2027-01-31`)
    expect(readShare(text, 'this').part.includes(secret)).toBe(false)
  }
})

test('too few, twice the same, and one of another set are told by name', async () => {
  const other = await splitSecret(secret, { shares: 3, threshold: 3, expires: '2027-01-31' }, isolation)
  const stranger = other.shares[1] ?? ''
  expect(await whyOf(joinShares([first, second], isolation))).toBe(
    '2 of 3 shares were given: that is too few',
  )
  expect(await whyOf(joinShares([first, second, first], isolation))).toBe(
    'the 3rd share given (number 1) was given twice',
  )
  expect(await whyOf(joinShares([first, stranger, third], isolation))).toBe(
    `the 2nd share given (number 2) is of set ${other.set}, the 1st is of set ${made.set}`,
  )
  const letter = second.at(-1) === '0' ? '8' : '0'
  expect(await whyOf(joinShares([first, `${second.slice(0, -1)}${letter}`, third], isolation))).toBe(
    'the 2nd share given is mistyped: its checksum does not fit',
  )
})

test('a share that was forged gives nothing back', async () => {
  const forged = readShare(second, 'this')
  forged.part[0]! ^= 1
  expect(await whyOf(joinShares([first, writeShare(forged), third], isolation))).toBe(
    'the shares do not give back what was split',
  )
  const lowered = writeShare({ ...readShare(second, 'this'), threshold: 2 })
  const lower = writeShare({ ...readShare(first, 'this'), threshold: 2 })
  expect(await whyOf(joinShares([lower, lowered], isolation))).toBe(
    'the shares do not give back what was split',
  )
})

test.each([
  [{ shares: 1, threshold: 1, expires: '2027-01-31' }, /^shares must be from 2 to 20$/],
  [{ shares: 21, threshold: 2, expires: '2027-01-31' }, /^shares must be from 2 to 20$/],
  [{ shares: 3, threshold: 4, expires: '2027-01-31' }, /^threshold must be no more than shares$/],
  [{ shares: 3, threshold: 1, expires: '2027-01-31' }, /^threshold must be from 2 to 20$/],
  [{ shares: 3, threshold: 2, expires: 'soon' }, /^expires must be a day/],
])('splitting into %o is refused', async (into, message) => {
  expect(await whyOf(splitSecret(secret, into, isolation))).toMatch(message)
})

test('anything but 32 bytes is refused', async () => {
  const into = { shares: 3, threshold: 2, expires: '2027-01-31' }
  expect(await whyOf(splitSecret(randomBytes(31), into, isolation))).toBe('secret must be 32 bytes')
})
