import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { ana, call, codeFor, joinAs, openForCustomers, signInAs, trailOf } from '../../test/portal.ts'
import { SetStopwatch } from '../../test/set-stopwatch.ts'
import { giveConsent } from '../collection/consent.ts'
import { makeCustomer } from '../collection/customer.ts'
import { change } from '../core/outbox.ts'
import { systemStopwatch } from '../core/stopwatch.ts'
import { addAddress, addressToken } from '../identity/address.ts'
import { keep } from '../storage/keeping.ts'
import { makeGrant, withJobGrant } from './grant.ts'
import { masked } from './portal-session.ts'
import { read } from './reading.ts'

let shop: TestHouse
let joined: { id: string; cookie: string; alias: string }

beforeAll(async () => {
  shop = await openHouse()
  await openForCustomers(shop)
  joined = await joinAs(shop)
})

beforeEach(() => shop.clock.advance(3_600_001))
afterEach(() => {
  shop.house.stopwatch = new SetStopwatch()
})

afterAll(() => shop.close())

async function askCode(email = ana.email): Promise<{ code_id: string; code: string }> {
  const { body } = await call(shop, 'POST', '/portal/codes', { body: { email, language: 'en' } })
  return { code_id: body.id, code: await codeFor(shop, email) }
}

const signIn = (body: unknown) => call(shop, 'POST', '/portal/sessions', { body })

/** Another code of six digits than this one. */
const another = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

describe('POST /portal/sessions', () => {
  test('400 for what is no code, no id or too much', async () => {
    const asked = await askCode()
    for (const code of ['12345', '1234567', 'abcdef', '', 123456, null]) {
      const { status, body } = await signIn({ ...asked, code })
      expect([status, body.code]).toEqual([400, 'invalid'])
    }
    expect((await signIn({ ...asked, code_id: '1' })).status).toBe(400)
    expect((await signIn({ ...asked, room: 'office' })).status).toBe(400)
    expect((await signIn({})).status).toBe(400)
  })

  test('401 for a wrong code, an unknown id and another’s code, in the same words', async () => {
    const asked = await askCode()
    const others = await askCode('other@example.org')
    const answers = [
      await signIn({ ...asked, code: another(asked.code) }),
      await signIn({ ...asked, code_id: '00000000-0000-4000-8000-000000000000' }),
      await signIn({ ...asked, code_id: others.code_id, code: another(others.code) }),
    ]
    for (const answer of answers) {
      expect([answer.status, answer.body.code, answer.cookie]).toEqual([401, 'wrong_code', undefined])
      expect(answer.body).toEqual(answers[0]!.body)
    }
  })

  test('never 401 before the slowest of them is found out, so that nobody sees a code become worthless', async () => {
    shop.house.stopwatch = systemStopwatch
    const asked = await askCode()
    const unknown = { ...asked, code_id: '00000000-0000-4000-8000-000000000000' }
    for (const body of [{ ...asked, code: another(asked.code) }, unknown]) {
      const began = performance.now()
      expect((await signIn(body)).status).toBe(401)
      expect(performance.now() - began).toBeGreaterThanOrEqual(250)
    }
  })

  test('201 for the right one, once', async () => {
    const asked = await askCode()
    const { status, body, cookie, response } = await signIn(asked)
    expect(status).toBe(201)
    expect(body).toEqual({
      kind: 'customer',
      until: new Date(shop.clock.now().getTime() + 3_600_000).toISOString(),
      email: 'a…@example.org',
    })
    expect(response.headers['set-cookie']).toMatch(/^custode_portal=[\w-]{43}; .*HttpOnly; SameSite=Strict$/)
    expect((await signIn(asked)).body.code).toBe('wrong_code')
    expect(cookie).not.toBe(joined.cookie)
  })

  test('sent twice at once, one of the two gets in', async () => {
    const asked = await askCode()
    const statuses = (await Promise.all([signIn(asked), signIn(asked), signIn(asked)])).map(one => one.status)
    expect(statuses.sort()).toEqual([201, 401, 401])
  })

  test('the fifth try may be right, the sixth is not looked at', async () => {
    const lucky = await askCode()
    for (let at = 0; at < 4; at++) await signIn({ ...lucky, code: another(lucky.code) })
    expect((await signIn(lucky)).status).toBe(201)
    const late = await askCode()
    for (let at = 0; at < 5; at++) await signIn({ ...late, code: another(late.code) })
    expect((await signIn(late)).body.code).toBe('wrong_code')
  })

  test('fifty tries at once are still no more than five', async () => {
    const asked = await askCode()
    const guesses = Array.from({ length: 50 }, () => signIn({ ...asked, code: another(asked.code) }))
    const statuses = new Set((await Promise.all(guesses)).map(one => one.status))
    expect([...statuses].filter(status => status !== 401 && status !== 429)).toEqual([])
    const { tries } = await shop.owner.one<{ tries: number }>('select tries from code where id = $1', [
      asked.code_id,
    ])
    expect(tries).toBe(5)
  })

  test('a code lives ten minutes and not a moment longer', async () => {
    const early = await askCode('early@example.org')
    shop.clock.advance(599_999)
    expect((await signIn(early)).status).toBe(201)
    const late = await askCode('late@example.org')
    shop.clock.advance(600_000)
    expect((await signIn(late)).body.code).toBe('wrong_code')
  })

  test('signing in with one code closes the others', async () => {
    const first = await askCode()
    const second = await askCode()
    expect((await signIn(second)).status).toBe(201)
    expect((await signIn(first)).body.code).toBe('wrong_code')
  })

  test('tells the owner of each wrong try, in their own trail', async () => {
    const asked = await askCode()
    await signIn({ ...asked, code: another(asked.code) })
    await signIn(asked)
    const kinds = (await trailOf(shop, joined.id)).map(entry => entry.kind)
    expect(kinds).toEqual(expect.arrayContaining(['code', 'code.sent', 'session.refused', 'session']))
  })

  test('a customer whom an import brought has their address verified by the code', async () => {
    const id = await importCustomer('imported@example.org', '+393475550111')
    const [before] = await contactOf(id)
    const { cookie } = await signInAs(shop, 'imported@example.org')
    const { body } = await call(shop, 'GET', '/portal/sessions/current', { cookie })
    expect(body).toMatchObject({ kind: 'customer', level: 1 })
    const [after] = await contactOf(id)
    const at = shop.clock.now().toISOString()
    expect(after).toMatchObject({ version: 2 })
    expect(after?.values).toEqual({
      ...before?.values,
      email: { ...before?.values.email, verified: { method: 'code', at } },
    })
    expect(before?.values.email).not.toHaveProperty('verified')
    await signInAs(shop, 'imported@example.org')
    expect((await contactOf(id))[0]?.version).toBe(2)
  })

  test('a subject’s sign-in grant ends with the sign-in', async () => {
    await signInAs(shop, ana.email)
    const rows = await shop.owner.query(`select 1 from grants where kind = 'signin' and ended_at is null`)
    expect(rows).toEqual([])
  })
})

