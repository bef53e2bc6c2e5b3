import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'

let house: TestHouse

beforeAll(async () => {
  house = await openHouse()
  await house.owner.query(
    "insert into organisation (id, name, opened_at) values (gen_random_uuid(), 'Bottega', now())",
  )
})

afterAll(() => house.close())

const portal = async () =>
  (await house.app.inject({ method: 'GET', url: '/api/v1/portal/sessions/current' })).statusCode
const work = async () =>
  (await house.app.inject({ method: 'GET', url: '/api/v1/work/sessions/current' })).statusCode

test('where customers’ data would not be safe the portal is closed, and the company’s own rooms are not', async () => {
  expect([await portal(), await work()]).toEqual([401, 401])
  house.house.closedToCustomers = true
  expect([await portal(), await work()]).toEqual([503, 401])
  house.house.closedToCustomers = false
  expect([await portal(), await work()]).toEqual([401, 401])
})

test('the keys that check the log and the receipts are public, and are the keeper’s own', async () => {
  const { vkey, receiptKey } = await house.keeper.status()
  const company = (await house.app.inject({ method: 'GET', url: '/api/v1/company' })).json()
  expect(company).toMatchObject({ name: 'Bottega', keys: { log: vkey, receipts: receiptKey } })
})
