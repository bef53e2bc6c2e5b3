import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { newLeaver, picture, rowsWith } from '../../test/leaver.ts'
import { buildWorld, type World } from '../../test/world.ts'
import { withJobGrant } from '../use/grant.ts'
import type { Receipt } from './receipt.ts'
import { checkReceipt } from './receipt-check.ts'

let house: TestHouse
let world: World

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
})
afterAll(() => house.close())

type Cookies = Record<string, string>
const post = (url: string, cookies: Cookies, payload: object = {}) =>
  house.app.inject({ method: 'POST', url: `/api/v1${url}`, cookies, payload })
const get = (url: string, cookies: Cookies) =>
  house.app.inject({ method: 'GET', url: `/api/v1${url}`, cookies })
const leave = (cookies: Cookies) => post('/portal/withdrawals', cookies, { confirm: true })
const code = (response: { json(): { code: string } }) => response.json().code

/** What the kept trail says, as a complaint would have it read. */
async function trailOf(leaver: { id: string; trail: number }): Promise<{ index: number; kind: string }[]> {
  const wanted = { fields: ['*'], compartments: ['trail'], purpose: 'complaint', minutes: 1, most: 5 }
  const { entries } = await withJobGrant(
    house.house,
    { ...wanted, subjects: [leaver.id] },
    ({ grant, secret }) => house.keeper.entries({ grant, secret, trailSlot: leaver.trail }),
  )
  return entries.map(({ index, body }) => ({ index, kind: (JSON.parse(body) as { kind: string }).kind }))
}

describe('the preview of a withdrawal', () => {
  it('says what goes, what stays and until when', async () => {
    const { cookies } = await newLeaver(house, world)
    const response = await get('/portal/withdrawal-preview', cookies)
    expect(response.statusCode).toBe(200)
    const until = new Date(house.clock.now())
    until.setUTCFullYear(until.getUTCFullYear() + 1)
    expect(response.json()).toEqual({
      compartments: [
        { compartment: 'contact', boxes: 1 },
        { compartment: 'identity', boxes: 1 },
        { compartment: 'messages', boxes: 1 },
        { compartment: 'purchases', boxes: 2 },
      ],
      ...{ slots: 4, open_tasks: 1, sessions: 1 },
      kept: [{ what: 'trail', until: until.toISOString(), why: 'accountability' }],
      documents: [],
    })
  })

  it('is for signed-in customers', async () => {
    expect((await get('/portal/withdrawal-preview', {})).statusCode).toBe(401)
    expect((await get('/portal/withdrawal-preview', world.ben.cookies)).statusCode).toBe(401)
  })
})

