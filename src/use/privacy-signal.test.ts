import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { call, codeFor, joinAs, openForCustomers, signInAs, trailOf } from '../../test/portal.ts'
import { findUsableConsent } from '../collection/consent.ts'
import { endUncoveredGrants } from '../disposal/consent-withdrawal.ts'
import { makeGrant } from './grant.ts'
import { hearSignal } from './privacy-signal.ts'

let shop: TestHouse
beforeAll(async () => {
  shop = await openHouse()
  await openForCustomers(shop)
})
afterAll(() => shop.close())

const gpc = { 'sec-gpc': '1' }
const offers = { purpose: 'offers', notice_version: 1, language: 'en' }

/** A call of somebody whose browser says no. */
async function sayingNo(method: 'GET' | 'POST', path: string, cookie?: string, body?: object) {
  const response = await shop.app.inject({
    ...{ method, url: `/api/v1${path}`, headers: gpc, remoteAddress: '198.18.9.1' },
    ...(body === undefined ? {} : { payload: body }),
    ...(cookie === undefined ? {} : { cookies: { custode_portal: cookie } }),
  })
  return { status: response.statusCode, body: response.json() }
}

let people = 0
const somebody = (purposes = ['service']) => {
  people++
  return joinAs(shop, { name: 'Ada Serra', email: `ada${people}@example.org` }, purposes)
}

const heard = (id: string) => shop.owner.query('select 1 from privacy_signal where subject = $1', [id])
const signals = async (id: string) =>
  (await trailOf(shop, id)).filter(entry => entry.kind === 'privacy.signal').length

describe('a visitor whose browser says no', () => {
  test('is answered by it, and nothing about them is stored', async () => {
    const counts = () =>
      shop.owner.query('select count(*) from subject union all select count(*) from outbox')
    const before = await counts()
    expect((await sayingNo('GET', '/notice')).body.signal).toBe(true)
    expect((await call(shop, 'GET', '/notice')).body.signal).toBe(false)
    expect(await shop.owner.query('select 1 from privacy_signal')).toEqual([])
    expect(await counts()).toEqual(before)
  })

  test('finds at the known place that the signal is honoured', async () => {
    const response = await shop.app.inject({ url: '/.well-known/gpc.json' })
    expect(response.headers['content-type']).toMatch(/^application\/json/)
    expect(response.json()).toEqual({ gpc: true, lastUpdate: '2026-11-28' })
  })

  test('is told which purposes it speaks against: only advertising', async () => {
    const { body } = await call(shop, 'GET', '/notice')
    const against = body.purposes.filter((one: { advertising: boolean }) => one.advertising)
    expect(against.map((one: { code: string }) => one.code)).toEqual(['offers'])
  })
})

describe('joining with a browser that says no', () => {
  const joining = { name: 'Ida Bosco', phone: '', notice_version: 1, language: 'en', said_age: 16 }

  test('agrees to no advertising unless it says that it does so in spite of that', async () => {
    const { cookie } = await signInAs(shop, 'ida.bosco@example.org')
    const body = { ...joining, purposes: ['service', 'offers'] }
    const refused = await sayingNo('POST', '/portal/joins', cookie, body)
    expect([refused.status, refused.body.code]).toEqual([409, 'privacy_signal'])
    const joined = await sayingNo('POST', '/portal/joins', cookie, { ...body, despite_signal: true })
    expect(joined.status).toBe(201)
    const despite = joined.body.consents.map((one: { purpose: string; despite_signal: boolean }) => [
      ...[one.purpose, one.despite_signal],
    ])
    expect(despite.sort()).toEqual([
      ['offers', true],
      ['service', false],
    ])
  })

  test('is written in the trail, also where only the page can read the signal', async () => {
    const { cookie } = await signInAs(shop, 'ivo.bosco@example.org')
    const body = { ...joining, purposes: ['service'], signal: true }
    const { body: joined } = await call(shop, 'POST', '/portal/joins', { cookie, body })
    const { id } = await shop.owner.one<{ id: string }>('select id from subject where alias = $1', [
      joined.alias,
    ])
    expect(await signals(id)).toBe(1)
  })
})

