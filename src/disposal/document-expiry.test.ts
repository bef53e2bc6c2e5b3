import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { issueTo, issuing } from '../../test/invoice.ts'
import { newLeaver, rowsWith, slotsOf } from '../../test/leaver.ts'
import { trailOf } from '../../test/portal.ts'
import { buildWorld, send, type World } from '../../test/world.ts'
import { checkReceipt } from './receipt-check.ts'
import { resumeErasures } from './resumption.ts'

let house: TestHouse
let world: World
let start: Date

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
  start = house.clock.now()
})
beforeEach(() => house.clock.set(start))
afterAll(() => house.close())

const nobody = { cookies: {} }
const leave = async (who: { cookies: Record<string, string> }) => {
  const { status, body } = await send(house, 'POST', '/portal/withdrawals', who, { confirm: true })
  expect(status, JSON.stringify(body)).toBe(201)
  return body.receipt
}
const viewed = (link: string) => send(house, 'POST', '/document-views', nobody, { link })
const endOf = async (id: string) =>
  (await house.owner.one<{ until: Date }>('select until from statutory_document where subject = $1', [id]))
    .until

describe('a customer who leaves', () => {
  it('is told before and in the receipt which documents stay, by which law, and until when', async () => {
    const ida = await newLeaver(house, world)
    const { id, number } = await issueTo(house, world, ida)
    const until = (await endOf(id)).toISOString()
    const stays = { id, number, until, law: { en: expect.stringContaining('2220') } }
    const preview = await send(house, 'GET', '/portal/withdrawal-preview', ida)
    expect(preview.body.documents).toMatchObject([stays])
    const { statutory: slot } = await slotsOf(house.owner, id)
    const receipt = await leave(ida)
    expect(receipt.kept).toMatchObject([{ what: 'trail' }, { what: 'document', slot, ...stays }])
    expect(checkReceipt(receipt).ok).toBe(true)
  })

  it('leaves the document under its own slot, and nothing else that names them', async () => {
    const ida = await newLeaver(house, world)
    const { id } = await issueTo(house, world, ida)
    const { statutory, trail } = await slotsOf(house.owner, id)
    const receipt = await leave(ida)
    expect(receipt.slots).not.toContain(statutory)
    expect(receipt.slots).not.toContain(trail)
    // The row of their trail alone has their id.
    expect(Object.keys(await rowsWith(house.owner, ida.id)).sort()).toEqual(['slot', 'subject'])
    expect(await slotsOf(house.owner, id)).toEqual({ statutory, trail })
    const { customer } = await house.owner.one<{ customer: string | null }>(
      'select customer from statutory_document where subject = $1',
      [id],
    )
    expect(customer).toBeNull()
  })

  it('still reads it by the link of the receipt, and sees who else has', async () => {
    const ida = await newLeaver(house, world)
    const { id, number } = await issueTo(house, world, ida)
    const { link } = await leave(ida)
    expect((await viewed('no-such-link')).status).toBe(404)
    expect((await viewed(link)).body.items).toMatchObject([
      { id, content: { number, buyer_name: ida.name }, readings: [] },
    ])
    const asked = await send(house, 'POST', `/office/documents/${id}/tasks`, world.pia, {})
    expect(asked.status).toBe(201)
    await send(house, 'POST', `/work/tasks/${asked.body.id}/grants`, world.ben, {})
    await send(house, 'GET', `/work/tasks/${asked.body.id}/documents`, world.ben)
    expect((await viewed(link)).body.items[0].readings).toMatchObject([
      { actor: { name: world.ben.name }, task: { type: 'invoice_question' } },
    ])
  })

  it('has it read by an employee in a task that an officer gave for it, and not otherwise', async () => {
    const ida = await newLeaver(house, world)
    const { id, number, task, purchase } = await issueTo(house, world, ida)
    await leave(ida)
    // The task in which it was issued is gone, and nothing more is issued.
    expect((await send(house, 'GET', `/work/tasks/${task}/documents`, world.ben)).status).toBe(404)
    const more = await send(house, 'POST', `/work/tasks/${task}/documents`, world.ben, issuing(purchase))
    expect(more.status).toBe(404)
    const { items } = (await send(house, 'GET', `/office/documents?number=${number}`, world.pia)).body
    expect(items).toMatchObject([{ id, number, left: true, asked: false }])
    const path = `/office/documents/${id}/tasks`
    const asked = (await send(house, 'POST', path, world.pia, {})).body.id
    expect((await send(house, 'POST', path, world.pia, {})).body).toMatchObject({ code: 'conflict' })
    const early = await send(house, 'GET', `/work/tasks/${asked}/documents`, world.ben)
    expect(early.status).toBe(404)
    const taken = await send(house, 'POST', `/work/tasks/${asked}/grants`, world.ben, {})
    expect(taken).toMatchObject({ status: 201, body: { fields: ['document'] } })
    const read = await send(house, 'GET', `/work/tasks/${asked}/documents`, world.ben)
    expect(read.body.items).toMatchObject([{ id, content: { buyer_name: ida.name } }])
    // Nothing can be issued or corrected there: there is no purchase any more.
    const issued = await send(house, 'POST', `/work/tasks/${asked}/documents`, world.ben, {
      ...issuing(purchase, { reason: 'buyer' }),
    })
    expect(issued.status).toBe(403)
    await send(house, 'POST', `/work/tasks/${asked}/closures`, world.ben, { outcome: 'answered' })
    expect((await send(house, 'GET', `/work/tasks/${asked}/documents`, world.ben)).status).toBe(404)
  })
})

