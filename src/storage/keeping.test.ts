import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { newCustomer, openCompany, type Person } from '../../test/people.ts'
import { newId } from '../core/ids.ts'
import { change } from '../core/outbox.ts'
import { makeGrant } from '../use/grant.ts'
import { keep, keepRows, replace } from './keeping.ts'
import { findBoxes, type Key, openBoxes, type Value } from './record.ts'

let test: TestHouse
let ana: Person
let key: Key

beforeAll(async () => {
  test = await openHouse()
  await openCompany(test)
  ana = await newCustomer(test, { name: 'Ana Moretti', email: 'ana.moretti@example.org' })
  key = await grantFor(ana, ['contact', 'messages'])
})
afterAll(() => test.close())

const grantFor = (whose: Person, compartments: string[]): Promise<Key> =>
  makeGrant(test.house, {
    ...{ kind: 'job', session: null, actor: 'system', subjects: [whose.id], fields: ['*'] },
    ...{ compartments, purpose: 'service', minutes: 5, most: 1000 },
  })

const value = (text: string): Value => ({ value: text, source: 'customer', at: '2026-11-24T09:00:00.000Z' })
const basis = { fields: ['email', 'phone', 'question'] }
const keepQuestion = (text: string, row = newId(), whose = ana) =>
  test.house.database.transaction(tx => keep(tx, test.house, basis, whose.id, row, { question: value(text) }))
const contact = async (under: Key = key) => {
  const [box] = await findBoxes(test.house.database, under, ana.id, ['contact'])
  return { ...box!, subject: ana.id }
}

/** Replaces the contact box and raises its floor, as a change of a value does. */
async function changeEmail(box: Awaited<ReturnType<typeof contact>>, email: string, enter: Key | null = key) {
  await change(test.house, async (tx, note) => {
    if (enter !== null) await tx.query('select enter($1, $2)', [enter.grant, enter.secret])
    const floor = await replace(tx, test.house, basis, box, { email: value(email) })
    await note(ana.id, { kind: 'setup', actor: 'customer', result: 'done' }, [floor])
  })
}

describe('keeping', () => {
  it('refuses a value of a field that the basis does not name, and stores nothing of the rest', async () => {
    const before = await test.owner.query('select 1 from box')
    const kept = test.house.database.transaction(tx =>
      keep(tx, test.house, { fields: ['question'] }, ana.id, newId(), {
        ...{ question: value('Where?'), phone: value('+393331234567') },
      }),
    )
    await expect(kept).rejects.toMatchObject({ code: 'no_consent', detail: { field: 'phone' } })
    expect(await test.owner.query('select 1 from box')).toHaveLength(before.length)
  })

  it('refuses somebody without a slot for it', async () => {
    await expect(keepQuestion('Hello?', newId(), { ...ana, id: newId() })).rejects.toMatchObject({
      code: 'erased',
    })
  })

  it('never puts a second box in the place of a first', async () => {
    const row = newId()
    await keepQuestion('first', row)
    await expect(keepQuestion('second', row)).rejects.toThrow('box_pkey')
  })

  it('keeps very many rows at once, and they are read back in bounded requests', async () => {
    const rows = Array.from({ length: 450 }, (_, at) => ({
      row: newId(),
      values: { question: value(`No. ${at}`) },
    }))
    await test.house.database.transaction(tx => keepRows(tx, test.house, basis, ana.id, rows))
    const found = await findBoxes(
      test.house.database,
      key,
      ana.id,
      ['messages'],
      rows.map(one => one.row),
    )
    const opened = await openBoxes(
      test.house,
      key,
      found.map(box => ({ ...box, subject: ana.id })),
      { fields: ['question'] },
    )
    const said = new Map(opened.map(box => [box.row, box.values.question?.value]))
    expect(rows.map(one => said.get(one.row))).toEqual(rows.map((_, at) => `No. ${at}`))
  })

  it('leaves nothing plain in the table', async () => {
    await keepQuestion('Zanzibar express')
    const boxes = await test.owner.query<{ bytes: Buffer }>('select bytes from box')
    expect(boxes.some(({ bytes }) => bytes.includes('Zanzibar'))).toBe(false)
  })
})

describe('replacing', () => {
  it('puts the next version in place, and the keeper refuses every copy of the one before', async () => {
    const before = await contact()
    await changeEmail(before, 'ana@example.com')
    const after = await contact()
    expect(after.version).toBe(before.version + 1)
    const [opened] = await openBoxes(test.house, key, [after], { fields: ['email'] })
    expect(opened!.values.email!.value).toBe('ana@example.com')
    await expect(openBoxes(test.house, key, [before], { fields: ['email'] })).rejects.toMatchObject({
      code: 'superseded',
    })
  })

  it('is refused without a grant that covers the box, and the box stays', async () => {
    const box = await contact()
    const elsewhere = await grantFor(ana, ['messages'])
    for (const enter of [null, elsewhere, { ...key, secret: 'guessed' }])
      await expect(changeEmail(box, 'mallory@example.com', enter)).rejects.toMatchObject({ code: 'conflict' })
    expect(await contact()).toEqual(box)
  })

  it('lets one of two changes of the same version through', async () => {
    const box = await contact()
    const both = await Promise.allSettled([
      changeEmail(box, 'one@example.com'),
      changeEmail(box, 'two@example.com'),
    ])
    expect(both.map(one => one.status).sort()).toEqual(['fulfilled', 'rejected'])
    const lost = both.find(one => one.status === 'rejected')
    expect(lost?.reason).toMatchObject({ code: 'conflict' })
  })

  it('opens a box in no other place than its own: row, version, compartment and customer are sealed with it', async () => {
    const dora = await newCustomer(test, { name: 'Dora Conti', email: 'dora@example.org' })
    const doras = await grantFor(dora, ['contact', 'messages'])
    const box = await contact()
    const open = (as: Partial<typeof box>, under: Key = key) =>
      openBoxes(test.house, under, [{ ...box, ...as }], { fields: ['*'] })
    await expect(open({ row: newId() })).rejects.toMatchObject({ code: 'bad_box' })
    await expect(open({ version: box.version + 1 })).rejects.toMatchObject({ code: 'bad_box' })
    await expect(open({ compartment: 'messages' })).rejects.toMatchObject({ code: 'bad_box' })
    await expect(open({ subject: dora.id }, doras)).rejects.toMatchObject({ code: 'outside_grant' })
  })
})
