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
