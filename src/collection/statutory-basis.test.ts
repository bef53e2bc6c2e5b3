import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { issueTo, issuing, purchasesOf, takeInvoiceTask } from '../../test/invoice.ts'
import { newLeaver } from '../../test/leaver.ts'
import { newEmployee } from '../../test/people.ts'
import { buildWorld, send, type World } from '../../test/world.ts'

let house: TestHouse
let world: World
let second: { cookies: Record<string, string> }

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
  second = await newEmployee(house, 'officer', 'office')
})
afterAll(() => house.close())

const shorter = {
  ...{ name: { en: 'Invoices', it: 'Fatture' }, law: { en: 'Act 7', it: 'Legge 7' }, years: 5 },
  ...{ why: { en: 'The law says so.', it: 'Lo dice la legge.' }, counts_from: 'issue' },
  ...{ fields: ['number', 'issued_on', 'buyer_name'], readers: ['invoice_question'], code: 'invoice' },
}
const propose = (body: object, who = world.pia) => send(house, 'POST', '/office/bases', who, body)
const decide = (code: string, version: number, approved: boolean, who: { cookies: Record<string, string> }) =>
  send(house, 'POST', `/office/bases/${code}/decisions`, who, { version, approved })
const invoices = async () =>
  (await send(house, 'GET', '/office/bases', world.pia)).body.items.find(
    (one: { code: string }) => one.code === 'invoice',
  )
const notice = async (language: string) =>
  (await send(house, 'GET', `/notice?language=${language}`, { cookies: {} })).body

describe('a basis of keeping without consent', () => {
  it('comes with the program for invoices, and the notice tells of it', async () => {
    expect((await invoices()).now).toMatchObject({ version: 1, years: 10, proposed_by: null })
    expect(JSON.stringify(await notice('it'))).toContain('Fatture: 10 anni dalla fine dell’anno di emissione')
  })

  it('counts once a second officer has confirmed it; who proposed it may only take it back', async () => {
    const { version } = await notice('en')
    expect((await propose({ ...shorter, after: 1 })).body).toMatchObject({ version: 2, approved: null })
    expect((await invoices()).now.version).toBe(1)
    expect((await propose({ ...shorter, after: 2 }, world.pia)).body.detail).toEqual({ reason: 'open' })
    expect((await decide('invoice', 2, true, world.pia)).body.detail).toEqual({ reason: 'oneself' })
    expect((await decide('invoice', 2, false, world.pia)).status).toBe(201)
    expect((await invoices()).now.version).toBe(1)
    expect((await notice('en')).version).toBe(version)
    expect((await propose({ ...shorter, after: 1 })).body.detail).toEqual({ reason: 'changed' })
    expect((await propose({ ...shorter, after: 2 })).status).toBe(201)
    expect((await decide('invoice', 3, true, second)).body).toMatchObject({ version: 3, approved: true })
    expect((await decide('invoice', 3, false, second)).body.detail).toEqual({ reason: 'decided' })
    expect((await notice('en')).version).toBe(version + 1)
    expect(JSON.stringify(await notice('en'))).toContain('Invoices: 5 years from the day of issue (Act 7).')
    const { items } = (await send(house, 'GET', '/office/entries', world.pia)).body
    expect(
      items
        .filter((one: { kind: string }) => one.kind === 'basis')
        .map((one: { result: string }) => one.result),
    ).toEqual(['approved', 'proposed', 'rejected', 'proposed'])
  })

  it('decides what a document holds and how long it is kept, from then on and never for one that was issued before', async () => {
    const ida = await newLeaver(house, world)
    const { id } = await issueTo(house, world, ida)
    const fields = async () => {
      const { items } = (await send(house, 'GET', '/portal/documents', ida)).body
      const document = items.find((one: { id: string }) => one.id === id)
      return { fields: Object.keys(document.content).sort(), until: document.until, law: document.law.en }
    }
    const five = new Date(house.clock.now())
    five.setUTCFullYear(five.getUTCFullYear() + 5)
    const narrow = { fields: ['buyer_name', 'issued_on', 'number'], until: five.toISOString(), law: 'Act 7' }
    expect(await fields()).toEqual(narrow)
    const wider = { ...shorter, years: 30, fields: [...shorter.fields, 'goods', 'vat_rate', 'buyer_address'] }
    await propose({ ...wider, after: 3 })
    expect((await decide('invoice', 4, true, second)).status).toBe(201)
    expect(await fields()).toEqual(narrow)
  })

  it('allows nothing before it is confirmed, and under none is anything issued that was never declared', async () => {
    const ida = await newLeaver(house, world)
    const task = await takeInvoiceTask(house, world, ida)
    const [purchase] = await purchasesOf(house, ida)
    const issue = () =>
      send(house, 'POST', `/work/tasks/${task}/documents`, world.ben, {
        ...issuing(purchase!.id, { basis: 'warranty' }),
      })
    expect((await issue()).status).toBe(404)
    expect((await propose({ ...shorter, code: 'warranty', after: 0 })).status).toBe(201)
    expect((await issue()).status).toBe(404)
    expect((await decide('warranty', 1, true, second)).status).toBe(201)
    expect((await issue()).status).toBe(201)
  })

  it('is not changed by the server, which cannot confirm what one officer alone wants', async () => {
    const { server } = { server: house.house.database }
    await propose({ ...shorter, after: 4 })
    const proposed = `from statutory_basis_version where basis = 'invoice' and version = 5`
    for (const [sql, code] of [
      [`update statutory_basis_version set years = 30 where basis = 'invoice'`, '42501'],
      [`update statutory_basis_version set fields = '{number}' where version = 1`, '42501'],
      [`update statutory_basis set closed = false`, '42501'],
      [`delete ${proposed}`, '42501'],
      [
        `update statutory_basis_version set decided_by = proposed_by, decided_at = now(), approved = true where version = 5`,
        '23514',
      ],
      [
        `update statutory_basis_version set approved = false where basis = 'invoice' and version = 4`,
        '23514',
      ],
      [
        `insert into statutory_basis_version (basis, version, name, law, why, fields, years, counts_from, readers)
         values ('invoice', 9, '{}', '{}', '{}', '{number}', 30, 'issue', '{invoice_question}')`,
        '23514',
      ],
    ] as const)
      await expect(server.query(sql), sql).rejects.toMatchObject({ code })
  })
})
