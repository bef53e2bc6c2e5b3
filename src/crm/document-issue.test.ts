import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decideAnew } from '../../test/catalogue.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { giveTaxCode, issueTo, issuing, purchasesOf, takeInvoiceTask } from '../../test/invoice.ts'
import { newLeaver } from '../../test/leaver.ts'
import { trailOf } from '../../test/portal.ts'
import { buildWorld, type CustomerInWorld, send, type World } from '../../test/world.ts'
import { makeGrant } from '../use/grant.ts'

let house: TestHouse
let world: World

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
  await decideAnew(house, 'codice_fiscale', { asked: 'portal' })
})
afterAll(() => house.close())

const issue = (task: string, body: object, who = world.ben) =>
  send(house, 'POST', `/work/tasks/${task}/documents`, who, body)
const mine = async (who: CustomerInWorld) => (await send(house, 'GET', '/portal/documents', who)).body.items
const refused = (constraint: string) => expect.objectContaining({ code: '23514', constraint })

describe('a document that the law makes the company keep', () => {
  it('is put together from what is held, of what its basis names, and its customer sees why and until when', async () => {
    const ida = await newLeaver(house, world)
    const { id, number } = await issueTo(house, world, ida)
    const [document] = await mine(ida)
    const year = house.clock.now().getUTCFullYear()
    expect(document).toMatchObject({
      ...{ id, basis: 'invoice', number, part: 0, reason: null, until: `${year + 11}-01-01T00:00:00.000Z` },
      law: { it: expect.stringContaining('2220') },
      content: { number, buyer_name: ida.name, vat_rate: 22, goods: expect.any(Array) },
      readings: [],
    })
    expect(Object.keys(document!.content).sort()).toEqual([
      ...['buyer_name', 'goods', 'issued_on', 'number', 'vat_rate'],
    ])
    const told = (await trailOf(house, ida.id)).find(entry => entry.kind === 'document')
    expect(told).toMatchObject({ actor: world.ben.pseudonym, result: 'issued', detail: { document: id } })
    const { documents } = (await send(house, 'GET', '/portal/export', ida)).body
    expect(documents).toMatchObject([{ id, content: { buyer_name: ida.name } }])
  })

  it('lies under a slot and a key of its own, and nothing of it is plain', async () => {
    const ida = await newLeaver(house, world)
    const { id } = await issueTo(house, world, ida)
    const slots = await house.owner.query<{ compartment: string; number: number }>(
      'select compartment, number from slot where subject = $1 order by 1',
      [id],
    )
    expect(slots.map(slot => slot.compartment)).toEqual(['statutory', 'trail'])
    const taken = await house.owner.query('select 1 from slot where subject = $1 and number = any ($2)', [
      ida.id,
      slots.map(slot => slot.number),
    ])
    expect(taken).toEqual([])
    const text = JSON.stringify(
      await house.owner.query('select * from statutory_document where subject = $1', [id]),
    )
    expect(text).not.toContain(ida.name)
  })

  it('takes no word of whoever issues it', async () => {
    const ida = await newLeaver(house, world)
    const task = await takeInvoiceTask(house, world, ida)
    const [purchase] = await purchasesOf(house, ida)
    for (const more of [
      { note: 'likes red shoes' },
      { buyer_name: 'Eve' },
      { goods: [] },
      { until: '2099-01-01' },
    ])
      expect((await issue(task, issuing(purchase!.id, more))).status).toBe(400)
    expect(await mine(ida)).toEqual([])
  })

  it('is issued once, and corrected by a further one, which leaves the first as it was', async () => {
    const ida = await newLeaver(house, world)
    const { task, purchase } = await issueTo(house, world, ida)
    expect((await issue(task, issuing(purchase))).body).toMatchObject({
      code: 'conflict',
      detail: { reason: 'issued' },
    })
    await giveTaxCode(house, ida)
    await send(house, 'POST', `/work/tasks/${task}/grants`, world.ben, {})
    const corrected = await issue(task, issuing(purchase, { reason: 'buyer' }))
    expect(corrected).toMatchObject({ status: 201, body: { part: 1 } })
    const [newer, first] = await mine(ida)
    expect(newer).toMatchObject({ part: 1, reason: 'buyer', content: { buyer_tax_code: 'RSSMRA85T10A562S' } })
    expect(first).toMatchObject({ part: 0, reason: null })
    expect(first!.content).not.toHaveProperty('buyer_tax_code')
    const other = (await purchasesOf(house, ida))[1]!.id
    const nothing = await issue(task, issuing(other, { reason: 'goods' }))
    expect(nothing.body).toMatchObject({ code: 'conflict', detail: { reason: 'nothing' } })
  })

  it('is issued by who has taken a task of its basis about that customer, for a purchase of theirs, and by nobody else', async () => {
    const [ida, leo] = [await newLeaver(house, world), await newLeaver(house, world)]
    const task = await takeInvoiceTask(house, world, ida)
    const [[own], [others]] = [await purchasesOf(house, ida), await purchasesOf(house, leo)]
    expect((await issue(task, issuing(others!.id))).status).toBe(404)
    expect((await issue(randomUUID(), issuing(own!.id))).status).toBe(404)
    expect((await issue(task, issuing(own!.id, { basis: 'marketing' }))).status).toBe(404)
    // A task about a delivery is no reader of the basis.
    expect((await send(house, 'POST', `/work/tasks/${ida.task}/grants`, world.ben, {})).status).toBe(201)
    expect((await issue(ida.task, issuing(own!.id))).body).toMatchObject({ code: 'outside_grant' })
    await send(house, 'POST', `/work/tasks/${task}/closures`, world.ben, { outcome: 'answered' })
    expect((await issue(task, issuing(own!.id))).status).toBe(404)
    expect(await mine(ida)).toEqual([])
  })
})

