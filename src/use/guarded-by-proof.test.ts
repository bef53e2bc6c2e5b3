import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newField } from '../../test/catalogue.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { ana, call, joinAs, openForCustomers, signInAs } from '../../test/portal.ts'
import { addField } from '../collection/catalogue.ts'
import { hearClaims } from './dispute.ts'

// What asks for a proof must not be reached past it, by another page than the one that asks.

let shop: TestHouse
let cookie: string
let id: string

beforeAll(async () => {
  shop = await openHouse()
  await openForCustomers(shop)
  await addField(shop.house, 'st_1', newField('own_rank', { level: 1 }))
  await addField(shop.house, 'st_1', newField('own_work_mail', { type: 'email' }))
  const joined = await joinAs(shop, ana, ['service', 'offers'])
  cookie = joined.cookie
  id = joined.id
})
afterAll(() => shop.close())

const send = (method: 'GET' | 'POST', path: string, body?: unknown) =>
  call(shop, method, path, { cookie, ...(body === undefined ? {} : { body }) })

/** A session in which nobody has shown for a while that it is them. */
async function signInAndWait(): Promise<void> {
  shop.clock.advance(3_600_000)
  cookie = (await signInAs(shop, ana.email)).cookie
  shop.clock.advance(16 * 60_000)
}

const heldAs = async (field: string) =>
  (await send('GET', '/portal/data')).body.values.find((one: { field: string }) => one.field === field)

describe('a letter that carries a code or a link', () => {
  it('is not readable on the page of whoever is signed in, while it waits to be sent', async () => {
    await signInAndWait()
    expect((await send('GET', '/portal/export')).status).toBe(403)
    expect((await send('POST', '/portal/proof-codes', { language: 'en' })).status).toBeLessThan(300)
    await send('POST', '/portal/values', { values: { own_work_mail: 'president@nowhere.example' } })
    expect((await send('POST', '/portal/links', { field: 'own_work_mail', language: 'en' })).status).toBe(202)
    const { letters } = (await send('GET', '/portal/data')).body
    const keys = letters.filter((one: { kind: string }) => ['code', 'link'].includes(one.kind))
    expect(keys.length).toBeGreaterThan(1)
    for (const { to, subject, text } of keys) expect([to, subject, text]).toEqual([null, null, null])
    expect(JSON.stringify(letters)).not.toMatch(/\b\d{6}\b|confirm#/)
  })
})

describe('a field that asks for a level and a fresh proof', () => {
  it('is not changed by settling what is in doubt, nor confirmed, without it', async () => {
    cookie = (await signInAs(shop, ana.email)).cookie
    expect((await send('POST', '/portal/values', { values: { own_rank: 'first' } })).status).toBe(200)
    const claim = { value: 'last', source: 'import' as const, at: shop.clock.now().toISOString() }
    const hearing = { subject: id, actor: 'system', method: 'import' }
    await hearClaims(shop.house, hearing, new Map([['own_rank', claim]]))
    await signInAndWait()
    const [imported] = (await heldAs('own_rank')).disputed.claims
    const asked = { field: 'own_rank', claim: imported.id }
    const settled = await send('POST', '/portal/dispute-settlements', asked)
    expect([settled.status, settled.body.code]).toEqual([403, 'level_needed'])
    const confirmed = await send('POST', '/portal/confirmations', { fields: ['own_rank'] })
    expect([confirmed.status, confirmed.body.code]).toEqual([403, 'level_needed'])
    expect((await heldAs('own_rank')).value).toBe('first')
  })
})

describe('a level that was proved of a name', () => {
  it('falls when the customer takes another name, and stays when they write it as it was', async () => {
    const level = async () => (await send('GET', '/portal/data')).body.level
    await shop.owner.query('update customer set level = 3 where id = $1', [id])
    expect((await send('POST', '/portal/values', { values: { name: ana.name } })).status).toBe(200)
    expect(await level()).toBe(3)
    expect((await send('POST', '/portal/values', { values: { name: 'Livia Spinola' } })).status).toBe(200)
    expect(await level()).toBe(1)
  })
})

describe('a browser that says no to advertising', () => {
  it('is heard at a renewal too', async () => {
    const offers = (await send('GET', '/portal/consents')).body.items.find(
      (one: { purpose: string }) => one.purpose === 'offers',
    )
    await addField(shop.house, 'st_1', newField('own_more', { purposes: ['offers'] }))
    const { version } = (await send('GET', '/notice')).body
    const renewal = await shop.app.inject({
      ...{ method: 'POST', url: `/api/v1/portal/consents/${offers.id}/renewals` },
      ...{ headers: { 'sec-gpc': '1' }, cookies: { custode_portal: cookie } },
      payload: { notice_version: version, language: 'en' },
    })
    expect(renewal.statusCode).toBeGreaterThanOrEqual(400)
    expect(await shop.owner.query('select 1 from privacy_signal where subject = $1', [id])).toHaveLength(1)
  })
})
