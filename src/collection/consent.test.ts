import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { joinAs, openForCustomers } from '../../test/portal.ts'
import { change } from '../core/outbox.ts'
import { findConsent, giveConsent, requireConsent, withdrawConsent } from './consent.ts'
import { customerCompartments, makeCustomer } from './customer.ts'
import { fields } from './field.ts'
import { purposeCodes } from './purpose.ts'

let shop: TestHouse

beforeAll(async () => {
  shop = await openHouse()
  await openForCustomers(shop)
})

afterAll(() => shop.close())

const noticed = { evidence: 'portal', version: 1, language: 'en' } as const

test('what the code names is in the catalogue of the database, in the same compartment', async () => {
  const stored = await shop.database.query<{ code: string; compartment: string }>(
    'select code, compartment from field where code = any ($1) order by code',
    [Object.keys(fields)],
  )
  const coded = Object.entries(fields).map(([code, { compartment }]) => ({ code, compartment }))
  expect(stored).toEqual(coded.sort((a, b) => (a.code < b.code ? -1 : 1)))
  const known = await shop.database.query<{ code: string }>('select code from purpose order by code')
  expect(known.map(purpose => purpose.code)).toEqual([...purposeCodes].sort())
})

describe('no consent, no slot', () => {
  test('a customer without a consent cannot be committed', async () => {
    const made = shop.database.transaction(tx => makeCustomer(tx, shop.house, 1))
    await expect(made).rejects.toMatchObject({ code: '23514', constraint: 'slot_needs_consent' })
  })

  test('a consent covers the compartments of its own fields and no other', async () => {
    const made = shop.database.transaction(async tx => {
      const customer = await makeCustomer(tx, shop.house, 1)
      await giveConsent(tx, shop.house, customer.id, 'offers', noticed)
    })
    await expect(made).rejects.toMatchObject({ constraint: 'slot_needs_consent' })
    const fewer = customerCompartments.filter(one => one !== 'messages')
    await shop.database.transaction(async tx => {
      const customer = await makeCustomer(tx, shop.house, 1, fewer)
      await giveConsent(tx, shop.house, customer.id, 'offers', noticed)
    })
  })

  test('the server’s role cannot add a slot by plain SQL that nothing covers', async () => {
    const joined = await joinAs(shop)
    const add = shop.database.query(
      `insert into slot (subject, compartment, number) values ($1, 'health', 999999)`,
      [joined.id],
    )
    await expect(add).rejects.toMatchObject({ constraint: 'slot_needs_consent' })
  })

  test('nor move one, nor withdraw the consent below it, nor take the trigger away', async () => {
    const joined = await joinAs(shop, { name: 'Rita Sala', email: 'rita.sala@example.org' })
    const move = shop.database.query(`update slot set compartment = 'health' where subject = $1`, [joined.id])
    await expect(move).rejects.toMatchObject({ code: '42501' })
    const consent = await requireConsent(shop.database, joined.id, 'service')
    const withdraw = shop.database.transaction(tx => withdrawConsent(tx, shop.house, consent))
    await expect(withdraw).rejects.toMatchObject({ constraint: 'slot_needs_consent' })
    for (const statement of [
      'alter table slot disable trigger all',
      'drop trigger slot_needs_consent on slot',
      `set session_replication_role = 'replica'`,
      'delete from consent',
      'update consent set evidence = evidence',
      'truncate consent cascade',
    ])
      await expect(shop.database.query(statement)).rejects.toMatchObject({ code: '42501' })
    expect(await findConsent(shop.database, joined.id, 'service')).toMatchObject({ id: consent.id })
  })

  test('a box, a code or a letter without a slot is refused by its foreign key', async () => {
    const joined = await joinAs(shop, { name: 'Ugo Neri', email: 'ugo.neri@example.org' })
    const box = shop.database.query(
      `insert into box (subject, compartment, row, version, slot, bytes)
       values ($1, 'contact', gen_random_uuid(), 1, 999998, '\\x00')`,
      [joined.id],
    )
    await expect(box).rejects.toMatchObject({ code: '23503' })
    for (const [table, columns, values] of [
      [
        'code',
        'id, subject, slot, hash, made_at, until',
        `gen_random_uuid(), $1, 999998, '\\x00', now(), now()`,
      ],
      [
        'letter',
        'id, subject, slot, kind, made_at, until',
        `gen_random_uuid(), $1, 999998, 'code', now(), now()`,
      ],
      ['address', 'kind, token, subject, compartment, slot', `'email', '\\x00', $1, 'contact', 999998`],
    ])
      await expect(
        shop.database.query(`insert into ${table} (${columns}) values (${values})`, [joined.id]),
      ).rejects.toMatchObject({ code: '23503' })
  })
})

describe('a consent', () => {
  test('names the fields of its purpose and cannot be given twice', async () => {
    const joined = await joinAs(shop, { name: 'Eva Riva', email: 'eva.riva@example.org' })
    const consent = await requireConsent(shop.database, joined.id, 'service')
    expect(consent.fields).toEqual(['email', 'letter', 'name', 'phone', 'purchase', 'question'])
    const again = shop.database.transaction(tx => giveConsent(tx, shop.house, joined.id, 'service', noticed))
    await expect(again).rejects.toMatchObject({ code: 'conflict' })
  })

  test('given by two requests at once exists once', async () => {
    const joined = await joinAs(shop, { name: 'Leo Conti', email: 'leo.conti@example.org' })
    const give = () =>
      change(shop.house, (tx, _note) => giveConsent(tx, shop.house, joined.id, 'offers', noticed))
    const results = await Promise.allSettled([give(), give(), give()])
    expect(results.filter(result => result.status === 'fulfilled')).toHaveLength(1)
    const rows = await shop.owner.query(`select 1 from consent where subject = $1 and purpose = 'offers'`, [
      joined.id,
    ])
    expect(rows).toHaveLength(1)
  })

  test('that is withdrawn is none, is kept as a fact, and can be given anew', async () => {
    const joined = await joinAs(shop, { name: 'Pia Longo', email: 'pia.longo@example.org' }, [
      'service',
      'offers',
    ])
    const consent = await requireConsent(shop.database, joined.id, 'offers')
    await shop.database.transaction(tx => withdrawConsent(tx, shop.house, consent))
    await expect(requireConsent(shop.database, joined.id, 'offers')).rejects.toMatchObject({
      code: 'no_consent',
    })
    const twice = shop.database.transaction(tx => withdrawConsent(tx, shop.house, consent))
    await expect(twice).rejects.toMatchObject({ code: 'conflict' })
    const anew = await shop.database.transaction(tx =>
      giveConsent(tx, shop.house, joined.id, 'offers', noticed),
    )
    expect(anew.id).not.toBe(consent.id)
  })

  test('to a notice that nobody was shown is refused', async () => {
    const joined = await joinAs(shop, { name: 'Ida Bosco', email: 'ida.bosco@example.org' })
    const unseen = shop.database.transaction(tx =>
      giveConsent(tx, shop.house, joined.id, 'offers', { ...noticed, version: 2 }),
    )
    await expect(unseen).rejects.toMatchObject({ code: 'invalid', fields: [{ field: 'notice_version' }] })
  })

  test('needs a customer: nobody else can give one', async () => {
    const nobody = shop.database.transaction(tx =>
      giveConsent(tx, shop.house, '00000000-0000-4000-8000-000000000000', 'service', noticed),
    )
    await expect(nobody).rejects.toMatchObject({ code: 'not_found' })
  })
})
