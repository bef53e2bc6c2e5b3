import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { ana, call, openForCustomers, signInAs } from '../../test/portal.ts'
import { giveConsent } from '../collection/consent.ts'
import { makeCustomer } from '../collection/customer.ts'
import { change } from '../core/outbox.ts'
import { addAddress, addressToken } from '../identity/address.ts'
import { keep } from '../storage/keeping.ts'

let shop: TestHouse

beforeAll(async () => {
  shop = await openHouse()
  await openForCustomers(shop)
})

afterAll(() => shop.close())

const form = {
  name: ana.name,
  phone: ana.phone,
  notice_version: 1,
  said_age: 16,
  language: 'it',
  purposes: ['service', 'offers'],
}
const join = (cookie: string | undefined, body: unknown) =>
  call(shop, 'POST', '/portal/joins', { body, ...(cookie === undefined ? {} : { cookie }) })

describe('POST /portal/joins', () => {
  let applicant: string

  beforeAll(async () => {
    applicant = (await signInAs(shop, ana.email)).cookie
  })

  test('401 without a session', async () => {
    for (const cookie of [undefined, 'x'.repeat(43)])
      expect((await join(cookie, form)).body).toMatchObject({ status: 401, code: 'unauthenticated' })
  })

  test.each([
    [{ name: '' }, 'name', 'required'],
    [{ name: undefined }, 'name', 'required'],
    [{ name: 'x'.repeat(121) }, 'name', 'too_long'],
    [{ name: 'Ana\u0007' }, 'name', 'control'],
    [{ name: 'Ana\u202e' }, 'name', 'direction'],
    [{ name: 'A\u200bna' }, 'name', 'invisible'],
    [{ name: 'Ana\ud83d' }, 'name', 'broken'],
    [{ name: '\u2060\u3164' }, 'name', 'required'],
    [{ phone: '12' }, 'phone', 'phone'],
    [{ phone: undefined }, 'phone', 'required'],
    [{ notice_version: 2 }, 'notice_version', 'invalid'],
    [{ notice_version: '1' }, 'notice_version', 'invalid'],
    [{ said_age: undefined }, 'said_age', 'required'],
    [{ said_age: 14 }, 'said_age', 'changed'],
    [{ said_age: '16' }, 'said_age', 'invalid'],
    [{ language: 'de' }, 'language', 'invalid'],
    [{ purposes: [] }, 'purposes', 'consent_needed'],
    [{ purposes: ['offers'] }, 'purposes', 'consent_needed'],
    [{ purposes: ['service', 'profiling'] }, 'purposes.1', 'invalid'],
    [{ email: 'other@example.org' }, '', 'unknown'],
  ])('400 for %o, naming %s as %s', async (wrong, field, code) => {
    const { status, body } = await join(applicant, { ...form, ...wrong })
    expect([status, body.code]).toEqual([400, 'invalid'])
    expect(body.errors).toContainEqual({ field, code })
    expect(JSON.stringify(body)).not.toContain(ana.name)
  })

  test('nothing of a refused form is kept', async () => {
    expect(await shop.owner.query('select 1 from customer')).toEqual([])
    expect(await shop.owner.query('select 1 from consent')).toEqual([])
  })

  test('201 with the consents; the cookie is then a customer’s and the old one nobody’s', async () => {
    const { status, body, cookie } = await join(applicant, form)
    expect(status).toBe(201)
    expect(body).toEqual({
      alias: expect.stringMatching(/^[A-Z2-9]{2}-[A-Z2-9]{4}$/),
      consents: expect.any(Array),
    })
    expect(body.consents).toMatchObject([
      { purpose: 'service', evidence: 'portal', notice_version: 1, language: 'it', withdrawn_at: null },
      { purpose: 'offers', fields: ['email', 'name', 'purchase'] },
    ])
    const session = await call(shop, 'GET', '/portal/sessions/current', { cookie: cookie! })
    expect(session.body).toMatchObject({ kind: 'customer', alias: body.alias, level: 1, language: 'it' })
    expect((await call(shop, 'GET', '/portal/sessions/current', { cookie: applicant })).status).toBe(401)
    const again = await join(cookie, form)
    expect([again.status, again.body.code]).toEqual([403, 'wrong_role'])
  })

  test('the next code for the address is the customer’s', async () => {
    expect((await signInAs(shop, ana.email.toUpperCase())).kind).toBe('customer')
  })

  test('a purpose named twice is one consent, and a blank telephone number is none', async () => {
    const { cookie } = await signInAs(shop, 'twice@example.org')
    const { status, body } = await join(cookie, { ...form, phone: ' ', purposes: ['service', 'service'] })
    expect(status).toBe(201)
    expect(body.consents).toHaveLength(1)
  })

  test('sent five times at once it makes one customer', async () => {
    const { cookie } = await signInAs(shop, 'hasty@example.org')
    const before = await shop.owner.query('select id from customer')
    const statuses = (await Promise.all(Array.from({ length: 5 }, () => join(cookie, form)))).map(
      one => one.status,
    )
    expect(statuses.filter(status => status === 201)).toHaveLength(1)
    expect(statuses.filter(status => ![201, 401, 409].includes(status))).toEqual([])
    expect(await shop.owner.query('select id from customer')).toHaveLength(before.length + 1)
  })

  test('from two browsers that proved the same address at once it makes one customer', async () => {
    const cookies = [await signInAs(shop, 'two@example.org'), await signInAs(shop, 'two@example.org')]
    const before = await shop.owner.query('select id from customer')
    const statuses = (await Promise.all(cookies.map(one => join(one.cookie, form)))).map(one => one.status)
    expect(statuses.sort()).toEqual([201, expect.any(Number)])
    expect([401, 409]).toContain(statuses[1])
    expect(await shop.owner.query('select id from customer')).toHaveLength(before.length + 1)
  })

  test('409 where somebody else got the address meanwhile, by an import; the next code is theirs', async () => {
    const { cookie } = await signInAs(shop, 'late@example.org')
    await change(shop.house, async tx => {
      const { id, slots } = await makeCustomer(tx, shop.house, 0)
      const given = { evidence: 'import', source: 'till', givenAt: shop.clock.now() } as const
      const consent = await giveConsent(tx, shop.house, id, 'service', given)
      const email = {
        value: 'late@example.org',
        source: 'import',
        at: shop.clock.now().toISOString(),
      } as const
      await keep(tx, shop.house, consent, id, id, { email })
      await addAddress(tx, 'email', await addressToken(shop.house, 'email', 'late@example.org'), {
        ...{ subject: id, compartment: 'contact', slot: slots.contact! },
      })
    })
    const { status, body } = await join(cookie, form)
    expect([status, body.code]).toEqual([409, 'conflict'])
    expect((await signInAs(shop, 'late@example.org')).kind).toBe('customer')
  })

  test('503 while the address index is lost, and nothing is kept', async () => {
    const { cookie } = await signInAs(shop, 'unlucky@example.org')
    const before = await shop.owner.query('select id from customer')
    await shop.owner.query('truncate address_generation')
    const { status, body } = await join(cookie, form)
    expect([status, body.code]).toEqual([503, 'search_rebuilding'])
    await shop.owner.query('insert into address_generation (made_at) values (now())')
    expect(await shop.owner.query('select id from customer')).toHaveLength(before.length)
    expect((await join(cookie, form)).status).toBe(201)
  })
})
