import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { askGuardian, joinChild as joinChildAt, newFamily, yearsAgo } from '../../test/family.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { call, codeFor, openForCustomers, signInAs, trailOf } from '../../test/portal.ts'
import { resumeErasures } from '../disposal/resumption.ts'
import { checkConsentReceipt } from './consent-receipt-check.ts'

let shop: TestHouse

beforeAll(async () => {
  shop = await openHouse()
  await openForCustomers(shop)
})
afterAll(() => shop.close())
beforeEach(() => shop.clock.advance(60_000))

const day = 86_400_000
const years = (past: number, days = 0) => yearsAgo(shop, past, days)
const outcome = ({ status, body }: { status: number; body: { code?: string } | null }) => [status, body?.code]

const asked = () => askGuardian(shop)
const joinChild = (token: string, about: object = {}) => joinChildAt(shop, token, about)
const family = (about: object = {}) => newFamily(shop, about)
const askCode = (alias: string) =>
  call(shop, 'POST', '/portal/guardian-codes', { body: { alias, language: 'en' } })
async function signInGuardian(alias: string, email: string) {
  const { id } = (await askCode(alias)).body
  const body = { code_id: id, code: await codeFor(shop, email) }
  return call(shop, 'POST', '/portal/guardian-sessions', { body })
}
const consentsOf = async (cookie: string) =>
  (await call(shop, 'GET', '/portal/consents', { cookie })).body.items as {
    id: string
    purpose: string
    given_by: string
    withdrawn_at: string | null
  }[]
const offers = { purpose: 'offers', notice_version: 1, language: 'en' }

describe('a child for whom a guardian agrees', () => {
  it('is a customer, and consent, log and receipt say that a guardian agreed, and never who', async () => {
    const { kid, parent, id, guardian, consents } = await family({ purposes: ['service', 'offers'] })
    expect(consents.map((one: { given_by: string }) => one.given_by)).toEqual(['guardian', 'guardian'])
    const trail = await trailOf(shop, id)
    const given = trail.filter(entry => entry.kind === 'consent')
    expect(given.map(entry => [entry.actor, entry.detail?.given_by])).toEqual([
      ['guardian', 'guardian'],
      ['guardian', 'guardian'],
    ])
    expect(JSON.stringify(trail)).not.toContain(guardian)
    const receipt = (
      await call(shop, 'GET', `/portal/consents/${consents[0].id}/receipt`, { cookie: parent })
    ).body
    expect(receipt['dpv:hasRecordOfActivity']['dpv:isIndicatedBy']).toBe('dpv:GuardianOfDataSubject')
    expect(checkConsentReceipt(receipt).ok).toBe(true)
    const lie = {
      ...receipt,
      'dpv:hasRecordOfActivity': {
        ...receipt['dpv:hasRecordOfActivity'],
        'dpv:isIndicatedBy': 'dpv:DataSubject',
      },
    }
    expect(checkConsentReceipt(lie).ok).toBe(false)
    expect((await call(shop, 'GET', '/portal/data', { cookie: kid })).status).toBe(200)
    const rows = await shop.owner.query('select * from guardianship where subject = $1', [id])
    expect(JSON.stringify(rows)).not.toContain('parent')
  })

  it('is asked for nothing but the two addresses before; the date of birth is not kept', async () => {
    const { mail, child } = await asked()
    expect(mail.text).toContain(`${child[0]}…@example.org`)
    expect(mail.text).not.toContain(child)
    const { parent, id } = await family()
    const exported = await call(shop, 'GET', '/portal/export', { cookie: parent })
    expect(exported.status).toBe(200)
    expect(JSON.stringify(exported.body.data.values)).not.toContain(years(12))
    const boxes = await shop.owner.query('select 1 from box where subject = $1', [id])
    expect(boxes.length).toBeGreaterThan(0)
  })

  it('agrees to nothing themselves, may take back, and has no marketing unless the guardian agreed', async () => {
    const { kid, parent } = await family()
    expect(outcome(await call(shop, 'POST', '/portal/consents', { cookie: kid, body: offers }))).toEqual([
      ...[403, 'guardian_needed'],
    ])
    const given = await call(shop, 'POST', '/portal/consents', { cookie: parent, body: offers })
    expect([given.status, given.body.given_by]).toEqual([201, 'guardian'])
    const back = { cookie: kid, body: {} }
    expect((await call(shop, 'POST', `/consents/${given.body.id}/withdrawals`, back)).status).toBe(201)
  })

  it('is not written past the rule: PostgreSQL refuses a consent of the child’s own', async () => {
    const { id } = await family()
    const made = shop.database.query(
      `insert into consent (id, subject, purpose, notice_version, language, evidence, given_at, recorded_at)
       values (gen_random_uuid(), $1, 'offers', 1, 'en', 'portal', now(), now())`,
      [id],
    )
    await expect(made).rejects.toThrow('somebody else agrees for this person')
  })
})

