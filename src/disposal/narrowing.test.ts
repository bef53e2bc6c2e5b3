import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newField } from '../../test/catalogue.ts'
import { Death, dyingHouse } from '../../test/dying-house.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { buildWorld, type CustomerInWorld, send, type World } from '../../test/world.ts'
import { addField } from '../collection/catalogue.ts'
import { makeGrant } from '../use/grant.ts'
import { withdrawOne } from './consent-withdrawal.ts'
import { resumeErasures } from './resumption.ts'

let house: TestHouse
let world: World

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
  await addField(house.house, 'st_1', newField('own_taste', { purposes: ['offers'] }))
  await addField(
    house.house,
    'st_1',
    newField('own_alias', { compartment: 'identity', purposes: ['offers'] }),
  )
})
afterAll(() => house.close())

/** Somebody who agreed to offers too, and told what only these are for: beside the name, and in a place of its own. */
async function somebody(): Promise<CustomerInWorld & { offers: string }> {
  const customer = await world.join({ purposes: ['service', 'offers'] })
  await send(house, 'POST', '/portal/values', customer, {
    values: { own_taste: 'liquorice', own_alias: 'Zazà' },
  })
  const { items } = (await send(house, 'GET', '/portal/consents', customer)).body
  const { id } = items.find((one: { purpose: string }) => one.purpose === 'offers')
  return { ...customer, offers: id }
}

interface Held {
  compartment: string
  slot: number
  row: string
  version: number
  bytes: Buffer
}
const boxesOf = (whose: CustomerInWorld) =>
  house.owner.query<Held>('select * from box where subject = $1 order by compartment', [whose.id])
const heldBy = async (whose: CustomerInWorld): Promise<Record<string, unknown>> => {
  const { values } = (await send(house, 'GET', '/portal/data', whose)).body
  return Object.fromEntries(values.map((one: { field: string; value: unknown }) => [one.field, one.value]))
}

/** Opens a box that somebody has kept, under a grant of the system's. */
async function openKept(whose: CustomerInWorld, { compartment, row, version, bytes }: Held) {
  const grant = await makeGrant(house.house, {
    ...{ kind: 'job', session: null, actor: 'system', subjects: [whose.id], fields: ['*'] },
    ...{ compartments: [compartment], purpose: 'service', minutes: 1, most: 1 },
  })
  const item = { customer: whose.id, compartment, row, version, box: bytes }
  return house.keeper.open({ grant: grant.grant, secret: grant.secret, fields: ['*'], items: [item] })
}