describe('a document is read', () => {
  it('in a task of its basis, and its customer sees by whom', async () => {
    const ida = await newLeaver(house, world)
    await issueTo(house, world, ida)
    const task = await takeInvoiceTask(house, world, ida)
    const { items } = (await send(house, 'GET', `/work/tasks/${task}/documents`, world.ben)).body
    expect(items).toMatchObject([{ content: { buyer_name: ida.name } }])
    const [document] = await mine(ida)
    expect(document!.readings).toMatchObject([
      { kind: 'reading', actor: { name: world.ben.name }, task: { id: task, type: 'invoice_question' } },
    ])
  })

  it('in no task of another type, and under no grant that the server makes for one', async () => {
    const ida = await newLeaver(house, world)
    const { id } = await issueTo(house, world, ida)
    expect((await send(house, 'POST', `/work/tasks/${ida.task}/grants`, world.ben, {})).status).toBe(201)
    const seen = await send(house, 'GET', `/work/tasks/${ida.task}/documents`, world.ben)
    expect(seen.body.items).toEqual([])
    const wanted = {
      ...{ actor: 'system', subjects: [id], fields: ['*'], compartments: ['statutory'] },
      ...{ purpose: 'service', minutes: 1, most: 1 },
    }
    const other = await world.join()
    for (const by of [
      { kind: 'job', session: null },
      { kind: 'import', session: null },
      { kind: 'task', session: world.ben.session, task: ida.task },
      { kind: 'portal', session: other.session },
      // By a link only once they have left.
      { kind: 'portal', session: null },
    ] as const)
      await expect(makeGrant(house.house, { ...wanted, ...by })).rejects.toEqual(
        refused('document_has_its_readers'),
      )
  })
})

