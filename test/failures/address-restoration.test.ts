import { afterAll, beforeAll, expect, it } from 'vitest'
import { settleAddress } from '../../src/use/address-change.ts'
import { rebuildAddresses } from '../../src/use/address-index.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { newSession } from '../people.ts'
import { call, codeFor, joinAs, openForCustomers, signInAs } from '../portal.ts'
import { backUp, removeBackup, reopen } from '../restored-house.ts'

// A backup is made, somebody changes the address they sign in with, somebody else takes such a change back, and the backup is
// brought back.

let before: TestHouse
let house: TestHouse
let folder: string
let code: { id: string; digits: string }
const [old, other] = ['ida.vecchia@example.org', 'ida.nuova@example.com']
const [evas, thiefs] = ['eva@example.org', 'thief@example.net']
const [umas, umasNew] = ['uma@example.org', 'uma@example.com']
let uma: { id: string }
let ida: { id: string }
let eva: { id: string }
let link: string

async function change(at: TestHouse, cookie: string, email: string): Promise<void> {
  const asked = await call(at, 'POST', '/portal/address-codes', { cookie, body: { email, language: 'en' } })
  const body = { email, language: 'en', code_id: asked.body.id, code: await codeFor(at, email) }
  expect((await call(at, 'POST', '/portal/address-changes', { cookie, body })).status).toBe(201)
}
const kindAt = async (email: string) => (await signInAs(house, email)).kind

beforeAll(async () => {
  before = await openHouse()
  await openForCustomers(before)
  const joined = await joinAs(before, { name: 'Ida Neri', email: old })
  ida = joined
  const hers = await joinAs(before, { name: 'Eva Blu', email: evas })
  eva = hers
  await change(before, hers.cookie, thiefs)
  const whose = await joinAs(before, { name: 'Uma Verdi', email: umas })
  uma = whose
  await change(before, whose.cookie, umasNew)
  await before.work()
  const letter = before.post.list().find(mail => mail.to === evas)!
  link = /\/address#(\S+)/.exec(letter.text)![1]!
  const asked = await call(before, 'POST', '/portal/address-codes', {
    ...{ cookie: joined.cookie, body: { email: other, language: 'en' } },
  })
  code = { id: asked.body.id, digits: await codeFor(before, other) }
  folder = await backUp(before)
  const body = { email: other, language: 'en', code_id: code.id, code: code.digits }
  expect(
    (await call(before, 'POST', '/portal/address-changes', { cookie: joined.cookie, body })).status,
  ).toBe(201)
  const back = await call(before, 'POST', '/address-reversals', { body: { token: link, language: 'en' } })
  expect(back.status).toBe(201)
  house = (await reopen(folder, before)).house
  await rebuildAddresses(house.house)
}, 120_000)
afterAll(async () => {
  await house.close()
  await before.app.close()
  await removeBackup(folder)
})

it('brings no address back that was changed, and none that a thief had given', async () => {
  expect(await kindAt(old)).toBe('applicant')
  expect(await kindAt(thiefs)).toBe('applicant')
  const held = await house.owner.query(
    `select 1 from box where subject = any ($1) and compartment = 'contact' and row = subject`,
    [[ida.id, eva.id]],
  )
  expect(held).toEqual([])
})

it('asks for what is lost, and takes neither the code nor the link of before', async () => {
  const { cookies } = await newSession(house, 'portal', ida as Parameters<typeof newSession>[2])
  const data = await house.app.inject({ url: '/api/v1/portal/data', cookies })
  expect(data.json().lost).toMatchObject([{ compartment: 'contact' }])
  expect(data.body).not.toContain(old)
  const body = { email: other, language: 'en', code_id: code.id, code: code.digits }
  const late = await house.app.inject({
    ...{ method: 'POST', url: '/api/v1/portal/address-changes', cookies, payload: body },
  })
  expect([401, 403]).toContain(late.statusCode)
  const back = await call(house, 'POST', '/address-reversals', { body: { token: link, language: 'en' } })
  expect(back.status).toBe(404)
})

it('forgets the address before a change that was made before the backup, on the day that was said', async () => {
  const { id, until } = await house.owner.one<{ id: string; until: Date }>(
    'select id, until from address_change where subject = $1',
    [uma.id],
  )
  const jobs = await house.owner.query<{ run_at: Date }>(
    `select run_at from graphile_worker.jobs where key = $1`,
    [`address.settling:${id}`],
  )
  expect(jobs).toEqual([{ run_at: until }])
  house.clock.advance(until.getTime() - house.clock.now().getTime())
  await settleAddress(house.house, id)
  const { cookies } = await newSession(house, 'portal', uma as Parameters<typeof newSession>[2])
  const data = await house.app.inject({ url: '/api/v1/portal/data', cookies })
  expect(data.body).toContain(umasNew)
  expect(data.body).not.toContain(umas)
  expect(await house.owner.query('select 1 from address_change where id = $1', [id])).toEqual([])
})
