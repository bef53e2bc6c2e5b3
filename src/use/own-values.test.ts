import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decideAnew, newField } from '../../test/catalogue.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { buildWorld, type CustomerInWorld, type World } from '../../test/world.ts'
import { addField, getCatalogueField } from '../collection/catalogue.ts'

let house: TestHouse
let world: World
let ana: CustomerInWorld

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
  ana = world.ana
  await addField(
    house.house,
    'st_1',
    newField('own_shoe_size', { type: 'integer', options: { least: 15, most: 60 } }),
  )
  await addField(house.house, 'st_1', newField('own_colour'))
  await addField(house.house, 'st_1', newField('own_nickname', { compartment: 'identity' }))
  await addField(house.house, 'st_1', newField('own_rating', { editor: 'company', asked: 'no' }))
  await addField(house.house, 'st_1', newField('own_hobby', { purposes: ['offers'] }))
})
afterAll(() => house.close())

const send = async (method: 'GET' | 'POST', path: string, body?: object, whose = ana) => {
  const payload = body === undefined ? {} : { payload: body }
  const response = await house.app.inject({
    ...{ method, url: `/api/v1${path}`, cookies: whose.cookies, ...payload },
  })
  return { status: response.statusCode, body: response.body === '' ? null : response.json() }
}
const give = (values: Record<string, unknown>, whose = ana) =>
  send('POST', '/portal/values', { values }, whose)
const held = async (whose = ana): Promise<Record<string, unknown>> => {
  const { body } = await send('GET', '/portal/data', undefined, whose)
  return Object.fromEntries(
    body.values.map((one: { field: string; value: unknown }) => [one.field, one.value]),
  )
}
const renew = async (whose = ana) => {
  const { version } = (await send('GET', '/notice')).body
  const { items } = (await send('GET', '/portal/consents', undefined, whose)).body
  for (const consent of items.filter((one: { asked_now: string[] }) => one.asked_now.length > 0))
    await send(
      'POST',
      `/portal/consents/${consent.id}/renewals`,
      { notice_version: version, language: 'it' },
      whose,
    )
}
const faults = (body: { errors?: { field: string; code: string }[] }) =>
  (body.errors ?? []).map(one => `${one.field}: ${one.code}`)