describe('a guardian', () => {
  it('comes in by the alias and a code sent to them, acts under their own name in the log, and shows again who they are', async () => {
    const { alias, guardian, id } = await family()
    const { status, cookie } = await signInGuardian(alias, guardian)
    expect(status).toBe(201)
    const session = (await call(shop, 'GET', '/portal/sessions/current', { cookie: cookie! })).body
    expect(session).toMatchObject({ as_guardian: true, guardian: { active: true, lapse_at: null } })
    const values = { values: { name: 'Kim Maria Sala' } }
    expect((await call(shop, 'POST', '/portal/values', { cookie: cookie!, body: values })).status).toBe(200)
    shop.clock.advance(16 * 60_000)
    expect(outcome(await call(shop, 'GET', '/portal/export', { cookie: cookie! }))).toEqual([
      403,
      'level_needed',
    ])
    const sent = await call(shop, 'POST', '/portal/proof-codes', {
      cookie: cookie!,
      body: { language: 'en' },
    })
    expect(sent.body.email).toMatch(/^p…/)
    const proof = { code_id: sent.body.id, code: await codeFor(shop, guardian) }
    expect((await call(shop, 'POST', '/portal/proofs', { cookie: cookie!, body: proof })).status).toBe(201)
    expect((await call(shop, 'GET', '/portal/export', { cookie: cookie! })).status).toBe(200)
    const actors = (await trailOf(shop, id)).filter(entry => entry.kind === 'value').map(entry => entry.actor)
    expect(actors).toEqual(['guardian'])
  })

  it('is no code of the child: neither opens the other’s door', async () => {
    const { alias, child, guardian } = await family()
    const own = await call(shop, 'POST', '/portal/codes', { body: { email: child, language: 'en' } })
    const ofChild = { code_id: own.body.id, code: await codeFor(shop, child) }
    expect(outcome(await call(shop, 'POST', '/portal/guardian-sessions', { body: ofChild }))).toEqual([
      ...[401, 'wrong_code'],
    ])
    const theirs = (await askCode(alias)).body
    const ofGuardian = { code_id: theirs.id, code: await codeFor(shop, guardian) }
    expect(outcome(await call(shop, 'POST', '/portal/sessions', { body: ofGuardian }))).toEqual([
      401,
      'wrong_code',
    ])
  })

  it('adds no passkey and changes no address to sign in with: both would outlast their time', async () => {
    const { parent } = await family()
    const add = await call(shop, 'POST', '/portal/passkey-challenges', { cookie: parent, body: {} })
    expect(outcome(add)).toEqual([403, 'wrong_role'])
  })

  it('hears the same of an alias that nobody has', async () => {
    const { alias } = await family()
    const [known, unknown] = [await askCode(alias), await askCode('ZZ-0000')]
    expect([known.status, Object.keys(known.body)]).toEqual([unknown.status, Object.keys(unknown.body)])
  })
})

