import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { decideAnew, newField } from '../../test/catalogue.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { ana, call, codeFor, joinAs, openForCustomers, signInAs, trailOf } from '../../test/portal.ts'
import { type Act, acts } from '../collection/act.ts'
import { addField } from '../collection/catalogue.ts'

// What an act needs: how surely we know who the customer is, and what they have shown within the last quarter of an hour.

let shop: TestHouse
let cookie: string
let id: string

beforeAll(async () => {
  shop = await openHouse()
  await openForCustomers(shop)
  await addField(shop.house, 'st_1', newField('own_secret', { sensitive: true }))
  await addField(shop.house, 'st_1', newField('own_rank', { level: 1 }))
  ;({ cookie, id } = await joinAs(shop, ana, ['service', 'offers']))
  const given = { own_secret: 'a word of mine', own_rank: 'first' }
  const changed = await get('POST', '/portal/values', { values: given })
  expect(changed.status, JSON.stringify(changed.body)).toBe(200)
})
afterAll(() => shop.close())

const get = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) =>
  call(shop, method, path, { cookie, ...(body === undefined ? {} : { body }) })

/** A session of Ana's that has shown nothing for sixteen minutes. */
const wait = async () => {
  shop.clock.advance(3_600_000)
  cookie = (await signInAs(shop, ana.email)).cookie
  shop.clock.advance(16 * 60_000)
}
const prove = async () => {
  const asked = await get('POST', '/portal/proof-codes', { language: 'en' })
  const code = await codeFor(shop, ana.email)
  return get('POST', '/portal/proofs', { code_id: asked.body.id, code })
}
const nobody = '00000000-0000-4000-8000-000000000000'

/** Each act of the table as a request: another one than these fails the types. */
const requests: Record<Act, () => ReturnType<typeof get>> = {
  view: () => get('GET', '/portal/data'),
  view_sensitive: () => get('GET', '/portal/data?sensitive=shown'),
  change_values: () => get('POST', '/portal/values', { values: { name: 'Ana Ferraris' } }),
  add_passkey: () => get('POST', '/portal/passkey-challenges', {}),
  remove_passkey: () => get('DELETE', `/portal/passkeys/${nobody}`),
  change_address: () => get('POST', '/portal/address-codes', { email: 'x@example.com', language: 'en' }),
  give_consent: () =>
    get('POST', '/portal/consents', { purpose: 'service', notice_version: 1, language: 'en' }),
  withdraw_consent: () => get('POST', `/consents/${nobody}/withdrawals`, {}),
  export: () => get('GET', '/portal/export'),
  leave: () => get('POST', '/portal/withdrawals', { confirm: true }),
  merge: () => get('POST', `/portal/duplicates/${nobody}/merge-words`, {}),
  undo_merge: () => get('POST', '/portal/merge/undoings', {}),
}
const fresh = (Object.keys(acts) as Act[]).filter(act => acts[act].fresh)
const ordinary = (Object.keys(acts) as Act[]).filter(act => !acts[act].fresh)

describe('sixteen minutes after signing in', () => {
  beforeEach(wait)

  it.each(fresh)('%s is refused, and the refusal says what would do', async act => {
    const { status, body } = await requests[act]()
    expect([status, body.code]).toEqual([403, 'level_needed'])
    expect(body.detail).toEqual({
      ...{ act, missing: 'proof', level: acts[act].identity, ways: ['code'], fresh_minutes: 15 },
    })
  })

  it.each(ordinary)('%s asks for nothing more', async act => {
    expect((await requests[act]()).body?.code).not.toBe('level_needed')
  })

  it('a value of a field with a level is not changed, and one without is', async () => {
    const refused = await get('POST', '/portal/values', { values: { own_rank: 'second' } })
    expect(refused.body.detail).toMatchObject({ act: 'change_values', field: 'own_rank', missing: 'proof' })
    expect((await get('POST', '/portal/values', { values: { name: 'Ana Ferraris' } })).status).toBe(200)
    await prove()
    expect((await get('POST', '/portal/values', { values: { own_rank: 'second' } })).status).toBe(200)
  })

  it('what is sensitive is withheld from a page that does not ask for it, and nothing else is', async () => {
    const { body } = await get('GET', '/portal/data')
    const withheld = body.values.filter((one: { withheld: boolean }) => one.withheld)
    expect(withheld.map((one: { field: string; value: unknown }) => [one.field, one.value])).toEqual([
      ['own_secret', null],
    ])
    expect(JSON.stringify(body)).not.toContain('a word of mine')
    await prove()
    expect((await get('GET', '/portal/data')).body.values).toContainEqual(
      expect.objectContaining({ field: 'own_secret', value: 'a word of mine', withheld: false }),
    )
  })

  it('a code sent to them opens the act for a quarter of an hour, and is noted in their trail', async () => {
    const proved = await prove()
    expect(proved.status).toBe(201)
    expect(proved.body).toMatchObject({ by: 'code' })
    expect((await get('GET', '/portal/export')).status).toBe(200)
    shop.clock.advance(15 * 60_000)
    expect((await get('GET', '/portal/export')).body.code).toBe('level_needed')
    const kinds = (await trailOf(shop, id)).map(entry => entry.kind)
    expect(kinds).toContain('proof')
  })

  it('a code is good once', async () => {
    const asked = await get('POST', '/portal/proof-codes', { language: 'it' })
    const body = { code_id: asked.body.id, code: await codeFor(shop, ana.email) }
    expect((await get('POST', '/portal/proofs', body)).status).toBe(201)
    expect((await get('POST', '/portal/proofs', body)).body.code).toBe('wrong_code')
  })

  it('the sixth try is refused though it is right, and each wrong one is in the trail', async () => {
    const eva = await joinAs(shop, { name: 'Eva Po', email: 'eva.po@example.org' })
    const post = (path: string, body: object) => call(shop, 'POST', path, { cookie: eva.cookie, body })
    const asked = await post('/portal/proof-codes', { language: 'en' })
    const code = await codeFor(shop, 'eva.po@example.org')
    const wrong = code === '000000' ? '000001' : '000000'
    for (const tried of [wrong, wrong, wrong, wrong, wrong, code])
      expect((await post('/portal/proofs', { code_id: asked.body.id, code: tried })).status).toBe(401)
    const refused = (await trailOf(shop, eva.id)).filter(one => one.kind === 'proof.refused')
    expect(refused.length).toBe(5)
  })

  it('a code is too old after ten minutes', async () => {
    const asked = await get('POST', '/portal/proof-codes', { language: 'en' })
    const code = await codeFor(shop, ana.email)
    shop.clock.advance(10 * 60_000)
    expect((await get('POST', '/portal/proofs', { code_id: asked.body.id, code })).status).toBe(401)
  })

  it('the proof of one session opens nothing in another', async () => {
    const other = cookie
    cookie = (await signInAs(shop, ana.email)).cookie
    const here = cookie
    cookie = other
    expect((await get('GET', '/portal/export')).body.code).toBe('level_needed')
    cookie = here
    expect((await get('GET', '/portal/export')).status).toBe(200)
  })

  it('a clock that is set back makes no proof fresh', async () => {
    await prove()
    shop.clock.advance(-60_000)
    expect((await get('GET', '/portal/export')).body.code).toBe('level_needed')
    shop.clock.advance(60_000)
  })
})

