import { afterAll, beforeAll, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { buildWorld, type World } from '../../test/world.ts'

let house: TestHouse
let world: World

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
})
afterAll(() => house.close())

const overview = (cookies: Record<string, string> = world.pia.cookies) =>
  house.app.inject({ url: '/api/v1/office/overview', cookies })
const post = (url: string, body: object, cookies: Record<string, string>) =>
  house.app.inject({ method: 'POST', url: `/api/v1${url}`, body, cookies })

it('is for officers', async () => {
  expect((await overview({})).statusCode).toBe(401)
  expect((await overview({ custode_office: world.ben.session.token })).statusCode).toBe(401)
  expect((await overview(world.ana.cookies)).statusCode).toBe(401)
})

it('counts customers and those who are about to join', async () => {
  const before = (await overview()).json()
  expect(before).toMatchObject({ customers: 1, erasures: { total: 0, waiting_t1: 0 } })
  await world.join()
  const code = { email: 'soon@example.org', language: 'it' }
  expect((await post('/portal/codes', code, {})).statusCode).toBe(202)
  const { customers, applicants } = (await overview()).json()
  expect(customers).toBe(2)
  expect(applicants).toBe(before.applicants + 2)
})

it('counts tasks by whether somebody has them, and closed ones no more', async () => {
  const ask = async () => {
    const question = { type: 'delivery_question', text: 'Where is it?' }
    return (await post('/portal/questions', question, world.ana.cookies)).json().id as string
  }
  const [first] = [await ask(), await ask(), await ask()]
  await post(`/work/tasks/${first}/grants`, {}, world.ben.cookies)
  expect((await overview()).json().tasks).toEqual({ open: 2, taken: 1 })
  await post(`/work/tasks/${first}/closures`, { outcome: 'answered' }, world.ben.cookies)
  expect((await overview()).json().tasks).toEqual({ open: 2, taken: 0 })
})

it('shows the state of log and keeper as they are', async () => {
  const { log, keeper } = (await overview()).json()
  const status = await house.keeper.status()
  expect(log).toMatchObject({ size: status.size, vkey: status.vkey })
  expect(log.checkpoint).toContain(`\n${status.size}\n`)
  expect(keeper).toMatchObject({
    ...{ epoch: status.epoch, places: 1, custodians: [{ id: 'file', kind: 'file' }] },
    ...{ unreached: [], settled: true, recoveries: [] },
  })
})
