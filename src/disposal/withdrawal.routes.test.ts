import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ana, carla, makeTestCustomer, type TestCustomer } from '../../test/customer.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import type { Receipt } from './receipt.ts'
import { checkReceipt } from './receipt-check.ts'

let house: TestHouse
let staying: TestCustomer

beforeAll(async () => {
  house = await openHouse()
  staying = await makeTestCustomer(house.house, carla)
})
afterAll(() => house.close())

const post = (url: string, cookies: Record<string, string>, body: unknown = {}) =>
  house.app.inject({ method: 'POST', url: `/api/v1${url}`, cookies, payload: body as object })
const get = (url: string, cookies: Record<string, string>) =>
  house.app.inject({ method: 'GET', url: `/api/v1${url}`, cookies })

let addresses = 0
const join = () => makeTestCustomer(house.house, { ...ana, email: `ana${++addresses}@example.org` })

describe('a withdrawal', () => {
  it('is previewed with what goes, what stays and until when', async () => {
    const { cookies } = await join()
    const response = await get('/portal/withdrawal-preview', cookies)
    expect(response.statusCode).toBe(200)
    expect(response.json()).toMatchObject({
      compartments: [
        { compartment: 'contact', boxes: 1 },
        { compartment: 'identity', boxes: 1 },
        { compartment: 'messages', boxes: 1 },
        { compartment: 'purchases', boxes: 1 },
      ],
      slots: 4,
      open_tasks: 1,
      sessions: 1,
    })
    const until = new Date(house.clock.now())
    until.setUTCFullYear(until.getUTCFullYear() + 1)
    expect(response.json().kept).toEqual([
      { what: 'trail', until: until.toISOString(), why: 'accountability' },
    ])
  })

  it('erases everything but the trail, and gives a receipt that can be checked offline', async () => {
    const leaving = await join()
    const response = await post('/portal/withdrawals', leaving.cookies, { confirm: true })
    expect(response.statusCode).toBe(201)
    const { receipt } = response.json<{ receipt: Receipt }>()
    const { trail, ...others } = leaving.slots
    expect(receipt.slots).toEqual(Object.values(others).sort((a, b) => a - b))
    expect(receipt.compartments).toEqual(['contact', 'identity', 'messages', 'purchases'])
    expect(receipt.kept).toMatchObject([{ what: 'trail', slot: trail }])
    expect(receipt.destruction.t1).not.toBeNull()
    expect(receipt.destruction.custodians).toMatchObject([{ kind: 'file', state: 'destroyed' }])
    expect(checkReceipt(receipt)).toMatchObject({ ok: true, act: receipt.act })
    const changed = { ...receipt, slots: receipt.slots.slice(1) }
    expect(checkReceipt(changed)).toMatchObject({ ok: false })
    expect(await rowsAbout(leaving.id)).toEqual({ slot: 1, subject: 1 })
  })
})

/** In how many rows of which table an id appears. */
async function rowsAbout(id: string): Promise<Record<string, number>> {
  const tables = await house.owner.query<{ name: string }>(
    `select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE'`,
  )
  const found: Record<string, number> = {}
  for (const { name } of tables) {
    const { count } = await house.owner.one<{ count: number }>(
      `select count(*)::int as count from ${name} t where position($1 in t::text) > 0`,
      [id],
    )
    if (count > 0) found[name] = count
  }
  return found
}