describe('taking back the agreement that alone names a value', () => {
  it('takes the value away at once, and leaves what others cover', async () => {
    const ana = await somebody()
    expect(await heldBy(ana)).toMatchObject({ own_taste: 'liquorice', own_alias: 'Zazà', name: ana.name })
    expect((await send(house, 'POST', `/consents/${ana.offers}/withdrawals`, ana, {})).status).toBe(201)
    expect(await heldBy(ana)).toEqual({ name: ana.name, email: ana.email })
    const compartments = (await boxesOf(ana)).map(box => box.compartment)
    expect(compartments).toEqual(['contact', 'identity'])
  })

  it('makes every copy of it unreadable, and nothing else’s', async () => {
    const ana = await somebody()
    const before = await boxesOf(ana)
    await send(house, 'POST', `/consents/${ana.offers}/withdrawals`, ana, {})
    const [identity, preferences] = ['identity', 'preferences'].map(
      one => before.find(box => box.compartment === one)!,
    )
    for (const box of [identity!, preferences!])
      await expect(openKept(ana, box)).rejects.toMatchObject({ code: 'erased' })
    const contact = before.find(box => box.compartment === 'contact')!
    expect((await openKept(ana, contact))[0]!.values).toHaveProperty('email')
    const now = await boxesOf(ana)
    expect(now.find(box => box.compartment === 'contact')).toEqual(contact)
    expect(now.find(box => box.compartment === 'identity')!.slot).not.toBe(identity!.slot)
    const roll = await house.keeper.roll()
    expect(roll.slots).toEqual(expect.arrayContaining([identity!.slot, preferences!.slot]))
    expect(await heldBy(ana)).toEqual({ name: ana.name, email: ana.email })
  })

  it('leaves a record of destruction that names what was sealed there', async () => {
    const ana = await somebody()
    const [identity, preferences] = (await boxesOf(ana)).filter(box => box.compartment !== 'contact')
    await send(house, 'POST', `/consents/${ana.offers}/withdrawals`, ana, {})
    const slots = [identity!.slot, preferences!.slot]
    const records = await house.owner.query(
      'select compartments from erasure where slots @> $1 and slots <@ $1',
      [slots],
    )
    expect(records).toEqual([{ compartments: ['identity', 'preferences'] }])
    expect(await house.owner.query('select 1 from left_slot where number = any ($1)', [slots])).toEqual([])
  })

  it('names it also where the process ended before the keys were destroyed', async () => {
    const ana = await somebody()
    const slots = (await boxesOf(ana)).filter(box => box.compartment !== 'contact').map(box => box.slot)
    for (let at = 0; ; at++) {
      const { house: dying } = dyingHouse(house.house, { at: at + 1, when: 'before' })
      const who = { subject: ana.id, actor: 'customer' }
      await withdrawOne(dying, who, ana.offers).catch(() => null)
      const taken = await house.owner.query('select 1 from left_slot where number = any ($1)', [slots])
      if (taken.length > 0) break
      expect(at).toBeLessThan(40)
    }
    await house.work()
    await resumeErasures(house.house)
    const records = await house.owner.query('select compartments from erasure where slots && $1', [slots])
    expect(records).toEqual([{ compartments: ['identity', 'preferences'] }])
  })

  it('is told in the customer’s own trail, with the slots and without a value', async () => {
    const ana = await somebody()
    await send(house, 'POST', `/consents/${ana.offers}/withdrawals`, ana, {})
    const { items } = (await send(house, 'GET', '/portal/entries', ana)).body
    const kinds = items.map((one: { kind: string }) => one.kind)
    expect(kinds).toEqual(expect.arrayContaining(['consent.withdrawal', 'shred', 'shred.complete']))
    expect(JSON.stringify(items)).not.toMatch(/liquorice|Zazà/)
  })

  it('lets the person go on signing in, asking and being served', async () => {
    const ana = await somebody()
    await send(house, 'POST', `/consents/${ana.offers}/withdrawals`, ana, {})
    const asked = await send(house, 'POST', '/portal/questions', ana, {
      type: 'delivery_question',
      text: 'Dove?',
    })
    expect(asked.status).toBe(201)
    await send(house, 'POST', '/portal/values', ana, { values: { phone: '347 555 0142' } })
    expect(await heldBy(ana)).toMatchObject({ phone: '+393475550142' })
    const taste = await send(house, 'POST', '/portal/values', ana, { values: { own_taste: 'mint' } })
    expect(taste.body.code).toBe('no_consent')
  })

  it('may be followed by a new agreement, and the value given anew', async () => {
    const ana = await somebody()
    await send(house, 'POST', `/consents/${ana.offers}/withdrawals`, ana, {})
    const { version } = (await send(house, 'GET', '/notice', ana)).body
    const again = { purpose: 'offers', notice_version: version, language: 'it' }
    expect((await send(house, 'POST', '/portal/consents', ana, again)).status).toBe(201)
    expect((await send(house, 'POST', '/portal/values', ana, { values: { own_taste: 'mint' } })).status).toBe(
      200,
    )
    expect(await heldBy(ana)).toMatchObject({ own_taste: 'mint' })
  })

  it.each([
    ['beside the name', { own_alias: 'Zazà' }],
    ['in a place of its own', { own_taste: 'mint' }],
  ])('reaches a value that is given at that very moment, %s', async (_where, values) => {
    const ana = await world.join({ purposes: ['service', 'offers'] })
    const { items } = (await send(house, 'GET', '/portal/consents', ana)).body
    const { id } = items.find((one: { purpose: string }) => one.purpose === 'offers')
    let given = false
    const { keeper } = house.house
    const open = async (...asked: Parameters<typeof keeper.open>) => {
      const opened = await keeper.open(...asked)
      if (!given) {
        given = true
        expect((await send(house, 'POST', '/portal/values', ana, { values })).status).toBe(200)
      }
      return opened
    }
    const meanwhile = new Proxy(keeper, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name)
        if (name === 'open') return open
        return typeof method === 'function' ? method.bind(target) : method
      },
    })
    await withdrawOne({ ...house.house, keeper: meanwhile }, { subject: ana.id, actor: 'customer' }, id)
    expect(given).toBe(true)
    expect(await heldBy(ana)).toEqual({ name: ana.name, email: ana.email })
    expect((await send(house, 'POST', '/portal/values', ana, { values: { name: 'Ana Maria' } })).status).toBe(
      200,
    )
  })

  it('either happens whole or not at all, wherever the server dies, and is brought to its end', async () => {
    const first = await somebody()
    const { calls } = await withdrawDyingAt(Number.MAX_SAFE_INTEGER, first)
    expect(calls.length).toBeGreaterThan(10)
    for (let at = 1; at <= calls.length; at++) {
      const ana = await somebody()
      const before = await boxesOf(ana)
      const { error } = await withdrawDyingAt(at, ana)
      expect(error, calls[at - 1]).toBeInstanceOf(Death)
      await resumeErasures(house.house)
      await house.work()
      const { items } = (await send(house, 'GET', '/portal/consents', ana)).body
      const offers = items.find((one: { id: string }) => one.id === ana.offers)
      const held = await heldBy(ana)
      if (offers.withdrawn_at === null) {
        expect(held, calls[at - 1]).toMatchObject({
          own_taste: 'liquorice',
          own_alias: 'Zazà',
          name: ana.name,
        })
        continue
      }
      expect(held, calls[at - 1]).toEqual({ name: ana.name, email: ana.email })
      const old = before.find(box => box.compartment === 'identity')!
      await expect(openKept(ana, old), calls[at - 1]).rejects.toMatchObject({ code: 'erased' })
    }
  }, 120_000)
})

async function withdrawDyingAt(at: number, customer: { id: string; offers: string }) {
  const { house: dying, calls } = dyingHouse(house.house, { at, when: 'before' })
  const who = { subject: customer.id, actor: 'customer' }
  const error: unknown = await withdrawOne(dying, who, customer.offers).then(
    () => null,
    thrown => thrown,
  )
  return { calls, error }
}
