import { expect, it } from 'vitest'
import { SetClock } from '../core/clock.ts'
import { Attempts } from './attempts.ts'

const refused = expect.objectContaining({ code: 'rate_limited' })

it('refuses the attempt after the last that is allowed, until the time has passed', () => {
  const clock = new SetClock(new Date())
  const attempts = new Attempts(clock, 3, 15)
  for (let n = 0; n < 3; n++) attempts.take('a')
  expect(() => attempts.take('a')).toThrow(refused)
  clock.advance(15 * 60_000 - 1)
  expect(() => attempts.take('a')).toThrow(refused)
  clock.advance(1)
  attempts.take('a')
})

it('counts each key apart', () => {
  const attempts = new Attempts(new SetClock(new Date()), 1, 15)
  attempts.take('a')
  attempts.take('b')
  expect(() => attempts.take('a')).toThrow(refused)
  expect(() => attempts.take('b')).toThrow(refused)
})

it('forgives the one attempt that was right and none of those before', () => {
  const attempts = new Attempts(new SetClock(new Date()), 3, 15)
  attempts.take('a')
  attempts.take('a')
  const forgive = attempts.take('a')
  forgive()
  forgive()
  attempts.take('a')
  expect(() => attempts.take('a')).toThrow(refused)
})

it('forgives nothing that was counted anew since', () => {
  const clock = new SetClock(new Date())
  const attempts = new Attempts(clock, 1, 15)
  const forgive = attempts.take('a')
  clock.advance(15 * 60_000)
  attempts.take('a')
  forgive()
  expect(() => attempts.take('a')).toThrow(refused)
})

it('forgets the oldest rather than fill the memory', () => {
  const attempts = new Attempts(new SetClock(new Date()), 1, 15)
  for (let n = 0; n <= 50_000; n++) attempts.take(`key ${n}`)
  attempts.take('key 0')
  expect(() => attempts.take('key 50000')).toThrow(refused)
})
