import { afterAll, beforeAll, expect, it } from 'vitest'
import { openHouse, type TestHouse } from './house.ts'
import { buildWorld, type World } from './world.ts'

let house: TestHouse
let world: World

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
})
afterAll(() => house.close())

it.each([
  ['ana', 'portal', { kind: 'customer' }],
  ['ben', 'work', { employee: { name: 'Ben Ferri', role: 'employee' } }],
  ['pia', 'office', { employee: { name: 'Pia Moretti', role: 'officer' } }],
] as const)('%s is signed in to the %s', async (who, room, expected) => {
  const answer = await house.app.inject({
    url: `/api/v1/${room}/sessions/current`,
    cookies: world[who].cookies,
  })
  expect(answer.json()).toMatchObject(expected)
})

it('has customers who are not the same person', async () => {
  const [one, other] = [await world.join(), await world.join({ purposes: ['service'] })]
  expect(new Set([world.ana.id, one.id, other.id]).size).toBe(3)
  const consents = await house.app.inject({ url: '/api/v1/portal/consents', cookies: other.cookies })
  expect(consents.json().items.map((consent: { purpose: string }) => consent.purpose)).toEqual(['service'])
})