describe('a link to a guardian', () => {
  it('goes to another address than the child’s own, three times at most', async () => {
    const { cookie, child } = await asked()
    const ask = (email: string) =>
      call(shop, 'POST', '/portal/guardian-requests', { cookie, body: { email, language: 'en' } })
    const own = await ask(child.toUpperCase())
    expect(own.body.errors).toEqual([{ field: 'email', code: 'own_address' }])
    expect((await ask('a@example.org')).status).toBe(202)
    expect((await ask('b@example.org')).status).toBe(202)
    expect(outcome(await ask('c@example.org'))).toEqual([429, 'rate_limited'])
  })

  it('is sent by no company that takes nobody below 18, and an older one joins nobody there', async () => {
    const { token, cookie } = await asked()
    await shop.owner.query('insert into age_rule (version, least, decided_at) values (2, 18, now())')
    const ask = { cookie, body: { email: 'other@example.org', language: 'en' } }
    expect(outcome(await call(shop, 'POST', '/portal/guardian-requests', ask))).toEqual([409, 'conflict'])
    expect(outcome(await joinChild(token))).toEqual([409, 'conflict'])
    await shop.owner.query('delete from age_rule where version = 2')
  })

  it('is good once, and for a day', async () => {
    const used = await family()
    await shop.work()
    const again = await joinChild(used.token)
    expect([404, 409]).toContain(again.status)
    const late = await asked()
    shop.clock.advance(day)
    expect(outcome(await joinChild(late.token))).toEqual([404, 'not_found'])
    expect(
      outcome(await call(shop, 'POST', '/portal/guardian-links', { body: { token: late.token } })),
    ).toEqual([...[404, 'not_found']])
  })

  it('joins nobody who is old enough, nor without the statement or the service', async () => {
    const { token } = await asked()
    for (const [about, field] of [
      [{ born: years(16) }, 'born'],
      [{ born: years(0, 2) }, 'born'],
      [{ responsible: false }, 'responsible'],
      [{ purposes: ['offers'] }, 'purposes'],
    ] as const) {
      const refused = await joinChild(token, about)
      expect(refused.body.errors.map((error: { field: string }) => error.field)).toEqual([field])
    }
    expect((await joinChild(token)).status).toBe(201)
  })
})

describe('a child who is old enough', () => {
  const almost = () => ({ born: years(16, 1), purposes: ['service', 'offers'] })
  const pass = async (days: number) => {
    shop.clock.advance(days * day)
    await resumeErasures(shop.house)
  }

  it('decides alone from that moment: the guardian is out at once, and comes in no more', async () => {
    const midnight = new Date(shop.clock.now())
    midnight.setUTCHours(24, 0, 0, 0)
    shop.clock.advance(midnight.getTime() - shop.clock.now().getTime() - 30 * 60_000)
    const { alias, parent, kid, child } = await family(almost())
    expect((await call(shop, 'GET', '/portal/consents', { cookie: parent })).status).toBe(200)
    shop.clock.advance(31 * 60_000)
    await askCode(alias)
    expect(outcome(await call(shop, 'GET', '/portal/consents', { cookie: parent }))).toEqual([
      ...[401, 'unauthenticated'],
    ])
    await shop.work()
    expect(shop.post.list().find(one => one.to === child)?.subject).toContain('You decide for yourself now')
    const now = (await call(shop, 'GET', '/portal/sessions/current', { cookie: kid })).body
    expect(now.guardian).toMatchObject({ active: false, lapse_at: expect.any(String) })
  })

  it('keeps what they agree to themselves within thirty days; the rest lapses, and the guardian is forgotten', async () => {
    const { child, id } = await family(almost())
    await pass(8)
    const { cookie } = await signInAs(shop, child)
    const service = (await consentsOf(cookie)).find(one => one.purpose === 'service')!
    const body = { notice_version: 1, language: 'en' }
    const taken = await call(shop, 'POST', `/portal/consents/${service.id}/renewals`, { cookie, body })
    expect([taken.status, taken.body.given_by]).toEqual([201, 'customer'])
    await pass(31)
    const live = (await consentsOf((await signInAs(shop, child)).cookie)).filter(
      one => one.withdrawn_at === null,
    )
    expect(live.map(one => [one.purpose, one.given_by])).toEqual([['service', 'customer']])
    expect(await shop.owner.query('select 1 from guardianship where subject = $1', [id])).toEqual([])
  })

  it('who does nothing is erased when the time is over, and not a day before', async () => {
    const { id } = await family(almost())
    await pass(8)
    await pass(29)
    expect(await shop.owner.query('select 1 from customer where id = $1', [id])).toHaveLength(1)
    await pass(2)
    expect(await shop.owner.query('select 1 from customer where id = $1', [id])).toEqual([])
  })
})