describe('what the company asks since somebody agreed', () => {
  it('is not kept before they agree to it, and they are told what is new', async () => {
    const refused = await give({ own_shoe_size: 43 })
    expect([refused.status, refused.body.code]).toEqual([403, 'no_consent'])
    const { items } = (await send('GET', '/portal/consents')).body
    const service = items.find((one: { purpose: string }) => one.purpose === 'service')
    expect(service.asked_now).toEqual(['own_colour', 'own_nickname', 'own_shoe_size'])
  })

  it('is kept once they agree, by an agreement that takes the place of the older one', async () => {
    await renew()
    const { items } = (await send('GET', '/portal/consents')).body
    const [newer, older] = items.filter((one: { purpose: string }) => one.purpose === 'service')
    expect(newer).toMatchObject({ renews: older.id, withdrawn_at: null, asked_now: [] })
    expect(newer.fields).toEqual(expect.arrayContaining([...older.fields, 'own_shoe_size']))
    expect(older.withdrawn_at).not.toBeNull()
    expect((await give({ own_shoe_size: 43 })).body).toEqual({ changed: ['own_shoe_size'] })
    expect(await held()).toMatchObject({ own_shoe_size: 43, name: ana.name })
  })

  it('costs nothing to refuse: whoever does not agree keeps what they had', async () => {
    const dora = await world.join()
    await addField(house.house, 'st_1', newField('own_later'))
    expect(Object.keys(await held(dora))).toEqual(['name', 'email'])
    expect((await give({ own_later: 'x' }, dora)).body.code).toBe('no_consent')
    expect((await give({ phone: '+393475550142' }, dora)).status).toBe(200)
    const again = await send('GET', '/portal/consents', undefined, dora)
    const [service] = again.body.items
    await renew(dora)
    const { version } = (await send('GET', '/notice')).body
    const twice = await send(
      'POST',
      `/portal/consents/${service.id}/renewals`,
      { notice_version: version, language: 'it' },
      dora,
    )
    expect(twice.status).toBe(409)
    const others = await send('POST', `/portal/consents/${service.id}/renewals`, {
      notice_version: version,
      language: 'it',
    })
    expect(others.status).toBe(404)
  })

  it('is another question when it is called something else: what was answered stays, and is asked for anew', async () => {
    const ida = await world.join()
    const { version } = (await send('GET', '/notice')).body
    expect((await give({ own_nickname: 'Idina' }, ida)).status).toBe(200)
    const { label: before } = await getCatalogueField(house.house.database, 'own_nickname')
    const label = { en: 'Trade union', it: 'Sindacato' }
    await decideAnew(house, 'own_nickname', { label })
    expect((await send('GET', '/notice')).body.version).toBe(version + 1)
    expect((await give({ own_nickname: 'CGIL' }, ida)).body.code).toBe('no_consent')
    expect(await held(ida)).toMatchObject({ own_nickname: 'Idina' })
    const { items } = (await send('GET', '/portal/consents', undefined, ida)).body
    expect(items[0].asked_now).toContain('own_nickname')
    await renew(ida)
    expect((await give({ own_nickname: 'CGIL' }, ida)).status).toBe(200)
    await decideAnew(house, 'own_nickname', { label: before })
    await renew()
    await renew(ida)
  })

  it('cannot be agreed to by a notice that is no longer shown', async () => {
    const eva = await world.join()
    const { version } = (await send('GET', '/notice')).body
    await addField(house.house, 'st_1', newField('own_newest'))
    const [service] = (await send('GET', '/portal/consents', undefined, eva)).body.items
    const old = await send(
      'POST',
      `/portal/consents/${service.id}/renewals`,
      { notice_version: version, language: 'it' },
      eva,
    )
    expect([old.status, faults(old.body)]).toEqual([400, ['notice_version: invalid']])
  })
})

