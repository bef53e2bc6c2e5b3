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

it('counts each key apart and forgives the one that was right', () => {
  const attempts = new Attempts(new SetClock(new Date()), 1, 15)
  attempts.take('a')
  attempts.take('b')
  attempts.forgive('a')
  attempts.take('a')
  expect(() => attempts.take('b')).toThrow(refused)
})

it('forgets the oldest rather than fill the memory', () => {
  const attempts = new Attempts(new SetClock(new Date()), 1, 15)
  for (let n = 0; n <= 50_000; n++) attempts.take(`key ${n}`)
  attempts.take('key 0')
  expect(() => attempts.take('key 50000')).toThrow(refused)
})
