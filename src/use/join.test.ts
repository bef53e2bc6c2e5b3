import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { ana, joinAs, openForCustomers } from '../../test/portal.ts'

let shop: TestHouse

beforeAll(async () => {
  shop = await openHouse()
  await openForCustomers(shop)
})

afterAll(() => shop.close())

test('Ana joins', async () => {
  const joined = await joinAs(shop, ana)
  expect(joined.alias).toMatch(/^[A-Z0-9]{2}-[A-Z0-9]{4}$/)
})
