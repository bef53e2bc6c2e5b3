import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { buildWorld, type World } from '../../test/world.ts'

let house: TestHouse
let world: World

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
})
afterAll(() => house.close())

const shoe = {
  ...{ code: 'own_shoe_size', type: 'integer', compartment: 'preferences' },
  ...{ label: { en: 'Shoe size', it: 'Numero di scarpe' }, help: null, options: { least: 15, most: 60 } },
  ...{ option_labels: {}, sensitive: false, editor: 'customer', level: 0, reconfirm_days: null },
  ...{ retention: 'agreement', asked: 'portal', required: false, purposes: ['service'] },
}
const decidedOf = (field: typeof shoe) => {
  const { code: _code, type: _type, compartment: _compartment, ...decided } = field
  return decided
}

const send = async (method: 'GET' | 'POST', path: string, body?: object, cookies = world.pia.cookies) => {
  const payload = body === undefined ? {} : { payload: body }
  const response = await house.app.inject({ method, url: `/api/v1${path}`, cookies, ...payload })
  return { status: response.statusCode, body: response.json() }
}
const add = (field: object) => send('POST', '/office/fields', field)
const decide = (code: string, after: number, decided: object) =>
  send('POST', `/office/fields/${code}/versions`, { ...decided, after })
const faultsOf = (body: { errors?: { field: string; code: string }[] }) =>
  (body.errors ?? []).map(one => `${one.field}: ${one.code}`)
const notice = async () => (await send('GET', '/notice?language=en')).body
const fieldsOf = (shown: { purposes: { code: string; fields: string[] }[] }, purpose: string) =>
  shown.purposes.find(one => one.code === purpose)?.fields

describe('the catalogue', () => {
  it('is there for everybody to see, with what each field is for', async () => {
    const { body } = await send('GET', '/fields', undefined, {})
    const phone = body.items.find((field: { code: string }) => field.code === 'phone')
    expect(phone).toMatchObject({
      type: 'phone',
      compartment: 'contact',
      purposes: ['service'],
      asked: 'joining',
    })
    expect(JSON.stringify(body)).not.toContain('made_by')
  })

  it('comes with fields that are asked for only once an officer decides it', async () => {
    const { body } = await send('GET', '/fields', undefined, {})
    const asked = body.items.filter((field: { asked: string }) => field.asked !== 'no')
    expect(asked.map((field: { code: string }) => field.code).sort()).toEqual(['email', 'name', 'phone'])
    expect(fieldsOf(await notice(), 'service')).not.toContain('birth_date')
  })

  it('takes a field of the company’s own, tells it in a new notice, and says so in the company’s trail', async () => {
    const before = await notice()
    const added = await add(shoe)
    expect(added.status).toBe(201)
    expect(added.body).toMatchObject({ ...shoe, own: true, version: 1, made_by: world.pia.pseudonym })
    const after = await notice()
    expect(after.version).toBe(before.version + 1)
    expect(fieldsOf(after, 'service')).toContain('own_shoe_size')
    expect(fieldsOf(after, 'offers')).not.toContain('own_shoe_size')
    const entries = (await send('GET', '/office/entries')).body.items
    const told = entries.find((entry: { kind: string }) => entry.kind === 'field')
    expect(told).toMatchObject({ actor: { role: 'officer' }, fields: ['own_shoe_size'], result: 'added' })
    expect(JSON.stringify(told)).not.toContain('Shoe')
  })

  it('keeps every version of a field, and none is overwritten unseen', async () => {
    const shorter = {
      ...decidedOf(shoe),
      label: { en: 'Size', it: 'Numero' },
      options: { least: 15, most: 50 },
    }
    expect((await decide('own_shoe_size', 1, shorter)).body).toMatchObject({
      version: 2,
      label: { en: 'Size' },
    })
    const late = await decide('own_shoe_size', 1, decidedOf(shoe))
    expect([late.status, late.body.code]).toEqual([409, 'conflict'])
    const { items } = (await send('GET', '/office/fields/own_shoe_size/versions')).body
    expect(
      items.map((one: { version: number; label: { en: string } }) => [one.version, one.label.en]),
    ).toEqual([
      [2, 'Size'],
      [1, 'Shoe size'],
    ])
  })

  it('writes one version when two officers decide at the same moment', async () => {
    const both = await Promise.all([1, 2].map(() => decide('own_shoe_size', 2, decidedOf(shoe))))
    expect(both.map(one => one.status).sort()).toEqual([201, 409])
  })

  it('publishes no new notice where nothing that a customer is told has changed', async () => {
    const { version } = await notice()
    expect((await decide('own_shoe_size', 3, { ...decidedOf(shoe), reconfirm_days: 365 })).status).toBe(201)
    expect((await notice()).version).toBe(version)
  })

  it('names a field no more once it is not asked', async () => {
    expect((await decide('own_shoe_size', 4, { ...decidedOf(shoe), asked: 'no' })).status).toBe(201)
    expect(fieldsOf(await notice(), 'service')).not.toContain('own_shoe_size')
  })
})