describe('a customer whose browser says no', () => {
  test('has it written once, and sees since when', async () => {
    const { cookie, id } = await somebody()
    const before = await call(shop, 'GET', '/portal/privacy-signal', { cookie })
    expect(before.body).toEqual({ heard_at: null, now: false })
    const all = await Promise.all([1, 2, 3].map(() => sayingNo('POST', '/portal/privacy-signal', cookie, {})))
    expect(all.map(one => one.status)).toEqual([201, 201, 201])
    expect(await signals(id)).toBe(1)
    const after = await call(shop, 'GET', '/portal/privacy-signal', { cookie })
    expect(after.body).toEqual({ heard_at: shop.clock.now().toISOString(), now: false })
  })

  test('agrees to advertising only in spite of it, and the trail says so', async () => {
    const { cookie, id } = await somebody()
    const refused = await sayingNo('POST', '/portal/consents', cookie, offers)
    expect([refused.status, refused.body.code, refused.body.detail]).toEqual([
      ...[409, 'privacy_signal', { purpose: 'offers' }],
    ])
    // What the browser said once stands, whatever is sent later.
    expect((await call(shop, 'POST', '/portal/consents', { cookie, body: offers })).status).toBe(409)
    const body = { ...offers, despite_signal: true }
    const given = await call(shop, 'POST', '/portal/consents', { cookie, body })
    expect([given.status, given.body.despite_signal]).toEqual([201, true])
    const noted = (await trailOf(shop, id)).filter(entry => entry.kind === 'consent').at(-1)
    expect(noted?.detail).toMatchObject({ consent: given.body.id, despite_signal: true })
    expect(await findUsableConsent(shop.house.database, id, 'offers')).not.toBeNull()
  })

  test('leaves what they agreed to before at rest, until they agree in spite of it', async () => {
    const { cookie, id } = await somebody(['service', 'offers'])
    const usable = (purpose: string) => findUsableConsent(shop.house.database, id, purpose)
    expect(await usable('offers')).not.toBeNull()
    await hearSignal(shop.house, id)
    expect(await usable('offers')).toBeNull()
    expect(await usable('service')).not.toBeNull()
    const { body } = await call(shop, 'GET', '/portal/consents', { cookie })
    const older = body.items.find((one: { purpose: string }) => one.purpose === 'offers')
    const renew = (despite_signal: boolean) =>
      call(shop, 'POST', `/portal/consents/${older.id}/renewals`, {
        ...{ cookie, body: { notice_version: 1, language: 'en', despite_signal } },
      })
    expect((await renew(false)).status).toBe(409)
    expect((await renew(true)).body).toMatchObject({ renews: older.id, despite_signal: true })
    expect(await usable('offers')).not.toBeNull()
  })

  test('ends at once what was open for advertising, and nothing else', async () => {
    const { id } = await somebody(['service', 'offers'])
    const open = (purpose: string) =>
      makeGrant(shop.house, {
        ...{ kind: 'job' as const, session: null, actor: 'system', subjects: [id], fields: ['name'] },
        ...{ compartments: ['identity'], purpose, minutes: 5, most: 5 },
      })
    const [advertising, service] = [await open('offers'), await open('service')]
    const isLive = async (grant: string) =>
      (
        await shop.owner.one<{ live: boolean }>('select ended_at is null as live from grants where id = $1', [
          grant,
        ])
      ).live
    await endUncoveredGrants(shop.house, id, 'system')
    expect(await isLive(advertising.id)).toBe(true)
    await hearSignal(shop.house, id)
    expect([await isLive(advertising.id), await isLive(service.id)]).toEqual([false, true])
    // What a crash left alive is ended by the job.
    const late = await open('offers')
    await endUncoveredGrants(shop.house, id, 'system')
    expect(await isLive(late.id)).toBe(false)
  })

  test('is heard at the next sign-in, without a page that asks', async () => {
    const { id } = await somebody()
    const email = `ada${people}@example.org`
    const asked = await call(shop, 'POST', '/portal/codes', { body: { email, language: 'en' } })
    const code = await codeFor(shop, email)
    const body = { code_id: asked.body.id, code }
    expect((await sayingNo('POST', '/portal/sessions', undefined, body)).status).toBe(201)
    expect(await heard(id)).toHaveLength(1)
  })
})

test('PostgreSQL takes no advertising consent against the signal from whoever holds the role of the server', async () => {
  const { id } = await somebody()
  const give = (purpose: string, despite: boolean) =>
    shop.house.database.query(
      `insert into consent (id, subject, purpose, evidence, source, given_at, recorded_at, despite_signal)
       values (gen_random_uuid(), $1, $2, 'import', 'shop', now(), now(), $3)`,
      [id, purpose, despite],
    )
  await hearSignal(shop.house, id)
  await expect(give('offers', false)).rejects.toMatchObject({ constraint: 'privacy_signal_heeded' })
  await give('payment', false)
  await give('offers', true)
  await expect(
    shop.house.database.query('delete from privacy_signal where subject = $1', [id]),
  ).rejects.toMatchObject({ code: '42501' })
})
