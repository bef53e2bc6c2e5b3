import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decideAnew, decidedOf } from '../../test/catalogue.ts'
import { sealEnvelope, type ToldKey } from '../../test/envelope.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { buildWorld, type CustomerInWorld, send, type World } from '../../test/world.ts'

let house: TestHouse
let world: World

const iban = 'IT60X0542811101000000123456'

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
  for (const code of ['iban', 'card', 'allergies']) await decideAnew(house, code, { asked: 'portal' })
})
afterAll(() => house.close())

const noticeVersion = async () => (await send(house, 'GET', '/notice', world.ana)).body.version as number
const keyFor = async (whose: CustomerInWorld) =>
  (await send(house, 'GET', '/portal/intake-key', whose)).body as ToldKey

/** Somebody who agreed to keep a way to pay here, and to have their health taken into account. */
async function somebody(): Promise<CustomerInWorld> {
  const customer = await world.join()
  for (const purpose of ['payment', 'care']) {
    const body = { purpose, notice_version: await noticeVersion(), language: 'it' }
    expect((await send(house, 'POST', '/portal/consents', customer, body)).status).toBe(201)
  }
  return customer
}

async function give(
  whose: CustomerInWorld,
  compartments: Record<string, Record<string, unknown>>,
  about: { key?: ToldKey; alias?: string } = {},
) {
  const key = about.key ?? (await keyFor(whose))
  const form = await noticeVersion()
  const envelopes = Object.entries(compartments).map(([compartment, values]) =>
    sealEnvelope(key, about.alias ?? whose.alias, { compartment, form, values }),
  )
  return send(house, 'POST', '/portal/envelopes', whose, { notice_version: form, envelopes })
}

const held = async (whose: CustomerInWorld): Promise<Record<string, unknown>> => {
  const { values } = (await send(house, 'GET', '/portal/data', whose)).body
  return Object.fromEntries(values.map((one: { field: string; value: unknown }) => [one.field, one.value]))
}
const faults = (body: { errors?: { field: string; code: string }[] }) =>
  (body.errors ?? []).map(one => `${one.field}: ${one.code}`)

describe('a payment provider’s token', () => {
  it('is kept beside the card it stands for, and is no card’s number', async () => {
    const ana = await somebody()
    const card = { brand: 'visa', last4: '4242', expiry: '2028-05' }
    for (const token of ['4242424242424242', '424242424242'])
      expect(faults((await give(ana, { payment: { card: { ...card, token } } })).body)).toEqual([
        'values.card: card_number',
      ])
    const kept = { ...card, token: 'tok_1NfX2eLkdIwHu7ix' }
    expect((await give(ana, { payment: { card: kept } })).status).toBe(200)
    expect(await held(ana)).toMatchObject({ card: kept })
  })
})

