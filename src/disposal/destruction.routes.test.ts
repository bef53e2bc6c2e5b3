import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { newLeaver } from '../../test/leaver.ts'
import { buildWorld, type World } from '../../test/world.ts'
import { organisationTrail } from '../keeper/client.ts'
import { withJobGrant } from '../use/grant.ts'
import type { Receipt } from './receipt.ts'

let house: TestHouse
let world: World

beforeAll(async () => {
  house = await openHouse()
  house.house.logFolder = join(house.keeperProcess.folder, 'log')
  world = await buildWorld(house)
})
afterAll(() => house.close())

type Cookies = Record<string, string>
const post = (url: string, cookies: Cookies, payload: object = {}) =>
  house.app.inject({ method: 'POST', url: `/api/v1${url}`, cookies, payload })
const get = (url: string, cookies: Cookies) =>
  house.app.inject({ method: 'GET', url: `/api/v1${url}`, cookies })

async function leave(): Promise<Receipt> {
  const { cookies } = await newLeaver(house, world)
  const response = await post('/portal/withdrawals', cookies, { confirm: true })
  house.clock.advance(1000)
  return response.json<{ receipt: Receipt }>().receipt
}

/** The bodies of the organisation's own trail, without the reading that shows them. */
async function organisationEntries(): Promise<{ kind: string }[]> {
  const wanted = { fields: ['*'], compartments: ['trail'], purpose: 'audit', minutes: 1, most: 10 }
  const { entries } = await withJobGrant(house.house, { ...wanted, subjects: [] }, ({ id, secret }) =>
    house.keeper.entries({ grant: id, secret, trailSlot: organisationTrail, after: 0 }),
  )
  const bodies = entries.map(entry => JSON.parse(entry.body) as { kind: string; purpose?: string })
  return bodies.filter(body => body.purpose !== 'audit')
}

describe('the later steps of an erasure', () => {
  it('are read with the link of the receipt, by whoever holds it', async () => {
    const receipt = await leave()
    const response = await post('/destruction-views', {}, { link: receipt.link })
    expect(response.statusCode).toBe(200)
    expect(response.json()).toEqual({
      ...receipt.destruction,
      t2: { at: receipt.destruction.t1, waits: [] },
      slots: receipt.slots.length,
    })
  })

  it('are not found with any other link', async () => {
    const { link } = await leave()
    expect((await post('/destruction-views', {}, { link: `${link}x` })).statusCode).toBe(404)
    for (const body of [{}, { link: '' }, { link: 7 }, { link, act: 'x' }])
      expect((await post('/destruction-views', {}, body)).statusCode).toBe(400)
  })
})

describe('destruction records', () => {
  it('are for officers', async () => {
    for (const url of ['/office/rolls', '/office/log-verifications']) {
      expect((await post(url, {})).statusCode).toBe(401)
      expect((await post(url, world.ben.cookies)).statusCode).toBe(401)
      expect((await post(url, { custode_office: world.ben.session.token })).statusCode).toBe(401)
      expect((await post(url, world.pia.cookies, { why: 'x' })).statusCode).toBe(400)
    }
    expect((await get('/office/destructions', world.ben.cookies)).statusCode).toBe(401)
  })

  it('are listed newest first, page by page, and name nobody', async () => {
    const acts = [(await leave()).act, (await leave()).act, (await leave()).act].reverse()
    const seen: string[] = []
    let after = ''
    for (let page = 0; page < 2; page++) {
      const url = `/office/destructions?limit=2${after === '' ? '' : `&after=${after}`}`
      const { items, next } = (await get(url, world.pia.cookies)).json()
      expect(Object.keys(items[0]).sort()).toEqual(['act', 'custodians', 'epoch', 'slots', 't0', 't1', 't2'])
      seen.push(...items.map((one: { act: string }) => one.act))
      after = next
    }
    expect(seen.slice(0, 3)).toEqual(acts)
  })

  it('are refused to malformed questions and unknown positions', async () => {
    const { cookies } = world.pia
    for (const query of ['limit=0', 'limit=51', 'limit=x', 'after=x', 'order=t0'])
      expect((await get(`/office/destructions?${query}`, cookies)).statusCode).toBe(400)
    const unknown = '00000000-0000-4000-8000-000000000000'
    expect((await get(`/office/destructions?after=${unknown}`, cookies)).statusCode).toBe(404)
  })
})

describe('a roll on demand', () => {
  it('answers without t1 when nothing waits', async () => {
    await leave()
    const response = await post('/office/rolls', world.pia.cookies)
    expect(response.statusCode).toBe(201)
    expect(response.json()).toMatchObject({ t1: null, slots: 0, epoch: expect.any(Number) })
  })

  it('gives t1 to whatever waited, and says who asked in the trail of the organisation', async () => {
    const [slot] = await house.slots.take(1)
    const act = crypto.randomUUID()
    await house.keeper.shred({
      ...{ act, actor: 'system', slots: [slot!], reason: 'applicant' },
      subject: { trailSlot: world.ana.trail, alias: world.ana.alias },
    })
    await house.keeper.completeShred(act)
    const response = await post('/office/rolls', world.pia.cookies)
    const { epoch } = response.json<{ epoch: number }>()
    expect(response.json()).toMatchObject({ slots: 1, t1: expect.any(String) })
    expect((await organisationEntries()).at(-1)).toMatchObject({
      ...{ kind: 'roll', actor: world.pia.pseudonym, detail: { epoch, slots: 1 } },
    })
  })
})

describe('checking the log', () => {
  it('finds it as it was written', async () => {
    const response = await post('/office/log-verifications', world.pia.cookies)
    expect(response.statusCode).toBe(201)
    expect(response.json()).toEqual({ ok: true, size: expect.any(Number), root: expect.any(String) })
  })

  it('names what was changed', async () => {
    const original = house.house.logFolder!
    const copy = await mkdtemp(join(tmpdir(), 'custode-log-'))
    await cp(original, copy, { recursive: true })
    const segment = join(copy, (await readdir(copy)).find(name => name.endsWith('.log'))!)
    const bytes = await readFile(segment)
    bytes[Math.floor(bytes.length / 2)]! ^= 1
    await writeFile(segment, bytes)
    house.house.logFolder = copy
    const response = await post('/office/log-verifications', world.pia.cookies)
    house.house.logFolder = original
    await rm(copy, { recursive: true })
    expect(response.json()).toEqual({ ok: false, entry: expect.any(Number), what: expect.any(String) })
  })

  it('finds an end that was cut off', async () => {
    const original = house.house.logFolder!
    const copy = await mkdtemp(join(tmpdir(), 'custode-log-'))
    await cp(original, copy, { recursive: true })
    await leave()
    house.house.logFolder = copy
    const response = await post('/office/log-verifications', world.pia.cookies)
    house.house.logFolder = original
    await rm(copy, { recursive: true })
    expect(response.json()).toMatchObject({ ok: false })
  })

  it('is refused where the log is on another machine', async () => {
    const original = house.house.logFolder!
    delete house.house.logFolder
    expect((await post('/office/log-verifications', world.pia.cookies)).statusCode).toBe(503)
    house.house.logFolder = original
  })
})
