import { afterAll, beforeAll, expect, it } from 'vitest'
import { addField } from '../../src/collection/catalogue.ts'
import { rebuildAddresses } from '../../src/use/address-index.ts'
import { disputeOwn, settleOwn } from '../../src/use/dispute.ts'
import { changeOwn } from '../../src/use/own-values.ts'
import { askQuestion } from '../../src/use/question.ts'
import { newField } from '../catalogue.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { newEmployee, newSession } from '../people.ts'
import { backUp, removeBackup, reopen } from '../restored-house.ts'
import { buildWorld, type CustomerInWorld } from '../world.ts'

// A backup is made, values are put in doubt, settled and verified, and the backup is brought back.

let before: TestHouse
let house: TestHouse
let folder: string
let doubted: CustomerInWorld
let settled: CustomerInWorld
let linked: CustomerInWorld
let token: string
let task: string

beforeAll(async () => {
  before = await openHouse()
  const world = await buildWorld(before)
  await addField(before.house, 'st_1', newField('own_work_mail', { type: 'email' }))
  const join = () => world.join({ phone: '+393475550142' })
  ;[doubted, settled, linked] = [await join(), await join(), await join()]
  task = (await askQuestion(before.house, doubted.session, 'delivery_question', 'Where?')).id
  await disputeOwn(before.house, settled.session, 'phone')
  await changeOwn(before.house, linked.session, { own_work_mail: 'ida.lavoro@example.com' })
  await before.app.inject({
    ...{ method: 'POST', url: '/api/v1/portal/links', cookies: linked.cookies },
    payload: { field: 'own_work_mail', language: 'en' },
  })
  await before.work()
  const mail = before.post.list().find(one => one.to === 'ida.lavoro@example.com')
  token = /\/confirm#(\S+)/.exec(mail!.text)![1]!
  folder = await backUp(before)
  await disputeOwn(before.house, doubted.session, 'phone')
  await settleOwn(before.house, settled.session, 'phone', null)
  house = (await reopen(folder, before)).house
  await rebuildAddresses(house.house)
}, 120_000)
afterAll(async () => {
  await house.close()
  await before.app.close()
  await removeBackup(folder)
})

it('opens no value to a task that was put in doubt after the backup', async () => {
  const { cookies } = await newEmployee(house)
  const taken = await house.app.inject({
    ...{ method: 'POST', url: `/api/v1/work/tasks/${task}/grants`, payload: {}, cookies },
  })
  expect(taken.statusCode).toBe(201)
  const read = await house.app.inject({ url: `/api/v1/work/tasks/${task}/customer`, cookies })
  expect(read.body).not.toContain('+393475550142')
})

it('asks for it again, and lifts a restriction that was settled once it is given', async () => {
  const { cookies } = await newSession(house, 'portal', settled)
  const data = await house.app.inject({ url: '/api/v1/portal/data', cookies })
  expect(data.json().lost).toMatchObject([{ compartment: 'contact' }])
  const given = await house.app.inject({
    ...{ method: 'POST', url: '/api/v1/portal/values', cookies },
    payload: { values: { phone: '+393475550143' } },
  })
  expect(given.statusCode).toBe(200)
  expect(await house.owner.query('select 1 from restriction where subject = $1', [settled.id])).toEqual([])
})

it('takes no link of before', async () => {
  const answer = await house.app.inject({
    ...{ method: 'POST', url: '/api/v1/link-confirmations', payload: { token } },
  })
  expect(answer.statusCode).toBe(404)
})
