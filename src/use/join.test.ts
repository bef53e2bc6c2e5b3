import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { ana, call, joinAs, openForCustomers, signInAs, trailOf } from '../../test/portal.ts'
import { foundIn, storedText } from '../../test/stored.ts'
import { drain } from '../core/outbox.ts'
import { addressToken } from '../identity/address.ts'
import { withJobGrant } from './grant.ts'
import { read } from './reading.ts'

let shop: TestHouse

beforeAll(async () => {
  shop = await openHouse()
  await openForCustomers(shop)
})

afterAll(() => shop.close())

const everything = { fields: ['*'], compartments: ['identity', 'contact', 'messages', 'purchases'] }

/** What lies in somebody's boxes, by field. */
async function valuesOf(subject: string) {
  const wanted = { ...everything, subjects: [subject], purpose: 'access', minutes: 5, most: 10 }
  const boxes = await withJobGrant(shop.house, wanted, grant => read(shop.house, grant, subject, wanted))
  return Object.assign({}, ...boxes.map(box => box.values))
}

describe('joining', () => {
  test('keeps the values with where they come from, and the address as proved by the code', async () => {
    const { id } = await joinAs(shop, ana, ['service', 'offers'])
    const at = shop.clock.now().toISOString()
    expect(await valuesOf(id)).toEqual({
      name: { value: ana.name, source: 'customer', at },
      email: { value: ana.email, source: 'customer', at, verified: { method: 'code', at } },
      phone: { value: ana.e164, source: 'customer', at },
    })
  })

  test('writes into the customer’s own trail that they joined and what they agreed to', async () => {
    const { id } = await joinAs(shop, { name: 'Rita Sala', email: 'rita@example.org' }, ['service', 'offers'])
    const entries = await trailOf(shop, id)
    expect(entries.slice(0, 4).map(entry => [entry.kind, entry.actor, entry.purpose])).toEqual([
      ['join', 'customer', undefined],
      ['consent', 'customer', 'service'],
      ['consent', 'customer', 'offers'],
      ['session', 'customer', undefined],
    ])
    expect(entries[2]?.detail).toMatchObject({ evidence: 'portal', notice: 1, language: 'en' })
  })

  test('leaves nothing plain in any table, before and after the jobs have run', async () => {
    const person = { name: 'Ottavia Quaglia', email: 'ottavia.quaglia@example.org', phone: '347 555 0199' }
    await joinAs(shop, person)
    const values = [
      person.name,
      'Ottavia',
      'Quaglia',
      person.email,
      '3475550199',
      '347 555 0199',
      '+393475550199',
    ]
    expect(foundIn(await storedText(shop.owner), values)).toEqual([])
    await shop.work()
    expect(foundIn(await storedText(shop.owner), values)).toEqual([])
    // The search itself must be able to find something.
    expect(foundIn(await storedText(shop.owner), ['Bottega Aurora'])).toEqual(['Bottega Aurora'])
  })

  test('shreds the applicant: no row, no slot, no box, no session of theirs is left', async () => {
    const { cookie } = await signInAs(shop, 'gone@example.org')
    const { subject } = await shop.owner.one<{ subject: string }>(
      `select subject from address where kind = 'applicant-email' and token = $1`,
      [await addressToken(shop.house, 'applicant-email', 'gone@example.org')],
    )
    const slots = await shop.owner.query<{ number: number }>('select number from slot where subject = $1', [
      subject,
    ])
    const body = {
      name: 'Ugo Neri',
      phone: '',
      notice_version: 1,
      said_age: 16,
      language: 'en',
      purposes: ['service'],
    }
    expect((await call(shop, 'POST', '/portal/joins', { cookie, body })).status).toBe(201)
    await shop.work()
    for (const table of ['slot', 'box', 'session', 'code', 'letter', 'address'])
      expect(await shop.owner.query(`select 1 from ${table} where subject = $1`, [subject])).toEqual([])
    expect(await shop.owner.query('select 1 from subject where id = $1', [subject])).toEqual([])
    const sealed = shop.house.keeper.seal([
      ...[
        {
          customer: subject,
          compartment: 'contact',
          row: subject,
          version: 9,
          ...{ slot: slots[0]!.number, trailSlot: slots[1]!.number },
          values: {},
        },
      ],
    ])
    await expect(sealed).rejects.toMatchObject({ code: 'erased' })
  })

  test('an applicant who does not join is shredded after a day', async () => {
    await call(shop, 'POST', '/portal/codes', { body: { email: 'never@example.org', language: 'en' } })
    const { subject } = await shop.owner.one<{ subject: string }>(
      `select subject from address where kind = 'applicant-email' and token = $1`,
      [await addressToken(shop.house, 'applicant-email', 'never@example.org')],
    )
    const job = await shop.owner.one<{ run_at: Date }>(
      'select run_at from graphile_worker.jobs where key = $1',
      [`applicant.erasure:${subject}`],
    )
    expect(job.run_at.getTime() - shop.clock.now().getTime()).toBe(24 * 3_600_000)
    await shop.owner.query(`select graphile_worker.reschedule_jobs(array[id], run_at => now())
                              from graphile_worker.jobs where key = '${`applicant.erasure:${subject}`}'`)
    await shop.work()
    expect(await shop.owner.query('select 1 from subject where id = $1', [subject])).toEqual([])
  })
})

// Each ends the keeper and starts it again.
describe('a keeper that is cut off', { timeout: 60_000 }, () => {
  const body = {
    name: 'Ida Bosco',
    phone: '',
    notice_version: 1,
    said_age: 16,
    language: 'en',
    purposes: ['service'],
  }

  test('while somebody joins leaves nothing half, and the form can be sent again', async () => {
    const { cookie } = await signInAs(shop, 'ida@example.org')
    const before = await shop.owner.query('select id from customer')
    await shop.killKeeper()
    const cut = await call(shop, 'POST', '/portal/joins', { cookie, body })
    expect([cut.status, cut.body.code]).toEqual([503, 'unavailable'])
    expect(await shop.owner.query('select id from customer')).toHaveLength(before.length)
    await shop.reviveKeeper()
    expect((await call(shop, 'POST', '/portal/joins', { cookie, body })).status).toBe(201)
  })

  test('between the commit and the log loses no entry and writes none twice', async () => {
    const { cookie } = await signInAs(shop, 'eva@example.org')
    const { append } = shop.house.keeper
    shop.house.keeper.append = async function (changes) {
      const joins = changes.some(change => change.body.kind === 'join')
      if (joins) await shop.killKeeper()
      return append.call(this, changes)
    }
    const cut = await call(shop, 'POST', '/portal/joins', { cookie, body })
    expect([cut.status, cut.body.code]).toEqual([503, 'unavailable'])
    await shop.reviveKeeper()
    await drain(shop.house)
    const { kind, cookie: signed } = await signInAs(shop, 'eva@example.org')
    expect(kind).toBe('customer')
    const current = await call(shop, 'GET', '/portal/sessions/current', { cookie: signed })
    const { id } = await shop.owner.one<{ id: string }>('select id from subject where alias = $1', [
      current.body.alias,
    ])
    const kinds = (await trailOf(shop, id)).map(entry => entry.kind)
    expect(kinds.filter(one => one === 'join' || one === 'consent')).toEqual(['join', 'consent'])
    expect(await shop.owner.query('select 1 from outbox')).toEqual([])
  })
})
