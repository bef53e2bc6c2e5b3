import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newField } from '../../test/catalogue.ts'
import { newDatabase } from '../../test/database.ts'
import { sealEnvelope, type ToldKey } from '../../test/envelope.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { startKeeper } from '../../test/keeper.ts'
import { buildWorld, type CustomerInWorld, type World } from '../../test/world.ts'
import { addField } from '../collection/catalogue.ts'
import { enterCardModule } from './card-module.ts'
import { withJobGrant } from './grant.ts'
import { read } from './reading.ts'

const number = '4242424242424242'
let house: TestHouse
let world: World
let ana: CustomerInWorld

beforeAll(async () => {
  const [database, keeper] = await Promise.all([newDatabase(), startKeeper({ cardNumbers: true })])
  house = await openHouse({ on: { database, keeper } })
  world = await buildWorld(house)
})
afterAll(() => house.close())

const field = newField('own_pan', {
  ...{
    type: 'card_number',
    compartment: 'payment',
    purposes: ['payment'],
    sensitive: true,
    reconfirm_days: 30,
  },
  label: { en: 'Card number', it: 'Numero della carta' },
})
const add = (about: Partial<typeof field> = {}) =>
  addField(house.house, world.pia.pseudonym, { ...field, ...about })

const send = async (method: 'GET' | 'POST', path: string, body?: object) => {
  const payload = body === undefined ? {} : { payload: body }
  const asked = { method, url: `/api/v1${path}`, cookies: ana.cookies, ...payload }
  const response = await house.app.inject(asked)
  return { status: response.statusCode, body: response.json(), text: response.body }
}

async function give(value: unknown, type = 'card_number') {
  const told = (await send('GET', '/portal/intake-key')).body as ToldKey
  const form = (await send('GET', '/notice')).body.version as number
  const envelope = sealEnvelope(told, ana.alias, {
    ...{ compartment: 'payment', form, values: { own_pan: value } },
    rules: { own_pan: { type } },
  })
  const { status, body } = await send('POST', '/portal/envelopes', {
    notice_version: form,
    envelopes: [envelope],
  })
  return { status, faults: body.errors ?? null }
}

/** The number as it leaves the keeper for this purpose. */
const readFor = (purpose: string) =>
  withJobGrant(
    house.house,
    {
      ...{ subjects: [ana.id], fields: ['own_pan'], compartments: ['payment'], purpose },
      ...{ minutes: 5, most: 10 },
    },
    async key => {
      const boxes = await read(house.house, key, ana.id, { fields: ['own_pan'], compartments: ['payment'] })
      return boxes[0]?.values.own_pan?.value
    },
  )

describe('the card module', () => {
  it('is off unless it was switched on: no field may ask for the number', async () => {
    await expect(add()).rejects.toMatchObject({
      ...{ code: 'invalid', fields: [{ field: 'type', code: 'card_module_off' }] },
    })
  })

  it('lets a field ask for the number once it is on, among what is sealed for paying and nowhere else', async () => {
    house.house.cardNumbers = true
    await enterCardModule(house.house)
    await expect(
      add({ code: 'own_else', compartment: 'preferences', purposes: ['service'] }),
    ).rejects.toMatchObject({
      fields: [{ field: 'compartment', code: 'payment_only' }],
    })
    await expect(add({ label: { en: 'CVV', it: 'CVV' } })).rejects.toMatchObject({
      fields: [{ field: 'label', code: 'security_code' }],
    })
    expect(await add()).toMatchObject({ type: 'card_number', compartment: 'payment' })
    ana = await world.join()
    const version = (await send('GET', '/notice')).body.version
    const agreed = { purpose: 'payment', notice_version: version, language: 'en' }
    expect((await send('POST', '/portal/consents', agreed)).status).toBe(201)
  })

  it('keeps a number that was sealed, and shows its last four digits to everybody who does not pay with it', async () => {
    expect(await give('4242424242424241')).toMatchObject({
      ...{ status: 400, faults: [{ field: 'values.own_pan', code: 'card_check' }] },
    })
    expect(await give(number)).toEqual({ status: 200, faults: null })
    for (const path of ['/portal/data', '/portal/export']) {
      const shown = await send('GET', path)
      expect(shown.text).toContain('•••• 4242')
      expect(shown.text).not.toContain(number)
    }
    for (const purpose of ['service', 'offers', 'care', 'sign-in'])
      expect(await readFor(purpose)).toBe('•••• 4242')
    expect(await readFor('payment')).toBe(number)
    // It is moved whole when other fields beside it are given up.
    expect(await readFor('withdrawal')).toBe(number)
    const again = await send('POST', '/portal/confirmations', { fields: ['own_pan'] })
    expect(again.body.errors).toEqual([{ field: 'values.own_pan', code: 'sealed_only' }])
  })

  it('is never one for codes, nor for a number under another name', async () => {
    expect(await give('123')).toMatchObject({ status: 400 })
    expect((await give(number, 'line')).status).not.toBe(200)
    const plain = await send('POST', '/portal/values', { values: { own_pan: number } })
    expect(plain.status).toBe(400)
    expect(plain.text).not.toContain(number)
  })

  it('is the keeper’s: a server that says it is on gets no number taken in, and the one before can be taken back', async () => {
    await house.restartKeeper({ cardNumbers: false })
    expect(house.house.cardNumbers).toBe(true)
    expect(await give('5555555555554444')).toMatchObject({
      ...{ status: 400, faults: [{ field: 'values.own_pan', code: 'not_asked' }] },
    })
    expect((await give(null)).status).toBe(200)
    expect((await send('GET', '/portal/data')).text).not.toContain('4242')
  })
})