describe('on its last day a document', () => {
  const reach = async (id: string) => {
    house.clock.set(await endOf(id))
    await resumeErasures(house.house)
  }

  it('is destroyed for real: its slot and trail refused and rolled, its row gone, with a record', async () => {
    const ida = await newLeaver(house, world)
    const { id } = await issueTo(house, world, ida)
    const slots = Object.values(await slotsOf(house.owner, id)).sort((a, b) => a - b)
    const { link } = await leave(ida)
    house.clock.set(new Date((await endOf(id)).getTime() - 1000))
    await resumeErasures(house.house)
    expect((await viewed(link)).body.items).toHaveLength(1)
    await reach(id)
    expect(await rowsWith(house.owner, id)).toEqual({})
    const [record] = await house.owner.query<{ t1: Date | null; compartments: string[] }>(
      'select t1, compartments from erasure where slots = $1',
      [slots],
    )
    expect(record).toMatchObject({ t1: expect.any(Date), compartments: ['statutory', 'trail'] })
    expect((await viewed(link)).body.items).toEqual([])
    const sealing = house.keeper.seal([
      {
        ...{ customer: id, compartment: 'statutory', row: id, version: 1 },
        ...{ slot: slots[0]!, trailSlot: slots[1]!, values: {} },
      },
    ])
    await expect(sealing).rejects.toMatchObject({ code: 'erased' })
  })

  it('goes alone: its customer and their other documents stay, and they read of it in their log', async () => {
    const ida = await newLeaver(house, world)
    const { id, task } = await issueTo(house, world, ida)
    const [, second] = await house.owner.query<{ id: string }>(
      'select id from purchase where subject = $1 order by made_at',
      [ida.id],
    )
    const path = `/work/tasks/${task}/documents`
    const other = (await send(house, 'POST', path, world.ben, issuing(second!.id))).body.id
    await house.owner.query(
      `update statutory_document set until = until + interval '1 year' where subject = $1`,
      [other],
    )
    await reach(id)
    house.clock.set(start)
    const { items } = (await send(house, 'GET', '/portal/documents', ida)).body
    expect(items.map((one: { id: string }) => one.id)).toEqual([other])
    expect((await send(house, 'GET', '/portal/data', ida)).status).toBe(200)
    const ended = (await trailOf(house, ida.id)).filter(entry => entry.kind === 'document.end')
    expect(ended.map(entry => entry.detail?.document)).toEqual([id])
  })
})