/** A customer as an import makes one: level 0, nothing verified. */
function importCustomer(email: string, phone: string): Promise<string> {
  const { house } = shop
  return change(house, async tx => {
    const { id, slots } = await makeCustomer(tx, house, 0)
    const given = { evidence: 'import', source: 'till', givenAt: house.clock.now() } as const
    const consent = await giveConsent(tx, house, id, 'service', given)
    const from = { source: 'import', at: house.clock.now().toISOString() } as const
    await keep(tx, house, consent, id, id, {
      email: { value: email, ...from },
      phone: { value: phone, ...from },
    })
    const owner = { subject: id, compartment: 'contact', slot: slots.contact! }
    await addAddress(tx, 'email', await addressToken(house, 'email', email), owner)
    return id
  })
}

function contactOf(subject: string) {
  const wanted = {
    subjects: [subject],
    fields: ['email', 'phone'],
    compartments: ['contact'],
    purpose: 'service',
  }
  return withJobGrant(shop.house, { ...wanted, minutes: 1, most: 1 }, grant =>
    read(shop.house, grant, subject, wanted),
  )
}

describe('/portal/sessions/current', () => {
  test.each(['GET', 'DELETE'] as const)('%s: 401 without a session', async method => {
    for (const cookie of [undefined, 'x'.repeat(43)]) {
      const sent = cookie === undefined ? {} : { cookie }
      const { status, body } = await call(shop, method, '/portal/sessions/current', sent)
      expect([status, body.code]).toEqual([401, 'unauthenticated'])
    }
  })

  test('GET: 200 for a customer and for an applicant', async () => {
    const customer = await signInAs(shop, ana.email)
    const hers = await call(shop, 'GET', '/portal/sessions/current', { cookie: customer.cookie })
    const until = new Date(shop.clock.now().getTime() + 3_600_000).toISOString()
    expect(hers.status).toBe(200)
    expect(hers.body).toEqual({
      ...{ kind: 'customer', alias: joined.alias, language: 'en', level: 1, until },
      ...{ as_guardian: false, guardian: null },
    })
    const applicant = await signInAs(shop, 'applicant@example.org')
    const theirs = await call(shop, 'GET', '/portal/sessions/current', { cookie: applicant.cookie })
    expect(theirs.body).toEqual({ kind: 'applicant', alias: expect.any(String), until })
  })

  test('GET: 401 when the hour is over', async () => {
    const { cookie } = await signInAs(shop, ana.email)
    shop.clock.advance(3_600_000)
    expect((await call(shop, 'GET', '/portal/sessions/current', { cookie })).status).toBe(401)
  })

  test('DELETE: 204, the cookie goes, the grants of the session end and the session with them', async () => {
    const { cookie } = await signInAs(shop, ana.email)
    const { id } = await shop.owner.one<{ id: string }>(
      'select id from session where subject = $1 and ended_at is null order by made_at desc limit 1',
      [joined.id],
    )
    const grant = await makeGrant(shop.house, {
      ...{
        kind: 'portal',
        session: { id, token: cookie },
        actor: 'customer',
        subjects: [joined.id],
        fields: ['*'],
      },
      ...{ compartments: ['contact'], purpose: 'access', minutes: 60, most: 10 },
    })
    const { status, response } = await call(shop, 'DELETE', '/portal/sessions/current', { cookie })
    expect(status).toBe(204)
    expect(response.headers['set-cookie']).toMatch(/^custode_portal=; .*Expires=Thu, 01 Jan 1970/)
    expect((await call(shop, 'GET', '/portal/sessions/current', { cookie })).status).toBe(401)
    const open = shop.house.keeper.entries({ grant: grant.id, secret: grant.secret, trailSlot: 256 })
    await expect(open).rejects.toMatchObject({ code: 'grant_ended' })
  })
})

test.each([
  ['ana.ferraris@example.org', 'a…@example.org'],
  ['é@example.org', 'é…@example.org'],
  ['a@b@example.org', 'a…@example.org'],
])('%s is shown as %s', (email, shown) => expect(masked(email)).toBe(shown))
