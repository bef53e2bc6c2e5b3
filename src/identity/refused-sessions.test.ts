import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { RefusedSessions } from './refused-sessions.ts'

let house: TestHouse

beforeAll(async () => {
  house = await openHouse()
})
afterAll(async () => {
  vi.useRealTimers()
  await house.close()
})

const size = async () => (await house.keeper.status()).size

/** Lets a minute pass for `setTimeout` alone, and waits for what was begun then. */
async function passMinute(refused: RefusedSessions, times: number): Promise<void> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  for (let n = 0; n < times; n++) refused.add()
  vi.advanceTimersByTime(60_000)
  vi.useRealTimers()
}

it('writes one entry for all that were refused within a minute, and none for a minute without', async () => {
  const refused = new RefusedSessions(house.house)
  const before = await size()
  await passMinute(refused, 5)
  await vi.waitFor(async () => expect(await size()).toBe(before + 1))
  await passMinute(refused, 0)
  await refused.write()
  expect(await size()).toBe(before + 1)
  await passMinute(refused, 2)
  await vi.waitFor(async () => expect(await size()).toBe(before + 2))
})