describe('a field', () => {
  it('cannot be added without a purpose, a retention, or under a code of the program’s', async () => {
    const { purposes: _purposes, ...aimless } = shoe
    const { retention: _retention, ...endless } = shoe
    for (const [field, fault] of [
      [aimless, 'purposes: required'],
      [{ ...shoe, purposes: [] }, 'purposes: required'],
      [endless, 'retention: required'],
      [{ ...shoe, code: 'phone' }, 'code: invalid'],
    ] as const) {
      const { status, body } = await add(field)
      expect([status, faultsOf(body)]).toEqual([400, [fault]])
    }
  })

  it('cannot be added twice', async () => {
    const { status, body } = await add(shoe)
    expect([status, faultsOf(body)]).toEqual([409, ['code: taken']])
  })

  it.each([
    ['own_cvv', { en: 'Something', it: 'Qualcosa' }],
    ['own_three_digits', { en: 'Card security code', it: 'Tre cifre' }],
    ['own_three_digits', { en: 'Three digits', it: 'Codice di sicurezza della carta' }],
  ])('that keeps a card’s security code is refused: %s, %o', async (code, label) => {
    const { status, body } = await add({ ...shoe, code, label })
    expect([status, faultsOf(body)]).toEqual([400, ['label: security_code']])
  })

  it.each(['iban', 'card_number', 'card_reference'])(
    'of payment (%s) is refused while nothing is sealed on its way here',
    async type => {
      expect((await add({ ...shoe, code: 'own_payment', type })).status).toBe(400)
    },
  )

  it('with options that its type does not know, or a choice without words, is refused', async () => {
    const strange = await add({ ...shoe, code: 'own_a', options: { colour: 'red' } })
    expect(faultsOf(strange.body)).toEqual(['options: invalid'])
    const choice = { ...shoe, code: 'own_b', type: 'choice', options: { options: ['red', 'blue'] } }
    const mute = await add({ ...choice, option_labels: { red: { en: 'Red', it: 'Rosso' } } })
    expect(faultsOf(mute.body)).toEqual(['option_labels: required'])
  })

  it('that the program needs stays asked, stays for its purposes, and an address is never changed without proof', async () => {
    const { items } = (await send('GET', '/fields', undefined, {})).body
    const decided = (code: string) => {
      const {
        code: _c,
        type: _t,
        compartment: _k,
        own: _o,
        version,
        ...rest
      } = items.find((field: { code: string }) => field.code === code)
      return { version, rest }
    }
    const [name, email] = [decided('name'), decided('email')]
    for (const [code, version, changed] of [
      ['name', name.version, { ...name.rest, asked: 'no', required: false }],
      ['name', name.version, { ...name.rest, purposes: ['service'] }],
      ['email', email.version, { ...email.rest, editor: 'customer' }],
    ] as const)
      expect((await decide(code, version, changed)).body.code).toBe('fixed')
    const record = decided('purchase')
    expect((await decide('purchase', record.version, record.rest)).body.code).toBe('fixed')
    expect(
      (await decide('name', name.version, { ...name.rest, label: { en: 'Full name', it: 'Nome e cognome' } }))
        .status,
    ).toBe(201)
  })
})