describe('data that were sealed in the browser', () => {
  it('are kept, changed and taken back, beside one another', async () => {
    const ana = await somebody()
    const card = { brand: 'visa', last4: '4242', expiry: '2028-05' }
    const given = await give(ana, { payment: { iban, card }, health: { allergies: 'noci' } })
    expect([given.status, given.body]).toEqual([200, { changed: ['iban', 'card', 'allergies'] }])
    expect(await held(ana)).toMatchObject({ iban, card, allergies: 'noci' })
    expect((await give(ana, { payment: { card: null } })).status).toBe(200)
    expect(await held(ana)).toMatchObject({ iban, allergies: 'noci' })
    expect(await held(ana)).not.toHaveProperty('card')
  })

  it('are entered by their fields’ names in the customer’s log', async () => {
    const ana = await somebody()
    await give(ana, { health: { allergies: 'fragole' } })
    const { items } = (await send(house, 'GET', '/portal/entries', ana)).body
    const entry = items.find((one: { kind: string }) => one.kind === 'value')
    expect(entry).toMatchObject({ fields: ['allergies'], result: 'done' })
    expect(JSON.stringify(items)).not.toContain('fragole')
  })

  it('need an agreement of their own', async () => {
    const ana = await world.join()
    const refused = await give(ana, { health: { allergies: 'noci' } })
    expect([refused.status, refused.body.code]).toEqual([403, 'no_consent'])
    const slots = await house.owner.query(
      `select 1 from slot where subject = $1 and compartment = 'health'`,
      [ana.id],
    )
    expect(slots).toEqual([])
  })

  it('go with that agreement, and no copy of them opens any more', async () => {
    const ana = await somebody()
    await give(ana, { payment: { iban }, health: { allergies: 'noci' } })
    const { items } = (await send(house, 'GET', '/portal/consents', ana)).body
    const care = items.find((one: { purpose: string }) => one.purpose === 'care')
    expect((await send(house, 'POST', `/consents/${care.id}/withdrawals`, ana, {})).status).toBe(201)
    const now = await held(ana)
    expect(now).toMatchObject({ iban })
    expect(now).not.toHaveProperty('allergies')
  })

  it('are refused by the keeper’s own judgement, with the fault beside the field', async () => {
    const ana = await somebody()
    const wrong = await give(ana, { payment: { iban: 'IT60X0542811101000000123457' } })
    expect([wrong.status, faults(wrong.body)]).toEqual([400, ['values.iban: iban_check']])
    const number = await give(ana, { health: { allergies: 'carta 4111 1111 1111 1111' } })
    expect(faults(number.body)).toEqual(['values.allergies: card_number'])
    expect(await held(ana)).not.toHaveProperty('iban')
  })

  it('are not taken in plain, nor what is plain in an envelope', async () => {
    const ana = await somebody()
    const plain = await send(house, 'POST', '/portal/values', ana, { values: { iban } })
    expect(faults(plain.body)).toEqual(['values.iban: sealed_only'])
    expect(faults((await give(ana, { identity: { name: 'Ana' } })).body)).toEqual(['values.name: not_sealed'])
    expect(faults((await give(ana, { payment: { allergies: 'noci' } })).body)).toEqual(['values: unknown'])
    expect(faults((await give(ana, { payment: { cvv: '123' } })).body)).toEqual(['values: unknown'])
  })

  it('sealed for somebody else, or taken before, must be sealed anew, and nothing is kept', async () => {
    const [ana, bea] = [await somebody(), await somebody()]
    const other = await give(ana, { payment: { iban } }, { alias: bea.alias })
    expect([other.status, other.body.code]).toEqual([409, 'intake_changed'])
    const form = await noticeVersion()
    const envelope = sealEnvelope(await keyFor(ana), ana.alias, {
      compartment: 'payment',
      form,
      values: { iban },
    })
    const body = { notice_version: form, envelopes: [envelope] }
    expect((await send(house, 'POST', '/portal/envelopes', ana, body)).status).toBe(200)
    expect((await send(house, 'POST', '/portal/envelopes', ana, body)).body.code).toBe('intake_changed')
    expect((await send(house, 'POST', '/portal/envelopes', bea, body)).body.code).toBe('intake_changed')
  })

  it('must be sealed anew once a roll has destroyed the key, and then pass', async () => {
    const [ana, leaving] = [await somebody(), await world.join()]
    const key = await keyFor(ana)
    await send(house, 'POST', '/portal/withdrawals', leaving, { confirm: true })
    await house.keeper.roll()
    expect((await give(ana, { payment: { iban } }, { key })).body.code).toBe('intake_changed')
    expect((await give(ana, { payment: { iban } })).status).toBe(200)
  })

  it('from two pages at the same moment: none is lost unseen', async () => {
    const ana = await somebody()
    const given = [{ iban }, { card: { brand: 'visa', last4: '4242', expiry: '2028-05' } }]
    const answers = await Promise.all(given.map(values => give(ana, { payment: values })))
    expect(answers.map(one => one.status).filter(status => ![200, 409].includes(status))).toEqual([])
    expect(await held(ana)).toMatchObject(
      Object.assign({}, ...given.filter((_, at) => answers[at]!.status === 200)),
    )
  })

  it('that a restore has lost are given again, above every version that the log knows', async () => {
    const ana = await somebody()
    await give(ana, { health: { allergies: 'noci' } })
    await give(ana, { health: { allergies: 'latte' } })
    // As a restore leaves it that found an older box than the log knows of.
    await house.owner.query(
      `with lost as (delete from box where subject = $1 and compartment = 'health' returning subject, compartment, row, slot)
       insert into lost_value (subject, compartment, row, slot, lost_at) select *, now() from lost`,
      [ana.id],
    )
    expect((await give(ana, { health: { allergies: 'uova' } })).status).toBe(200)
    expect(await held(ana)).toMatchObject({ allergies: 'uova' })
    expect((await send(house, 'GET', '/portal/data', ana)).body.lost).toEqual([])
  })

  it('sealed under a notice that they never agreed to are refused', async () => {
    const ana = await somebody()
    const envelope = sealEnvelope(await keyFor(ana), ana.alias, {
      compartment: 'payment',
      form: 999,
      values: { iban },
    })
    const sent = await send(house, 'POST', '/portal/envelopes', ana, {
      notice_version: 999,
      envelopes: [envelope],
    })
    expect([sent.status, faults(sent.body)]).toEqual([400, ['notice_version: invalid']])
  })

  it('are not kept, and not half, while the keeper is away', async () => {
    const ana = await somebody()
    const key = await keyFor(ana)
    await house.killKeeper()
    const away = await give(ana, { payment: { iban } }, { key })
    expect([away.status, away.body.code]).toEqual([503, 'unavailable'])
    await house.reviveKeeper()
    expect((await give(ana, { payment: { iban } }, { key })).body.code).toBe('intake_changed')
    expect((await give(ana, { payment: { iban } })).status).toBe(200)
    expect(await held(ana)).toMatchObject({ iban })
  })
})

