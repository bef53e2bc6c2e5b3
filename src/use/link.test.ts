import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newField } from '../../test/catalogue.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { trailOf } from '../../test/portal.ts'
import { buildWorld, type CustomerInWorld, type World } from '../../test/world.ts'
import { addField } from '../collection/catalogue.ts'

let test: TestHouse
let world: World

beforeAll(async () => {
  test = await openHouse()
  world = await buildWorld(test)
  await addField(test.house, 'st_1', newField('own_work_mail', { type: 'email', reconfirm_days: 365 }))
})
afterAll(() => test.close())

const address = 'ida.lavoro@example.com'

async function joinWithWorkMail(): Promise<CustomerInWorld> {
  const ida = await world.join()
  expect((await post('/portal/values', { values: { own_work_mail: address } }, ida)).statusCode).toBe(200)
  return ida
}

const post = (path: string, payload: object, who?: CustomerInWorld) =>
  test.app.inject({
    ...{ method: 'POST', url: `/api/v1${path}`, payload },
    ...(who === undefined ? {} : { cookies: who.cookies }),
  })

const ask = (who: CustomerInWorld) => post('/portal/links', { field: 'own_work_mail', language: 'it' }, who)

async function newestToken(): Promise<string> {
  await test.work()
  const mail = test.post.list().find(one => one.to === address)
  return /\/confirm#(\S+)/.exec(mail?.text ?? '')![1]!
}

const confirm = async (token: string) => (await post('/link-confirmations', { token })).statusCode

async function workMailOf(who: CustomerInWorld) {
  const { values } = (await test.app.inject({ url: '/api/v1/portal/data', cookies: who.cookies })).json()
  return values.find((one: { field: string }) => one.field === 'own_work_mail')
}

describe('a link to an address', () => {
  it('proves the address to whoever presses its button, once, until the field’s time is over', async () => {
    const ida = await joinWithWorkMail()
    expect((await ask(ida)).statusCode).toBe(202)
    const token = await newestToken()
    expect((await workMailOf(ida)).verified).toBeNull()
    expect(await confirm(token)).toBe(201)
    const at = test.clock.now()
    expect((await workMailOf(ida)).verified).toMatchObject({
      ...{ method: 'link', at: at.toISOString(), by: 'customer' },
      until: new Date(at.getTime() + 365 * 86_400_000).toISOString(),
    })
    expect(await confirm(token)).toBe(404)
    const kinds = (await trailOf(test, ida.id)).map(entry => entry.kind)
    expect(kinds).toEqual(expect.arrayContaining(['link', 'link.sent', 'verification']))
  })

  it('is used by one of many who press at once', async () => {
    const ida = await joinWithWorkMail()
    await ask(ida)
    const token = await newestToken()
    const statuses = await Promise.all([1, 2, 3, 4].map(() => confirm(token)))
    expect(statuses.filter(status => status === 201)).toHaveLength(1)
    expect(statuses.every(status => [201, 404, 409].includes(status))).toBe(true)
  })

  it('lies nowhere in the database but as a hash, nor does the address', async () => {
    const ida = await joinWithWorkMail()
    await ask(ida)
    const token = await newestToken()
    const rows = await test.owner.query(
      `select l::text as row from confirmation_link l where subject = $1
       union all select j::text from graphile_worker._private_jobs j
       union all select o::text from outbox o`,
      [ida.id],
    )
    expect(rows.length).toBeGreaterThan(0)
    for (const { row } of rows as { row: string }[]) {
      expect(row).not.toContain(token)
      expect(row).not.toContain(address)
    }
  })

  it('is worth nothing after a day', async () => {
    const ida = await joinWithWorkMail()
    await ask(ida)
    const token = await newestToken()
    const now = test.clock.now()
    test.clock.advance(24 * 3_600_000)
    expect(await confirm(token)).toBe(404)
    test.clock.set(now)
  })

  it('proves nothing of an address that was given meanwhile', async () => {
    const ida = await world.join()
    await post('/portal/values', { values: { own_work_mail: address } }, ida)
    await ask(ida)
    const token = await newestToken()
    await post('/portal/values', { values: { own_work_mail: 'thief@example.com' } }, ida)
    expect(await confirm(token)).toBe(404)
    expect((await workMailOf(ida)).verified).toBeNull()
  })

  it('is lost with the proof when the address is changed after it', async () => {
    const ida = await joinWithWorkMail()
    await ask(ida)
    expect(await confirm(await newestToken())).toBe(201)
    await post('/portal/values', { values: { own_work_mail: 'other@example.com' } }, ida)
    expect((await workMailOf(ida)).verified).toBeNull()
  })

  it('is sent five times an hour at most, and never for a value in doubt or not held', async () => {
    const ida = await joinWithWorkMail()
    for (let sent = 0; sent < 5; sent++) expect((await ask(ida)).statusCode).toBe(202)
    expect((await ask(ida)).statusCode).toBe(429)
    const eva = await joinWithWorkMail()
    await post('/portal/disputes', { field: 'own_work_mail' }, eva)
    expect((await ask(eva)).statusCode).toBe(409)
    expect((await ask(await world.join())).statusCode).toBe(400)
  })

  it('goes with its customer', async () => {
    const ida = await joinWithWorkMail()
    await ask(ida)
    const token = await newestToken()
    await post('/portal/withdrawals', { confirm: true }, ida)
    expect(await confirm(token)).toBe(404)
    expect(await test.owner.query('select 1 from confirmation_link where subject = $1', [ida.id])).toEqual([])
  })
})