describe('PostgreSQL, whatever the server writes', () => {
  const insert = async (about: Record<string, unknown>, who: CustomerInWorld) => {
    const [purchase] = await purchasesOf(house, who)
    const [trail, slot] = await house.house.slots.take(2)
    const id = randomUUID()
    const row: Record<string, unknown> = {
      ...{ subject: id, slot, customer: who.id, basis: 'invoice', basis_version: 1, purchase: purchase!.id },
      ...{ source: purchase!.source, number: purchase!.invoice, part: 0, reason: null },
      ...{ issued_at: new Date(), ...about },
    }
    return house.house.database.transaction(async tx => {
      await tx.query(
        `insert into subject (id, kind, alias, trail, made_at) values ($1, 'document', $2, $3, now())`,
        [...[id, `T-${trail}`, trail]],
      )
      await tx.query(
        `insert into slot (subject, compartment, number) values ($1, 'trail', $2), ($1, 'statutory', $3)`,
        [id, trail, slot],
      )
      const columns = Object.keys(row)
      await tx.query(
        `insert into statutory_document (${columns}) values (${columns.map((_, at) => `$${at + 1}`)})`,
        Object.values(row),
      )
      return id
    })
  }

  it('takes no document without its purchase, its basis in force, its day, or what it corrects', async () => {
    const ida = await newLeaver(house, world)
    const leo = await newLeaver(house, world)
    const [others] = await purchasesOf(house, leo)
    const tomorrow = new Date(Date.now() + 2 * 86_400_000)
    for (const [about, constraint] of [
      [{ purchase: others!.id }, 'document_of_a_purchase'],
      [{ number: 'loves-red-shoes' }, 'document_of_a_purchase'],
      [{ basis_version: 2 }, 'document_under_the_basis_in_force'],
      [{ part: 1, reason: 'buyer' }, 'document_corrects_another'],
      [{ issued_at: tomorrow }, 'document_of_today'],
      [{ customer: null }, 'document_of_a_customer'],
    ] as const)
      await expect(insert(about, ida), constraint).rejects.toEqual(refused(constraint))
    await expect(insert({ until: tomorrow }, ida)).rejects.toMatchObject({ code: '42501' })
    await insert({}, ida)
  })

  it('takes nothing more about somebody who has asked to leave', async () => {
    const ida = await newLeaver(house, world)
    await house.house.database.query(
      'insert into withdrawal (subject, act, link_hash, asked_at) values ($1, $2, $3, now())',
      [ida.id, randomUUID(), Buffer.alloc(32)],
    )
    await expect(insert({}, ida)).rejects.toEqual(refused('document_of_a_customer'))
    await house.owner.query('delete from withdrawal where subject = $1', [ida.id])
  })

  it('keeps no slot of the law without its document, and no end that anybody moves', async () => {
    const ida = await newLeaver(house, world)
    const { id } = await issueTo(house, world, ida)
    const [number] = await house.house.slots.take(1)
    const own = house.house.database.query(
      `insert into slot (subject, compartment, number) values ($1, 'statutory', $2)`,
      [ida.id, number],
    )
    await expect(own).rejects.toEqual(refused('slot_needs_consent'))
    for (const sql of [
      `update statutory_document set until = now() + interval '99 years' where subject = $1`,
      `update statutory_document set until = now() where subject = $1`,
      'update statutory_document set customer = null where subject = $1',
      'delete from statutory_document where subject = $1',
    ])
      await expect(house.house.database.query(sql, [id]), sql).rejects.toMatchObject({ code: '42501' })
  })

  it('changes and removes no box of a document, and takes no second one, whatever grant is live', async () => {
    const ida = await newLeaver(house, world)
    const { id, task } = await issueTo(house, world, ida)
    await send(house, 'POST', `/work/tasks/${task}/grants`, world.ben, {})
    const grant = await makeGrant(house.house, {
      ...{ kind: 'portal', session: ida.session, actor: 'customer', subjects: [id], fields: ['document'] },
      ...{ compartments: ['statutory'], purpose: 'access', minutes: 1, most: 5 },
    })
    const under = (sql: string, values: unknown[]) =>
      house.house.database.transaction(async tx => {
        await tx.query('select enter($1, $2)', [grant.id, grant.secret])
        await tx.query(sql, values)
      })
    const once = refused('document_is_written_once')
    await expect(under(`update box set bytes = '\\x00' where subject = $1`, [id])).rejects.toEqual(once)
    await expect(under('delete from box where subject = $1', [id])).rejects.toEqual(once)
    const second = `insert into box (subject, compartment, row, version, slot, bytes)
                    select subject, compartment, $2, 1, slot, '\\x00' from statutory_document where subject = $1`
    await expect(under(second, [id, randomUUID()])).rejects.toEqual(once)
  })
})
