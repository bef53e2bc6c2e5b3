import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { newField } from '../../test/catalogue.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { buildWorld, type CustomerInWorld, type World } from '../../test/world.ts'
import { addField } from '../collection/catalogue.ts'

let test: TestHouse
let world: World
const address = 'ida.lavoro@example.com'

beforeAll(async () => {
  test = await openHouse()
  world = await buildWorld(test)
  await addField(test.house, 'st_1', newField('own_work_mail', { type: 'email' }))
})
afterAll(() => test.close())
beforeEach(() => test.clock.advance(3_600_001))

const post = (path: string, payload: object, who: CustomerInWorld) =>
  test.app.inject({ method: 'POST', url: `/api/v1/portal${path}`, payload, cookies: who.cookies })
const give = (who: CustomerInWorld, value: string) =>
  post('/values', { values: { own_work_mail: value } }, who)
const ask = (who: CustomerInWorld, field = 'own_work_mail') =>
  post('/check-codes', { field, language: 'it' }, who)
const check = (who: CustomerInWorld, code_id: string, code: string) =>
  post('/checks', { field: 'own_work_mail', code_id, code }, who)

async function joinWithWorkMail(value = address): Promise<CustomerInWorld> {
  const ida = await world.join()
  expect((await give(ida, value)).statusCode).toBe(200)
  return ida
}
async function codeAt(value: string): Promise<string> {
  await test.work()
  const mail = test.post.list().find(one => one.to === value)
  return /\b\d{6}\b/.exec(mail?.text ?? '')![0]
}
async function verified(who: CustomerInWorld) {
  const { values } = (await test.app.inject({ url: '/api/v1/portal/data', cookies: who.cookies })).json()
  return values.find((one: { field: string }) => one.field === 'own_work_mail').verified
}

it('a further address is proved by the code that was sent to it, once', async () => {
  const ida = await joinWithWorkMail('one@example.com')
  const { id } = (await ask(ida)).json()
  const code = await codeAt('one@example.com')
  expect(await verified(ida)).toBeNull()
  expect((await check(ida, id, code)).statusCode).toBe(201)
  expect(await verified(ida)).toMatchObject({ method: 'code', by: 'customer' })
  expect((await check(ida, id, code)).statusCode).toBe(401)
})

it('its code proves nothing of an address that was given meanwhile, nor after ten minutes, nor to another customer', async () => {
  const ida = await joinWithWorkMail('two@example.com')
  const eva = await joinWithWorkMail('two@example.com')
  const { id } = (await ask(ida)).json()
  const code = await codeAt('two@example.com')
  expect((await check(eva, id, code)).statusCode).toBe(401)
  await give(ida, 'thief@example.com')
  expect((await check(ida, id, code)).statusCode).toBe(401)
  await give(ida, 'two@example.com')
  test.clock.advance(10 * 60_000)
  expect((await check(ida, id, code)).statusCode).toBe(401)
  expect(await verified(ida)).toBeNull()
})

it('its code signs nobody in and changes no address to sign in with', async () => {
  const ida = await joinWithWorkMail('three@example.com')
  const { id } = (await ask(ida)).json()
  const code = await codeAt('three@example.com')
  const body = { code_id: id, code }
  expect((await post('/sessions', body, ida)).statusCode).toBe(401)
  const change = { ...body, email: 'three@example.com', language: 'en' }
  await post('/address-codes', { email: 'three@example.com', language: 'en' }, ida)
  expect((await post('/address-changes', change, ida)).statusCode).not.toBe(201)
})

it('is not sent for the address to sign in with, for what is no address, not held, or in doubt', async () => {
  const ida = await joinWithWorkMail('four@example.com')
  expect((await ask(ida, 'email')).statusCode).toBe(400)
  expect((await ask(ida, 'phone')).statusCode).toBe(400)
  expect((await ask(await world.join())).statusCode).toBe(400)
  await post('/disputes', { field: 'own_work_mail' }, ida)
  expect((await ask(ida)).statusCode).toBe(409)
})
