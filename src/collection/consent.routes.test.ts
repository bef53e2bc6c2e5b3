import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { newEmployee } from '../../test/people.ts'
import { call, joinAs, openForCustomers, signInAs, whileLeaving } from '../../test/portal.ts'

let shop: TestHouse
let joined: { cookie: string; id: string }
let applicant: string

beforeAll(async () => {
  shop = await openHouse()
  await openForCustomers(shop)
  joined = await joinAs(shop)
  applicant = (await signInAs(shop, 'somebody@example.org')).cookie
})

afterAll(() => shop.close())

const offers = { purpose: 'offers', notice_version: 1, language: 'it' }

describe('/portal/consents', () => {
  test.each(['GET', 'POST'] as const)('%s: 401 without a session or with a made-up one', async method => {
    for (const cookie of [undefined, 'made-up']) {
      const sent = {
        body: method === 'POST' ? offers : undefined,
        ...(cookie === undefined ? {} : { cookie }),
      }
      const { status, body } = await call(shop, method, '/portal/consents', sent)
      expect([status, body.code]).toEqual([401, 'unauthenticated'])
    }
  })

  test.each(['GET', 'POST'] as const)('%s: 403 for an applicant', async method => {
    const sent = { cookie: applicant, body: method === 'POST' ? offers : undefined }
    const { status, body } = await call(shop, method, '/portal/consents', sent)
    expect([status, body.code]).toEqual([403, 'wrong_role'])
  })

  test.each([
    [{ ...offers, purpose: 'profiling' }, 'purpose'],
    [{ ...offers, notice_version: 'one' }, 'notice_version'],
    [{ ...offers, notice_version: 7 }, 'notice_version'],
    [{ ...offers, language: 'de' }, 'language'],
    [{ purpose: 'offers', language: 'en' }, 'notice_version'],
  ])('POST %o: 400 naming %s', async (body, field) => {
    const response = await call(shop, 'POST', '/portal/consents', { cookie: joined.cookie, body })
    expect(response.status).toBe(400)
    expect(response.body.errors.map((error: { field: string }) => error.field)).toContain(field)
  })

  test('POST with an unknown key: 400', async () => {
    const body = { ...offers, given_at: '2020-01-01T00:00:00Z' }
    expect((await call(shop, 'POST', '/portal/consents', { cookie: joined.cookie, body })).status).toBe(400)
  })

  test('POST: 201, then 409, and the list shows both consents with their evidence', async () => {
    const given = await call(shop, 'POST', '/portal/consents', { cookie: joined.cookie, body: offers })
    expect(given.status).toBe(201)
    expect(given.body).toEqual({
      ...{ id: expect.any(String), purpose: 'offers', fields: ['email', 'name', 'purchase'] },
      ...{ given_at: shop.clock.now().toISOString(), given_by: 'customer', withdrawn_at: null },
      ...{ evidence: 'portal', notice_version: 1, language: 'it', renews: null, despite_signal: false },
      said_age: null,
      signature: 'none',
    })
    const again = await call(shop, 'POST', '/portal/consents', { cookie: joined.cookie, body: offers })
    expect([again.status, again.body.code]).toEqual([409, 'conflict'])
    const { body } = await call(shop, 'GET', '/portal/consents', { cookie: joined.cookie })
    expect(body.items.map((one: { purpose: string }) => one.purpose).sort()).toEqual(['offers', 'service'])
    expect(body.items).toContainEqual({ ...given.body, asked_now: [], unsealed_now: [] })
    expect(body.next).toBeNull()
  })

  test('somebody else’s consents are not in the list', async () => {
    const other = await joinAs(shop, { name: 'Ugo Neri', email: 'ugo.neri@example.org' })
    const { body } = await call(shop, 'GET', '/portal/consents', { cookie: other.cookie })
    expect(body.items).toHaveLength(1)
  })

  test('POST by somebody who is just leaving: 410, and nothing is kept', async () => {
    const other = await joinAs(shop, { name: 'Nives Orlandi', email: 'nives.orlandi@example.org' })
    const { status, body } = await whileLeaving(shop, other.id, () =>
      call(shop, 'POST', '/portal/consents', { cookie: other.cookie, body: offers }),
    )
    expect([status, body.code]).toEqual([410, 'erased'])
    expect(await shop.owner.query('select 1 from consent where subject = $1', [other.id])).toEqual([])
  })

  test('sent four times at once it is given once', async () => {
    const other = await joinAs(shop, { name: 'Ida Bosco', email: 'ida.bosco@example.org' })
    const post = () => call(shop, 'POST', '/portal/consents', { cookie: other.cookie, body: offers })
    const statuses = (await Promise.all([post(), post(), post(), post()])).map(one => one.status)
    expect(statuses.sort()).toEqual([201, 409, 409, 409])
  })
})

describe('/office/consents', () => {
  test('GET: how many agree to what under which notice, and nobody’s name', async () => {
    const count = await officerCount()
    const before = await count()
    const dora = await joinAs(shop, { name: 'Dora Neri', email: 'dora.neri@example.org' }, [
      'service',
      'offers',
    ])
    const after = await count()
    const live = (items: Counted[], purpose: string) => items.find(one => one.purpose === purpose)?.live ?? 0
    expect(live(after, 'service')).toBe(live(before, 'service') + 1)
    expect(live(after, 'offers')).toBe(live(before, 'offers') + 1)
    const { items } = (await call(shop, 'GET', '/portal/consents', { cookie: dora.cookie })).body
    const { id } = items.find((one: { purpose: string }) => one.purpose === 'offers')
    await call(shop, 'POST', `/consents/${id}/withdrawals`, { cookie: dora.cookie, body: {} })
    const later = await count()
    expect(live(later, 'offers')).toBe(live(before, 'offers'))
    expect(JSON.stringify(later)).not.toMatch(/dora/i)
  })
})

interface Counted {
  purpose: string
  live: number
}

/** What an officer counts. */
async function officerCount(): Promise<() => Promise<Counted[]>> {
  const officer = await newEmployee(shop, 'officer', 'office')
  return async () => {
    const response = await shop.app.inject({ url: '/api/v1/office/consents', cookies: officer.cookies })
    return response.json<{ items: Counted[] }>().items
  }
}
