import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { call, signInAs } from '../../test/portal.ts'
import { buildWorld, type World } from '../../test/world.ts'

let shop: TestHouse
let world: World

beforeAll(async () => {
  shop = await openHouse()
  world = await buildWorld(shop)
})

afterAll(() => shop.close())

const form = { name: 'Ida Neri', phone: '', notice_version: 1, language: 'it', purposes: ['service'] }
const decide = (after: number, least: number) =>
  shop.app.inject({
    ...{ method: 'POST', url: '/api/v1/office/ages', cookies: world.pia.cookies },
    payload: { after, least },
  })
const rule = async () =>
  (await shop.app.inject({ url: '/api/v1/office/age', cookies: world.pia.cookies })).json()
const officeEntries = async () => {
  const answer = await shop.app.inject({ url: '/api/v1/office/entries', cookies: world.pia.cookies })
  return { body: answer.json() }
}
const asked = async () => (await call(shop, 'GET', '/notice')).body.least_age
const joinSaying = async (email: string, said: unknown) =>
  call(shop, 'POST', '/portal/joins', {
    cookie: (await signInAs(shop, email)).cookie,
    body: { ...form, said_age: said },
  })

test('until an officer decides, people agree for themselves from 16 on', async () => {
  expect(await rule()).toEqual({ version: 1, least: 16, decided_at: null })
  expect(await asked()).toBe(16)
})

test('nobody joins without saying that they are old enough, nor by another age than is asked', async () => {
  for (const [said, code] of [
    [undefined, 'required'],
    [14, 'changed'],
    [99, 'changed'],
    [false, 'invalid'],
  ]) {
    const { status, body } = await joinSaying('young@example.org', said)
    expect([status, body.errors]).toEqual([400, [{ field: 'said_age', code }]])
  }
})

test('only that they are is kept: in the agreement, in the log and in the receipt, and no date of birth', async () => {
  const joined = await joinSaying('old.enough@example.org', 16)
  expect(joined.body.consents).toMatchObject([{ said_age: 16 }])
  const { id } = joined.body.consents[0]
  const receipt = await call(shop, 'GET', `/portal/consents/${id}/receipt`, { cookie: joined.cookie! })
  expect(receipt.body['dpv:hasRecordOfActivity']['custode:saidAtLeastYears']).toBe(16)
  const { entry } = receipt.body['custode:proof'].given
  expect(JSON.parse(entry.body).detail).toMatchObject({ said_age: 16 })
  const data = await call(shop, 'GET', '/portal/data', { cookie: joined.cookie! })
  expect(data.body.values.map((one: { field: string }) => one.field).sort()).toEqual(['email', 'name'])
})

test('an officer decides anew, once for what was seen; it is in the log and asked from then on', async () => {
  const decided = await decide(1, 14)
  expect([decided.statusCode, decided.json()]).toEqual([
    201,
    { version: 2, least: 14, decided_at: shop.clock.now().toISOString() },
  ])
  expect((await decide(1, 13)).json()).toMatchObject({ status: 409, code: 'conflict' })
  const both = await Promise.all([decide(2, 18), decide(2, 13)])
  expect(both.map(one => one.statusCode).sort()).toEqual([201, 409])
  const { least, version } = await rule()
  expect([await asked(), version]).toEqual([least, 3])
  expect((await joinSaying('late@example.org', 16)).body.errors).toEqual([
    { field: 'said_age', code: 'changed' },
  ])
  const { body } = await officeEntries()
  const logged = body.items.filter((entry: { kind: string }) => entry.kind === 'age')
  expect(logged).toHaveLength(2)
})

test('no age but those of the law can be stored, and a decision is never changed', async () => {
  const write = (text: string) => shop.database.query(text)
  await expect(write(`insert into age_rule (version, least) values (9, 10)`)).rejects.toMatchObject({
    code: '23514',
  })
  await expect(write('update age_rule set least = 13')).rejects.toThrow()
  await expect(write('delete from age_rule')).rejects.toThrow()
})
