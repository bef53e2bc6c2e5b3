import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Restoration } from '../../src/disposal/restoration.ts'
import { resumeErasures } from '../../src/disposal/resumption.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { issueTo, issuing, purchasesOf, takeInvoiceTask } from '../invoice.ts'
import { type Leaver, newLeaver, rowsWith } from '../leaver.ts'
import { newMergedLeavers } from '../merged-leavers.ts'
import { newEmployee } from '../people.ts'
import { backUp, removeBackup, reopen } from '../restored-house.ts'
import { buildWorld, send, type World } from '../world.ts'

// A backup is made while four documents of the law are there, and is brought back after one has reached its last day, the
// customer of another has left, another has come to the record that its customer's was merged with, and that one has left too, and the basis was decided anew.

let before: TestHouse
let house: TestHouse
let world: World
let restored: Restoration
let folder: string

let over: string
let leaver: Leaver & { document: string; link: string }
let stays: Leaver & { document: string }
let merged: Leaver & { document: string; link: string }

const basis = {
  ...{ code: 'invoice', after: 1, name: { en: 'Invoices', it: 'Fatture' }, law: { en: 'Act', it: 'Legge' } },
  ...{ why: { en: 'Law.', it: 'Legge.' }, fields: ['number', 'buyer_name'], years: 1, counts_from: 'issue' },
  readers: ['invoice_question'],
}

beforeAll(async () => {
  before = await openHouse()
  world = await buildWorld(before)
  const [ida, leo, zoe] = [
    await newLeaver(before, world),
    await newLeaver(before, world),
    await newLeaver(before, world),
  ]
  over = (await issueTo(before, world, ida)).id
  const left = (await issueTo(before, world, leo)).id
  stays = { ...zoe, document: (await issueTo(before, world, zoe)).id }
  const two = await newMergedLeavers(before, world)
  folder = await backUp(before)

  const start = before.clock.now()
  const { until } = await before.owner.one<{ until: Date }>(
    `update statutory_document set until = until - interval '9 years' where subject = $1 returning until`,
    [over],
  )
  before.clock.set(until)
  await resumeErasures(before.house)
  before.clock.set(start)
  await before.owner.query(`update merge set until = at + interval '1 second'`)
  before.clock.set(new Date(start.getTime() + 10_000))
  await resumeErasures(before.house)
  const gone = (await send(before, 'POST', '/portal/withdrawals', two.stays, { confirm: true })).body
  expect(gone.resting).toBe(null)
  merged = { ...two.rests, document: two.document, link: gone.receipt.link }
  const { receipt } = (await send(before, 'POST', '/portal/withdrawals', leo, { confirm: true })).body
  leaver = { ...leo, document: left, link: receipt.link }
  expect((await send(before, 'POST', '/office/bases', world.pia, basis)).status).toBe(201)
  const second = await newEmployee(before, 'officer', 'office')
  const decided = { version: 2, approved: true }
  expect((await send(before, 'POST', '/office/bases/invoice/decisions', second, decided)).status).toBe(201)
  const task = await takeInvoiceTask(before, world, zoe)
  const other = (await purchasesOf(before, zoe))[1]!
  expect(
    (await send(before, 'POST', `/work/tasks/${task}/documents`, world.ben, issuing(other.id))).status,
  ).toBe(201)
  await before.app.close()
  ;({ house, restored } = await reopen(folder, before))
}, 120_000)
afterAll(async () => {
  await house?.close()
  await removeBackup(folder)
})

it('brings back no document whose time was over', async () => {
  expect(await rowsWith(house.owner, over)).toEqual({})
})

it('keeps the document of a customer who has left since, who reads it by their link', async () => {
  const { items } = (await send(house, 'POST', '/document-views', { cookies: {} }, { link: leaver.link }))
    .body
  expect(items).toMatchObject([{ id: leaver.document, content: { buyer_name: leaver.name } }])
  expect(Object.keys(await rowsWith(house.owner, leaver.id)).sort()).toEqual(['slot', 'subject'])
})

it('keeps the one that a merge gave to a customer who has left since, by their link too', async () => {
  const { items } = (await send(house, 'POST', '/document-views', { cookies: {} }, { link: merged.link }))
    .body
  expect(items).toMatchObject([{ id: merged.document, content: { buyer_name: merged.name } }])
})

it('keeps those of customers who are still here, and says how many are lost', async () => {
  const { customer } = await house.owner.one<{ customer: string }>(
    'select customer from statutory_document where subject = $1',
    [stays.document],
  )
  expect(customer).toBe(stays.id)
  expect(restored.counts.lost.documents).toBe(1)
})

it('issues nothing under a basis of which a version is lost, until two officers have decided again', async () => {
  expect(restored.counts.unclear.basis).toBe(1)
  const session = await newEmployee(house, 'officer', 'office')
  const bases = (await send(house, 'GET', '/office/bases', session)).body.items
  expect(bases).toMatchObject([{ code: 'invoice', closed: true, newest: 2, now: { version: 1 } }])
  const again = await send(house, 'POST', '/office/bases', session, { ...basis, after: 2 })
  expect(again.body).toMatchObject({ version: 3 })
  const second = await newEmployee(house, 'officer', 'office')
  await send(house, 'POST', '/office/bases/invoice/decisions', second, { version: 3, approved: true })
  const open = (await send(house, 'GET', '/office/bases', session)).body.items
  expect(open).toMatchObject([{ closed: false, now: { version: 3 } }])
})