describe('the codes', () => {
  it('of somebody else prove nothing', async () => {
    await wait()
    const other = await joinAs(shop, { name: 'Ugo Bo', email: 'ugo.bo@example.org' })
    const asked = await call(shop, 'POST', '/portal/proof-codes', {
      ...{ cookie: other.cookie, body: { language: 'en' } },
    })
    const code = await codeFor(shop, 'ugo.bo@example.org')
    const refused = await get('POST', '/portal/proofs', { code_id: asked.body.id, code })
    expect(refused.body.code).toBe('wrong_code')
    expect((await get('GET', '/portal/export')).body.code).toBe('level_needed')
  })

  it('are five within an hour for one person, sign-ins among them', async () => {
    await wait()
    const statuses: number[] = []
    for (let one = 0; one < 5; one++)
      statuses.push((await get('POST', '/portal/proof-codes', { language: 'en' })).status)
    expect(statuses).toEqual([202, 202, 202, 202, 429])
  })

  it('lie in the database as fingerprints that need the keeper’s key', async () => {
    shop.clock.advance(3_600_000)
    await signInAs(shop, ana.email)
    const rows = await shop.owner.query<{ hash: Buffer }>('select hash from code')
    expect(rows.length).toBeGreaterThan(0)
    for (const { hash } of rows) expect(hash.length).toBeGreaterThanOrEqual(16)
  })

  it('are asked for by a known and an unknown address with one answer, and a wrong one of either is alike', async () => {
    shop.clock.advance(3_600_000)
    const ask = (email: string) => call(shop, 'POST', '/portal/codes', { body: { email, language: 'en' } })
    const known = await ask(ana.email)
    const unknown = await ask('nobody.here@example.org')
    const shape = ({ status, body, response }: typeof known) => ({
      ...{ status, keys: Object.keys(body), until: body.until, length: response.body.length },
    })
    expect(shape(known)).toEqual(shape(unknown))
    const attempt = (code_id: string) =>
      call(shop, 'POST', '/portal/sessions', { body: { code_id, code: '000000' } })
    const answers = [await attempt(known.body.id), await attempt(unknown.body.id), await attempt(nobody)]
    expect(new Set(answers.map(one => `${one.status} ${one.response.body}`)).size).toBe(1)
  })
})

describe('a customer whom we know less surely', () => {
  it('is told that a level is missing, and how they come to it', async () => {
    shop.clock.advance(3_600_000)
    cookie = (await signInAs(shop, ana.email)).cookie
    await shop.owner.query('update customer set level = 0 where id = $1', [id])
    const { body } = await get('GET', '/portal/export')
    expect(body.detail).toMatchObject({ act: 'export', missing: 'identity', level: 1, ways: ['code'] })
    await shop.owner.query('update customer set level = 1 where id = $1', [id])
    expect((await get('GET', '/portal/export')).status).toBe(200)
  })

  it('is asked for the level that the field has now', async () => {
    await decideAnew(shop, 'own_rank', { level: 0 })
    shop.clock.advance(16 * 60_000)
    expect((await get('POST', '/portal/values', { values: { own_rank: 'third' } })).status).toBe(200)
  })
})