describe('a customer’s own values', () => {
  it('change, each in its one spelling, and the others stay', async () => {
    expect((await give({ phone: '347 555 0199', own_colour: '  green ', own_nickname: 'Anna' })).status).toBe(
      200,
    )
    expect(await held()).toMatchObject({
      ...{ phone: '+393475550199', own_colour: 'green', own_nickname: 'Anna', own_shoe_size: 43 },
      ...{ name: ana.name, email: ana.email },
    })
  })

  it('are removed by an empty answer, and the box of before opens no more', async () => {
    const where = `subject = $1 and row = $1 and compartment = 'preferences'`
    const now = () =>
      house.owner.one<{ version: number; bytes: Buffer }>(`select version, bytes from box where ${where}`, [
        ana.id,
      ])
    const put = ({ version, bytes }: { version: number; bytes: Buffer }) =>
      house.owner.query(`update box set version = $2, bytes = $3 where ${where}`, [ana.id, version, bytes])
    const before = await now()
    expect((await give({ own_colour: '' })).status).toBe(200)
    expect(await held()).not.toHaveProperty('own_colour')
    const after = await now()
    await put(before)
    expect((await send('GET', '/portal/data')).body.code).toBe('conflict')
    await put(after)
  })

  it('are entered in their own log by the names of the fields, never with what is in them', async () => {
    await give({ own_nickname: 'Annetta' })
    const { items } = (await send('GET', '/portal/entries')).body
    const entry = items.find((one: { kind: string }) => one.kind === 'value')
    expect(entry).toMatchObject({ actor: { role: 'you' }, fields: ['own_nickname'], result: 'done' })
    expect(JSON.stringify(items)).not.toContain('Annetta')
  })

  it('lie nowhere in plain', async () => {
    await give({ own_nickname: 'Zafferanella' })
    const rows = await house.owner.query<{ bytes: Buffer }>('select bytes from box where subject = $1', [
      ana.id,
    ])
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.some(row => row.bytes.includes('Zafferanella'))).toBe(false)
    const outbox = await house.owner.query('select body from outbox')
    expect(JSON.stringify(outbox)).not.toContain('Zafferanella')
  })

  it.each([
    [{ own_shoe_size: 'forty' }, 'values.own_shoe_size: integer'],
    [{ own_shoe_size: 99 }, 'values.own_shoe_size: above_most'],
    [{ phone: '12' }, 'values.phone: phone'],
    [{ name: ' ' }, 'values.name: required'],
    [{ email: 'other@example.org' }, 'values.email: not_editable'],
    [{ own_rating: 'gold' }, 'values.own_rating: not_editable'],
    [{ purchase: { lines: [] } }, 'values.purchase: not_editable'],
    [{ birth_date: '1980-01-01' }, 'values.birth_date: not_editable'],
    [{ postal_address: {} }, 'values.postal_address: not_asked'],
    [{ work_email: 'x@example.org' }, 'values: unknown'],
    [{ __proto__: null, constructor: 'x' }, 'values: unknown'],
  ])('%o is refused: %s', async (values, fault) => {
    const { status, body } = await give(values)
    expect([status, faults(body)]).toEqual([400, [fault]])
  })

  it('are given all or none', async () => {
    const { status } = await give({ own_nickname: 'Nina', own_shoe_size: 'forty' })
    expect(status).toBe(400)
    expect(await held()).toMatchObject({ own_nickname: 'Zafferanella' })
  })

  it('of a field that needs more certainty are refused until it is there', async () => {
    await decideAnew(house, 'own_nickname', { level: 1 })
    await house.owner.query('update customer set level = 0 where id = $1', [ana.id])
    const { status, body } = await give({ own_nickname: 'Nina' })
    expect([status, body.code, body.detail]).toEqual([
      403,
      'level_needed',
      {
        ...{ act: 'change_values', field: 'own_nickname', missing: 'identity', level: 1 },
        ...{ ways: ['code'], fresh_minutes: 15 },
      },
    ])
    await house.owner.query('update customer set level = 1 where id = $1', [ana.id])
    expect((await give({ own_nickname: 'Nina' })).status).toBe(200)
  })

  it('given at the same moment from several pages are never lost unseen: who hears yes finds theirs, others look again', async () => {
    const given = [
      { own_nickname: 'One' },
      { own_later: 'x' },
      { own_newest: 'y' },
      { name: 'Ana Maria Conti' },
    ]
    await renew()
    const answers = await Promise.all(given.map(one => give(one)))
    expect(answers.map(one => one.status).filter(status => status !== 200 && status !== 409)).toEqual([])
    const kept = Object.assign({}, ...given.filter((_, at) => answers[at]!.status === 200))
    expect(await held()).toMatchObject(kept)
  })
})

describe('a value that is to be confirmed from time to time', () => {
  it('says until when it stands, and stands anew once the customer has confirmed it', async () => {
    const dora = await world.join({ phone: '+393475550142' })
    const decide = (days: number | null) => decideAnew(house, 'phone', { reconfirm_days: days })
    const phone = async () => {
      const { values } = (await send('GET', '/portal/data', undefined, dora)).body
      return values.find((one: { field: string }) => one.field === 'phone')
    }
    expect((await phone()).confirm_by).toBeNull()
    await decide(30)
    const begun = Date.parse((await phone()).at)
    expect(Date.parse((await phone()).confirm_by) - begun).toBe(30 * 86_400_000)
    house.clock.advance(60_000)
    expect((await send('POST', '/portal/confirmations', { fields: ['phone'] }, dora)).body).toEqual({
      confirmed: ['phone'],
    })
    const later = await phone()
    expect(Date.parse(later.confirm_by) - begun).toBeGreaterThanOrEqual(30 * 86_400_000 + 60_000)
    expect(later).toMatchObject({ value: '+393475550142', at: new Date(begun).toISOString() })
    await decide(null)
  })

  it('is confirmed only where it is held and lies open to be', async () => {
    const eva = await world.join()
    for (const [fields, fault] of [
      [['phone'], 'values.phone: required'],
      [['iban'], 'values.iban: sealed_only'],
      [['nobody'], 'fields: unknown'],
    ] as const) {
      const { status, body } = await send('POST', '/portal/confirmations', { fields }, eva)
      expect([status, faults(body)]).toEqual([400, [fault]])
    }
  })
})
