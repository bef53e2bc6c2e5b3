import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { newField } from '../../test/catalogue.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { trailOf } from '../../test/portal.ts'
import { buildWorld, type CustomerInWorld, type World } from '../../test/world.ts'
import { addField } from '../collection/catalogue.ts'
import { changeOwn, confirmOwn } from './own-values.ts'
import { remind } from './reminder.ts'

let test: TestHouse
let world: World
let start: Date

beforeAll(async () => {
  test = await openHouse()
  world = await buildWorld(test)
  for (const [code, days] of [
    ['own_size', 100],
    ['own_colour', 110],
    ['own_team', 400],
  ] as const)
    await addField(test.house, 'st_1', newField(code, { reconfirm_days: days }))
  start = test.clock.now()
})
beforeEach(() => test.clock.set(start))
afterAll(() => test.close())

const days = (count: number) => test.clock.advance(count * 86_400_000)

/** Does what is due by the house's clock, which the table of jobs does not know. */
async function runReminders(who: CustomerInWorld): Promise<void> {
  const rows = await test.owner.query<{ id: string }>('select id from reminder where subject = $1', [who.id])
  for (const { id } of rows) await remind(test.house, id)
  await test.work()
}
const lettersTo = ({ email }: CustomerInWorld) =>
  test.post.list().filter(mail => mail.to === email && /still right|ancora giusto/i.test(mail.subject))

it('asks once, in one letter for all that is due about then, and names no field', async () => {
  const ida = await world.join()
  await changeOwn(test.house, ida.session, { own_size: '43', own_colour: 'green', own_team: 'none' })
  days(85)
  await runReminders(ida)
  expect(lettersTo(ida)).toEqual([])
  days(1)
  await runReminders(ida)
  expect(lettersTo(ida)).toHaveLength(1)
  for (const word of ['own_size', '43', 'green']) expect(JSON.stringify(lettersTo(ida))).not.toContain(word)
  days(30)
  await runReminders(ida)
  expect(lettersTo(ida)).toHaveLength(1)
  const entries = (await trailOf(test, ida.id)).filter(entry => entry.kind === 'reminder')
  expect(entries.map(entry => entry.fields)).toEqual([['own_colour', 'own_size']])
})

it('asks again only after the value was confirmed and its time has run anew', async () => {
  const ida = await world.join()
  await changeOwn(test.house, ida.session, { own_size: '43' })
  days(50)
  await confirmOwn(test.house, ida.session, ['own_size'])
  days(40)
  await runReminders(ida)
  expect(lettersTo(ida)).toEqual([])
  days(47)
  await runReminders(ida)
  expect(lettersTo(ida)).toHaveLength(1)
})

it('asks nothing about what was taken out', async () => {
  const ida = await world.join()
  await changeOwn(test.house, ida.session, { own_size: '43' })
  await changeOwn(test.house, ida.session, { own_size: null })
  days(99)
  await runReminders(ida)
  expect(lettersTo(ida)).toEqual([])
  expect(await test.owner.query('select 1 from reminder where subject = $1', [ida.id])).toEqual([])
})

it('is promised by a job that holds an id alone', async () => {
  const ida = await world.join()
  await changeOwn(test.house, ida.session, { own_size: '43' })
  const { id } = await test.owner.one<{ id: string }>('select id from reminder where subject = $1', [ida.id])
  const jobs = await test.owner.query(
    `select payload, run_at from graphile_worker._private_jobs where payload::text like '%' || $1 || '%'`,
    [id],
  )
  expect(jobs).toEqual([{ payload: { reminder: id }, run_at: new Date(start.getTime() + 86 * 86_400_000) }])
})

it('asks nothing about what an agreement that was taken back carried, and opens nothing but the address', async () => {
  await addField(test.house, 'st_1', newField('own_hobby', { purposes: ['offers'], reconfirm_days: 100 }))
  const ida = await world.join({ purposes: ['service', 'offers'] })
  await changeOwn(test.house, ida.session, { own_hobby: 'chess' })
  const { items } = (await test.app.inject({ url: '/api/v1/portal/consents', cookies: ida.cookies })).json()
  const offers = items.find((one: { purpose: string }) => one.purpose === 'offers')
  const taken = await test.app.inject({
    ...{
      method: 'POST',
      url: `/api/v1/consents/${offers.id}/withdrawals`,
      payload: {},
      cookies: ida.cookies,
    },
  })
  expect(taken.statusCode).toBeLessThan(300)
  days(90)
  await runReminders(ida)
  expect(lettersTo(ida)).toEqual([])
  const readings = (await trailOf(test, ida.id)).filter(entry => entry.purpose === 'reminder')
  expect(readings.flatMap(entry => entry.fields ?? []).every(field => field === 'email')).toBe(true)
})
