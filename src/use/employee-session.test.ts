import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { codeAt } from '../../test/authenticator.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { SetStopwatch } from '../../test/set-stopwatch.ts'
import { buildWorld, type World } from '../../test/world.ts'
import { EmployeeSignIn } from './employee-session.ts'

let house: TestHouse
let world: World

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
})
afterAll(() => house.close())
// Each test has time steps of its own.
beforeEach(() => house.clock.advance(16 * 60_000))

const proofs = (who: 'ben' | 'pia') => ({
  email: world[who].email,
  password: world[who].password,
  code: codeAt(world[who].totpSecret, house.clock.now()),
})
const refused = (code: string) => expect.objectContaining({ code })
const doorWith = (stopwatch: SetStopwatch) => new EmployeeSignIn({ ...house.house, stopwatch })
const signIn = (door: EmployeeSignIn, change: object = {}, remote = '192.0.2.1') =>
  door.signIn('work', { ...proofs('ben'), ...change }, remote)

describe('the time of an answer', () => {
  it.each([
    ['an unknown address', { email: 'nobody@example.org' }, 'wrong_credentials'],
    ['a wrong password', { password: 'seven boats by the peer' }, 'wrong_credentials'],
    ['a wrong code beside the right password', { code: '000000' }, 'wrong_credentials'],
  ])('is the same for %s', async (_what, change, code) => {
    const stopwatch = new SetStopwatch()
    await expect(signIn(doorWith(stopwatch), change)).rejects.toEqual(refused(code))
    expect(stopwatch.read()).toBe(250)
  })

  it('is the same for a code that was used', async () => {
    const stopwatch = new SetStopwatch()
    const door = doorWith(stopwatch)
    await signIn(door)
    expect(stopwatch.read()).toBe(0)
    await expect(signIn(door)).rejects.toEqual(refused('wrong_credentials'))
    expect(stopwatch.read()).toBe(250)
  })

  it('is waited for without a connection, a transaction or a grant', async () => {
    const live: unknown[][] = []
    const { pool } = house.house.database
    const stopwatch = new SetStopwatch(0, async () => {
      // What other work holds it gives back; what the sign-in held now it would hold for ever.
      await vi.waitFor(() => expect(pool.idleCount).toBe(pool.totalCount))
      live.push(await house.owner.query(`select id from grants where kind = 'signin' and ended_at is null`))
    })
    const door = doorWith(stopwatch)
    await expect(signIn(door, { code: '000000' })).rejects.toEqual(refused('wrong_credentials'))
    expect(live).toEqual([[]])
  })
})

describe('whoever has one good account', () => {
  it('gains no more guesses at the others with it', async () => {
    const door = doorWith(new SetStopwatch())
    const guess = (n: number) => signIn(door, { email: `guessed.${n}@example.org` })
    const guesses = await Promise.allSettled(Array.from({ length: 99 }, (_, n) => guess(n)))
    expect(guesses.filter(({ status }) => status === 'fulfilled')).toEqual([])
    await door.signIn('office', proofs('pia'), '192.0.2.1')
    await expect(guess(100)).rejects.toEqual(refused('wrong_credentials'))
    await expect(guess(101)).rejects.toEqual(refused('rate_limited'))
    expect(await signIn(door, {}, '192.0.2.2')).toMatchObject({ employee: { id: world.ben.id } })
  })

  it('is not counted for signing in', async () => {
    const door = doorWith(new SetStopwatch())
    for (let n = 0; n < 12; n++) {
      house.clock.advance(30_000)
      await signIn(door)
    }
  })
})

it('an employee who signs in gives no new guesses to who tries their address from elsewhere', async () => {
  const door = doorWith(new SetStopwatch())
  const guess = () => signIn(door, { password: 'seven boats by the peer' }, '192.0.2.9')
  for (let n = 0; n < 9; n++) await expect(guess()).rejects.toEqual(refused('wrong_credentials'))
  await signIn(door)
  await expect(guess()).rejects.toEqual(refused('wrong_credentials'))
  await expect(guess()).rejects.toEqual(refused('rate_limited'))
})