describe('a catalogue', () => {
  it('lets what is sealed serve its own purpose alone, and nothing else serve that', async () => {
    const [allergies, phone] = [await decidedOf(house, 'allergies'), await decidedOf(house, 'phone')]
    for (const [code, { version, decided }, changed, fault] of [
      ['allergies', allergies, { purposes: ['service'] }, 'purposes: own_purpose'],
      ['allergies', allergies, { purposes: ['care', 'offers'] }, 'purposes: own_purpose'],
      ['allergies', allergies, { asked: 'joining' }, 'asked: not_at_joining'],
      ['phone', phone, { purposes: ['service', 'care'] }, 'purposes: sealed_only'],
    ] as const) {
      const body = { ...decided, ...changed, after: version }
      const response = await house.app.inject({
        ...{
          method: 'POST',
          url: `/api/v1/office/fields/${code}/versions`,
          cookies: world.pia.cookies,
          payload: body,
        },
      })
      expect([response.statusCode, faults(response.json())]).toEqual([400, [fault]])
    }
  })
})

describe('a plug-in of the server that listens to everything', () => {
  it('hears no plain value, nor does the database or a file of the keeper hold one, or an envelope', async () => {
    const ana = await somebody()
    const marker = 'MARKERPOLLINE'
    const heard: string[] = []
    const { database } = house.house
    const query = database.query.bind(database)
    database.query = ((sql: string, values: readonly unknown[]) => {
      heard.push(
        sql,
        String(values),
        ...(values ?? []).filter(Buffer.isBuffer).map(one => one.toString('latin1')),
      )
      return query(sql, values)
    }) as typeof database.query
    const key = await keyFor(ana)
    const form = await noticeVersion()
    const envelope = sealEnvelope(key, ana.alias, {
      compartment: 'health',
      form,
      values: { allergies: marker },
    })
    const body = { notice_version: form, envelopes: [envelope] }
    const takeIn = house.house.keeper.takeIn.bind(house.house.keeper)
    house.house.keeper.takeIn = async (under, items) => {
      heard.push(JSON.stringify(items), ...items.map(item => Buffer.from(item.envelope).toString('latin1')))
      const answer = await takeIn(under, items)
      heard.push(
        JSON.stringify(answer),
        ...('boxes' in answer ? answer.boxes.map(box => box.toString('latin1')) : []),
      )
      return answer
    }
    const sent = await send(house, 'POST', '/portal/envelopes', ana, body)
    house.house.keeper.takeIn = takeIn
    database.query = query
    expect(sent.status).toBe(200)
    heard.push(JSON.stringify(body), JSON.stringify(sent.body))
    expect(heard.length).toBeGreaterThan(10)
    const shapes = [
      marker,
      Buffer.from(marker).toString('base64').slice(0, 16),
      Buffer.from(marker).toString('hex'),
    ]
    expect(heard.filter(text => shapes.some(shape => text.includes(shape)))).toEqual([])
    // Nothing of the envelope is written down anywhere either.
    const bytes = Buffer.from(envelope.envelope, 'base64')
    const dump = await house.owner.query<{ rows: string }>(
      `select string_agg(query_to_xml(format('select * from %I.%I', table_schema, table_name), true, false, '')::text, '') as rows
         from information_schema.tables where table_schema in ('public', 'graphile_worker') and table_type = 'BASE TABLE'`,
    )
    const inRows = [envelope.envelope, bytes.toString('hex'), ...shapes].filter(one =>
      dump[0]!.rows.includes(one),
    )
    expect(inRows).toEqual([])
    const { folder } = house.keeperProcess
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter(one =>
      one.isFile(),
    )
    for (const file of files) {
      // A file may go while the keeper works.
      const content = await readFile(join(file.parentPath, file.name)).catch(() => Buffer.alloc(0))
      expect(
        [marker, bytes.subarray(32, 64)].some(one => content.includes(one)),
        file.name,
      ).toBe(false)
    }
    expect(await held(ana)).toMatchObject({ allergies: marker })
  })
})
