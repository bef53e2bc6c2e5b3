import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Death, dyingHouse } from '../../test/dying-house.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { buildWorld, type CustomerInWorld, type World } from '../../test/world.ts'
import { KeeperRefusal } from '../keeper/client.ts'
import { makeGrant } from '../use/grant.ts'
import { read } from '../use/reading.ts'
import { withdrawOne } from './consent-withdrawal.ts'
import { resumeErasures } from './resumption.ts'

let house: TestHouse
let world: World

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
})
afterAll(() => house.close())

interface ShownConsent {
  id: string
  purpose: string
  withdrawn_at: string | null
}

async function consentTo(purpose: string, customer: CustomerInWorld): Promise<ShownConsent> {
  const response = await house.app.inject({ url: '/api/v1/portal/consents', cookies: customer.cookies })
  const { items } = response.json<{ items: ShownConsent[] }>()
  return items.find(one => one.purpose === purpose)!
}

const withdraw = (id: string, cookies: Record<string, string>, payload: object = {}) =>
  house.app.inject({ method: 'POST', url: `/api/v1/consents/${id}/withdrawals`, cookies, payload })

const join = () => world.join({ purposes: ['service', 'offers'] })

const grantFor = (purpose: string, subject: string) =>
  makeGrant(house.house, {
    ...{ kind: 'job', session: null, actor: 'system', subjects: [subject], purpose },
    ...{ fields: ['name'], compartments: ['identity'], minutes: 5, most: 100 },
  })

async function withdrawDyingAt(at: number, customer: CustomerInWorld, id?: string) {
  const consent = id ?? (await consentTo('offers', customer)).id
  const { house: dying, calls } = dyingHouse(house.house, { at: at + 1, when: 'before' })
  const who = { subject: customer.id, actor: 'customer' }
  const error: unknown = await withdrawOne(dying, who, consent).then(
    () => null,
    thrown => thrown,
  )
  return { calls, error }
}

describe('taking back one consent', () => {
  it('is refused when the customer is not signed in, or asks wrongly', async () => {
    const customer = await join()
    const { id } = await consentTo('offers', customer)
    expect((await withdraw(id, {})).statusCode).toBe(401)
    expect((await withdraw(id, world.ben.cookies)).statusCode).toBe(401)
    expect((await withdraw('x', customer.cookies)).statusCode).toBe(400)
    expect((await withdraw(id, customer.cookies, { at: 'now' })).statusCode).toBe(400)
  })

  it("does not find somebody else's", async () => {
    const [one, other] = [await join(), await join()]
    const { id } = await consentTo('offers', one)
    expect((await withdraw(id, other.cookies)).statusCode).toBe(404)
    expect((await consentTo('offers', one)).withdrawn_at).toBeNull()
  })

  it('of the one that carries the others is refused: it means to leave', async () => {
    const customer = await join()
    const response = await withdraw((await consentTo('service', customer)).id, customer.cookies)
    expect(response.statusCode).toBe(409)
    expect(response.json().code).toBe('withdraw_whole')
    expect((await consentTo('service', customer)).withdrawn_at).toBeNull()
  })

  it('of the last one there is is refused as well', async () => {
    const customer = await world.join({ purposes: ['service'] })
    await house.owner.query(`update purpose set needed = false where code = 'service'`)
    const response = await withdraw((await consentTo('service', customer)).id, customer.cookies)
    await house.owner.query(`update purpose set needed = true where code = 'service'`)
    expect(response.statusCode).toBe(409)
    expect(response.json().code).toBe('withdraw_whole')
    expect((await consentTo('service', customer)).withdrawn_at).toBeNull()
  })

  it('holds from then on, once, and is in the trail', async () => {
    const customer = await join()
    const { id } = await consentTo('offers', customer)
    const response = await withdraw(id, customer.cookies)
    expect(response.statusCode).toBe(201)
    expect(await consentTo('offers', customer)).toMatchObject({ withdrawn_at: response.json().at })
    const again = await withdraw(id, customer.cookies)
    expect([again.statusCode, again.json().code]).toEqual([409, 'conflict'])
    const trail = await house.app.inject({ url: '/api/v1/portal/entries', cookies: customer.cookies })
    const kinds = trail.json<{ items: { kind: string }[] }>().items.map(one => one.kind)
    expect(kinds.filter(kind => kind === 'consent.withdrawal')).toHaveLength(1)
  })

  it('ends the grants for its purpose before it answers, and no other', async () => {
    const customer = await join()
    const offers = await grantFor('offers', customer.id)
    const service = await grantFor('service', customer.id)
    const asked = { fields: ['name'], compartments: ['identity'] }
    expect(await read(house.house, offers, customer.id, asked)).toHaveLength(1)
    await withdraw((await consentTo('offers', customer)).id, customer.cookies)
    expect(await read(house.house, offers, customer.id, asked)).toEqual([])
    const item = { customer: customer.id, compartment: 'identity', row: customer.id, version: 1 }
    const { bytes } = await house.owner.one<{ bytes: Buffer }>(
      `select bytes from box where subject = $1 and compartment = 'identity'`,
      [customer.id],
    )
    const opening = house.keeper.open({
      ...{ grant: offers.grant, secret: offers.secret, fields: ['name'], items: [{ ...item, box: bytes }] },
    })
    await expect(opening).rejects.toThrow(KeeperRefusal)
    await expect(opening).rejects.toMatchObject({ code: 'grant_ended' })
    expect(await read(house.house, service, customer.id, asked)).toHaveLength(1)
  })

  it('ends them at the next start, when the server died in between', async () => {
    const customer = await join()
    const offers = await grantFor('offers', customer.id)
    const { id } = await consentTo('offers', customer)
    const { calls } = await withdrawDyingAt(1000, await join())
    const dying = await withdrawDyingAt(calls.indexOf('database.commit') + 1, customer, id)
    expect(dying.error).toBeInstanceOf(Death)
    expect((await consentTo('offers', customer)).withdrawn_at).not.toBeNull()
    await resumeErasures(house.house)
    const asked = { fields: ['name'], compartments: ['identity'] }
    expect(await read(house.house, offers, customer.id, asked)).toEqual([])
  })

  it('leaves every value where it was, since the other consent covers them', async () => {
    const customer = await join()
    const boxes = () =>
      house.owner.query('select compartment, row, version, slot from box where subject = $1 order by 1', [
        customer.id,
      ])
    const before = await boxes()
    await withdraw((await consentTo('offers', customer)).id, customer.cookies)
    expect(await boxes()).toEqual(before)
  })
})