describe('a withdrawal', () => {
  it('is refused without its confirmation, and nothing happens', async () => {
    const { cookies } = await newLeaver(house, world)
    for (const body of [{}, { confirm: false }, { confirm: true, why: 'x' }]) {
      const response = await post('/portal/withdrawals', cookies, body)
      expect([response.statusCode, code(response)]).toEqual([400, 'invalid'])
    }
    expect((await get('/portal/withdrawal-preview', cookies)).json().slots).toBe(4)
  })

  it('is refused to whoever is not signed in as a customer', async () => {
    expect((await leave({})).statusCode).toBe(401)
    expect((await leave(world.pia.cookies)).statusCode).toBe(401)
  })

  it('erases everything but the trail, and gives a receipt that can be checked offline', async () => {
    const leaver = await newLeaver(house, world)
    const response = await leave(leaver.cookies)
    expect(response.statusCode).toBe(201)
    const { receipt } = response.json<{ receipt: Receipt }>()
    const { trail, ...others } = leaver.slots
    expect(receipt).toMatchObject({
      slots: Object.values(others).sort((a, b) => a - b),
      compartments: ['contact', 'identity', 'messages', 'purchases'],
      kept: [{ what: 'trail', slot: trail }],
      destruction: { epoch: expect.any(Number), custodians: [{ kind: 'file', state: 'destroyed' }] },
    })
    expect(Date.parse(receipt.destruction.t1 ?? '')).toBeGreaterThan(0)
    expect(checkReceipt(receipt)).toMatchObject({ ok: true, act: receipt.act, slots: receipt.slots })
    expect(receipt.head).toContain(`\ntrail ${trail}\n`)
    expect(await rowsWith(house.owner, leaver.id)).toEqual({ slot: 1, subject: 1 })
    expect(JSON.stringify(receipt)).not.toContain(leaver.email)
    expect(JSON.stringify(receipt)).not.toContain(leaver.name)
  })

  it('changes no row of anybody else', async () => {
    const leaver = await newLeaver(house, world)
    const before = await picture(house.owner, world.ana.id)
    await leave(leaver.cookies)
    expect(await picture(house.owner, world.ana.id)).toEqual(before)
    expect((await get('/portal/data', world.ana.cookies)).statusCode).toBe(200)
  })

  it('ends every session, and takes the cookie back', async () => {
    const leaver = await newLeaver(house, world)
    const response = await leave(leaver.cookies)
    expect(response.cookies).toMatchObject([{ name: 'custode_portal', value: '' }])
    for (const url of ['/portal/data', '/portal/consents', '/portal/withdrawal-preview'])
      expect((await get(url, leaver.cookies)).statusCode).toBe(401)
    expect((await leave(leaver.cookies)).statusCode).toBe(401)
  })

  it('ends the grant of an employee who is reading, whose task is then not found', async () => {
    const leaver = await newLeaver(house, world)
    const { cookies } = world.ben
    expect((await post(`/work/tasks/${leaver.task}/grants`, cookies)).statusCode).toBe(201)
    expect((await get(`/work/tasks/${leaver.task}/customer`, cookies)).statusCode).toBe(200)
    const { grants } = await house.keeper.status()
    const { receipt } = (await leave(leaver.cookies)).json<{ receipt: Receipt }>()
    expect((await house.keeper.status()).grants).toBe(grants - 1)
    const ended = (await trailOf(leaver)).filter(
      ({ kind }) => kind.endsWith('revocation') || kind === 'session.end',
    )
    expect(ended.filter(entry => entry.index < receipt.entry.index).length).toBeGreaterThanOrEqual(2)
    for (const url of [`/work/tasks/${leaver.task}`, `/work/tasks/${leaver.task}/customer`])
      expect((await get(url, cookies)).statusCode).toBe(404)
    expect(
      (await post(`/work/tasks/${leaver.task}/closures`, cookies, { outcome: 'answered' })).statusCode,
    ).toBe(404)
    expect((await post(`/work/tasks/${leaver.task}/grants`, cookies)).statusCode).toBe(404)
  })

  it('asked for twice at once is one act', async () => {
    const leaver = await newLeaver(house, world)
    const responses = await Promise.all([1, 2, 3].map(() => leave(leaver.cookies)))
    const done = responses.filter(one => one.statusCode === 201)
    const others = responses.filter(one => one.statusCode !== 201)
    expect(done.length).toBeGreaterThan(0)
    expect(others.map(one => one.statusCode).filter(status => status !== 401)).toEqual([])
    const acts = new Set(done.map(one => one.json<{ receipt: Receipt }>().receipt.act))
    expect(acts.size).toBe(1)
    const { count } = await house.owner.one<{ count: number }>(
      'select count(*)::int as count from erasure where $1 = any (slots)',
      [leaver.slots.identity],
    )
    expect(count).toBe(1)
  })
})

describe('the receipt of a withdrawal whose answer was lost', () => {
  it('is given again to whoever holds the cookie of the session that left', async () => {
    const leaver = await newLeaver(house, world)
    const first = (await leave(leaver.cookies)).json<{ receipt: Receipt }>().receipt
    const again = await post('/withdrawal-receipts', leaver.cookies)
    expect(again.statusCode).toBe(201)
    const { receipt } = again.json<{ receipt: Receipt }>()
    expect(receipt).toMatchObject({
      ...{ act: first.act, slots: first.slots, link: first.link, entry: first.entry },
    })
    expect(checkReceipt(receipt)).toMatchObject({ ok: true })
  })

  it('is given to nobody else', async () => {
    expect((await post('/withdrawal-receipts', {})).statusCode).toBe(401)
    expect((await post('/withdrawal-receipts', world.ana.cookies)).statusCode).toBe(404)
    expect((await post('/withdrawal-receipts', world.ana.cookies, { link: 'x' })).statusCode).toBe(400)
  })
})
