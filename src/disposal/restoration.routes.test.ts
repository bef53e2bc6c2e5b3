import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { slotsOf } from '../../test/leaver.ts'
import { newEmployee, newSession } from '../../test/people.ts'
import { backUp, removeBackup, reopen } from '../../test/restored-house.ts'
import { buildWorld, type CustomerInWorld, type World } from '../../test/world.ts'
import { resumeErasures } from './resumption.ts'

let before: TestHouse
let house: TestHouse
let world: World
let younger: CustomerInWorld
let lost: number[]
let pia: Record<string, string>
let otto: Record<string, string>
let ben: Record<string, string>
let id: string

const url = () => `/api/v1/office/restorations/${id}/shreddings`
const get = (path: string, cookies: Record<string, string> = {}) =>
  house.app.inject({ url: `/api/v1${path}`, cookies })
const shred = (cookies: Record<string, string> = {}, path = url(), payload: object = {}) =>
  house.app.inject({ method: 'POST', url: path, cookies, payload })

beforeAll(async () => {
  before = await openHouse()
  world = await buildWorld(before)
  const officer = await newEmployee(before, 'officer', 'office')
  const folder = await backUp(before)
  younger = await world.join()
  lost = Object.values(await slotsOf(before.owner, younger.id))
  house = (await reopen(folder, before)).house
  await removeBackup(folder)
  const trailOf = async (who: string) =>
    house.owner.one<{ id: string; alias: string; trail: number }>(
      'select id, alias, trail from subject where id = $1',
      [who],
    )
  pia = (await newSession(house, 'office', await trailOf(world.pia.id))).cookies
  otto = (await newSession(house, 'office', officer)).cookies
  ben = (await newSession(house, 'work', await trailOf(world.ben.id))).cookies
  id = (await house.owner.one<{ id: string }>('select id from restoration')).id
}, 120_000)
afterAll(async () => {
  await house?.close()
  await before.app.close()
})

describe('what a restore did', () => {
  it('is shown to officers alone', async () => {
    expect((await get('/office/restorations')).statusCode).toBe(401)
    expect((await get('/office/restorations', ben)).statusCode).toBe(401)
    const { items } = (await get('/office/restorations', pia)).json()
    expect(items).toMatchObject([{ id, shredding: null, counts: { lost: { people: 2 } } }])
  })
})

describe('the slots of whom a restore has lost', () => {
  it('are shredded by no stranger, no employee, and not for a restore that never was', async () => {
    expect((await shred()).statusCode).toBe(401)
    expect((await shred(ben)).statusCode).toBe(401)
    expect((await shred(pia, '/api/v1/office/restorations/1/shreddings')).statusCode).toBe(400)
    expect((await shred(pia, url(), { all: true })).statusCode).toBe(400)
    const other = '/api/v1/office/restorations/00000000-0000-4000-8000-000000000000/shreddings'
    expect((await shred(pia, other)).statusCode).toBe(404)
  })

  it('are not shredded by one officer, however often she asks', async () => {
    expect((await shred(pia)).json()).toEqual({ confirmed: false })
    expect((await shred(pia)).json()).toMatchObject({ code: 'conflict', detail: { reason: 'oneself' } })
    expect((await house.keeper.erasedAfter(-1, 10_000)).slots).not.toContain(lost[0])
  })

  it('are shredded when a second one confirms, and nobody else’s are', async () => {
    const alive = (await house.owner.query<{ number: number }>('select number from slot')).map(
      row => row.number,
    )
    expect((await shred(otto)).json()).toEqual({ confirmed: true })
    await resumeErasures(house.house)
    const { slots } = await house.keeper.erasedAfter(-1, 10_000)
    expect(slots).toEqual(expect.arrayContaining(lost))
    expect(slots.filter(slot => alive.includes(slot))).toEqual([])
    expect((await shred(pia)).json()).toMatchObject({ code: 'conflict', detail: { reason: 'confirmed' } })
    const [shown] = (await get('/office/restorations', pia)).json().items
    expect(shown.shredding).toMatchObject({ asked_by: world.pia.pseudonym, done_at: expect.any(String) })
    expect(shown.shredding.slots).toBeGreaterThanOrEqual(lost.length)
  })

  it('leave everybody who comes later with slots of their own', async () => {
    const { id: next } = await newEmployee(house)
    const erased = new Set((await house.keeper.erasedAfter(-1, 10_000)).slots)
    expect(Object.values(await slotsOf(house.owner, next)).filter(slot => erased.has(slot))).toEqual([])
  })
})
