import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { call, joinAs, signInAs } from '../../test/portal.ts'
import { buildWorld } from '../../test/world.ts'
import { rebuildAddresses, requireRebuilding } from './address-index.ts'

let shop: TestHouse
const emails = ['eva@example.org', 'Rita.Sala@example.org', 'ugo@example.org']

beforeAll(async () => {
  shop = await openHouse()
  await buildWorld(shop)
  for (const email of emails) await joinAs(shop, { name: 'Somebody', email })
  await shop.work()
  await call(shop, 'POST', '/portal/codes', { body: { email: 'applicant@example.org', language: 'it' } })
})

afterAll(() => shop.close())

const index = () =>
  shop.owner.query<{ kind: string }>('select kind, token, subject, slot from address order by kind, token')
const isWhole = async () => (await shop.owner.query('select 1 from address_generation')).length === 1

/** What a crash of PostgreSQL does to unlogged tables. */
const lose = () => shop.owner.query('truncate address, address_generation')

const jobs = () =>
  shop.owner.query(`select 1 from graphile_worker.jobs where task_identifier = 'address.rebuilding'`)

describe('the address index', { timeout: 60_000 }, () => {
  test('comes back as it was: customers, applicants and employees', async () => {
    const before = await index()
    expect(before.map(row => row.kind)).toEqual([
      'applicant-email',
      ...Array(4).fill('email'),
      ...Array(2).fill('employee-email'),
    ])
    await lose()
    await requireRebuilding(shop.house)
    expect(await isWhole()).toBe(false)
    await shop.work()
    expect(await index()).toEqual(before)
    expect(await isWhole()).toBe(true)
    expect((await signInAs(shop, 'rita.sala@EXAMPLE.org')).kind).toBe('customer')
  })

  test('is not rebuilt where it is whole', async () => {
    await requireRebuilding(shop.house)
    expect(await jobs()).toEqual([])
  })

  test('is asked for once, however often it is missed', async () => {
    await lose()
    for (let at = 0; at < 3; at++) await requireRebuilding(shop.house)
    expect(await jobs()).toHaveLength(1)
    await shop.work()
    expect(await isWhole()).toBe(true)
  })

  test('goes on after a crash with whoever is missing, and counts as whole only then', async () => {
    const before = await index()
    await lose()
    const { tokens } = shop.house.keeper
    shop.house.keeper.tokens = async request => {
      await shop.killKeeper()
      return tokens.call(shop.house.keeper, request)
    }
    await expect(rebuildAddresses(shop.house)).rejects.toMatchObject({ code: 'unavailable' })
    expect(await isWhole()).toBe(false)
    await shop.reviveKeeper()
    await rebuildAddresses(shop.house)
    expect(await index()).toEqual(before)
    expect(await isWhole()).toBe(true)
  })

  test('is rebuilt by one process when two try at once', async () => {
    const before = await index()
    await lose()
    await Promise.all([rebuildAddresses(shop.house), rebuildAddresses(shop.house)])
    expect(await index()).toEqual(before)
  })

  test('is asked for nowhere before there is a company', async () => {
    const empty = await openHouse()
    await requireRebuilding(empty.house)
    expect(await empty.owner.query('select 1 from graphile_worker.jobs')).toEqual([])
    await empty.close()
  })
})
