import { hash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { giveConsent } from '../../src/collection/consent.ts'
import { makeCustomer } from '../../src/collection/customer.ts'
import { currentNotice } from '../../src/collection/notice.ts'
import { asRefusal } from '../../src/core/http.ts'
import { newId } from '../../src/core/ids.ts'
import { change } from '../../src/core/outbox.ts'
import { purchaseImport } from '../../src/crm/purchase.import.ts'
import { withdraw } from '../../src/disposal/withdrawal.ts'
import { addAddress, addressToken } from '../../src/identity/address.ts'
import { findSession, makeSession, type Session } from '../../src/identity/session.ts'
import { requestCode } from '../../src/storage/code-request.ts'
import { keep } from '../../src/storage/keeping.ts'
import { changeOwn } from '../../src/use/own-values.ts'
import { everyStep } from '../every-step.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { openForCustomers } from '../portal.ts'

// A customer leaves while a file brings in what they bought, a letter to them is written and sent, and they change a value
// themself: whatever comes first, nothing of theirs is left. Ten thousand times in `npm run test:full`.

const customers = everyStep ? 10_000 : 120
const atOnce = 12
const seed = process.env.CUSTODE_SEED ?? randomUUID()

/** The import that everything bought belongs to. */
const run = newId()

let shop: TestHouse
beforeAll(async () => {
  shop = await openHouse()
  await openForCustomers(shop)
  await shop.owner.query(
    `insert into import (id, kind, source, file_hash, started_at) values ($1, 'purchases', 'shop', '\\x00', now())`,
    [run],
  )
})
afterAll(() => shop?.close())

let rolled = 0
const dice = (below: number): number =>
  hash('sha256', `${seed} ${rolled++}`, 'buffer').readUInt32BE(0) % below

interface Leaving {
  id: string
  email: string
  reference: string
  session: Session
}

/** Somebody with an address in the index and a number in the company's books. */
async function newLeaving(): Promise<Leaving> {
  const { house } = shop
  const email = `${newId()}@example.org`
  const reference = newId()
  const token = await addressToken(house, 'email', email)
  const made = await change(house, async (tx, note) => {
    const subject = await makeCustomer(tx, house, 1)
    const evidence = {
      evidence: 'portal' as const,
      version: await currentNotice(tx),
      language: 'it' as const,
    }
    const consent = await giveConsent(tx, house, subject.id, 'service', evidence)
    const given = { source: 'customer' as const, at: house.clock.now().toISOString() }
    await keep(tx, house, consent, subject.id, subject.id, {
      name: { value: 'Ana Moretti', ...given },
      email: { value: email, ...given },
    })
    const at = { subject: subject.id, compartment: 'contact', slot: subject.slots.contact! }
    await addAddress(tx, 'email', token, at)
    await tx.query(
      `insert into customer_reference (source, reference, subject, slot) values ('shop', $1, $2, $3)`,
      [reference, subject.id, subject.slots.identity],
    )
    await note(subject.id, { kind: 'join', actor: 'customer', result: 'done' })
    return { id: subject.id, session: await makeSession(tx, house, 'portal', subject.id) }
  })
  const session = await findSession(house.database, house.clock.now(), 'portal', made.session.token)
  return { id: made.id, email, reference, session: session! }
}

const purchases = purchaseImport('EUR')

async function bringIn({ reference }: Leaving): Promise<unknown> {
  const understood = purchases.understand(
    {
      ...{ InvoiceNo: `I-${newId()}`, StockCode: 'A1', Description: 'Vaso', Quantity: '1' },
      ...{ InvoiceDate: '2026-01-02', UnitPrice: '4.50', CustomerID: reference },
    },
    1,
  )
  if (!('parsed' in understood)) throw new Error('a line that is not understood')
  const lines = [{ ...understood.parsed, line: 1 }]
  const setting = { house: shop.house, source: 'shop', acceptOldEvidence: false, run }
  return change(shop.house, async (tx, note) => {
    const [kept] = await purchases.keep(tx, setting, [{ reference, lines }])
    if (kept?.subject != null)
      await note(kept.subject, { kind: 'import', actor: 'system', fields: kept.fields, result: 'done' })
  })
}

const acts: Record<string, (leaving: Leaving) => Promise<unknown>> = {
  import: bringIn,
  mail: async ({ email }) => {
    await requestCode(shop.house, { email, language: 'it' })
    await shop.work()
  },
  edit: ({ session }) => changeOwn(shop.house, session, { phone: '+393475550142' }),
  withdrawal: ({ id, session }) => withdraw(shop.house, { subject: id, token: session.token }),
}

const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

/** All four at once, each begun some milliseconds later than the other; answers with the order in which they ended, and how. */
async function interleave(leaving: Leaving): Promise<string> {
  const ended: string[] = []
  await Promise.all(
    Object.entries(acts).map(async ([name, act]) => {
      await pause(dice(name === 'withdrawal' ? 60 : 250))
      const outcome = await act(leaving).then(
        () => 'done',
        error => {
          const refusal = asRefusal(error)
          if (refusal === null) throw error
          return refusal.code
        },
      )
      ended.push(`${name} ${outcome}`)
    }),
  )
  return ended.join(', ')
}

/** In how many rows of which table something of these people is left, but that they left, and their sealed trail. */
async function leftOf(ids: readonly string[]): Promise<Record<string, number>> {
  const columns = await shop.owner.query<{ table: string; column: string }>(
    `select c.table_name as table, c.column_name as column
       from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.data_type = 'uuid'`,
  )
  const left: Record<string, number> = {}
  for (const { table, column } of columns) {
    const { count } = await shop.owner.one<{ count: number }>(
      `select count(*)::int as count from ${table} t where ${column} = any ($1::uuid[])
          and not ('${table}' = 'subject' and to_jsonb(t)->>'kind' = 'former')
          and not ('${table}' = 'slot' and to_jsonb(t)->>'compartment' = 'trail')`,
      [ids],
    )
    if (count > 0) left[`${table}.${column}`] = count
  }
  return left
}

describe('a customer who leaves while others are at work on them', () => {
  it('leaves no row and no token behind, in whatever order it happens', async () => {
    const orders = new Map<string, number>()
    for (let done = 0; done < customers; done += atOnce) {
      const leaving = await Promise.all(Array.from({ length: atOnce }, newLeaving))
      const ends = await Promise.all(leaving.map(interleave))
      for (const order of ends) orders.set(order, (orders.get(order) ?? 0) + 1)
      await shop.work()
      expect({ seed, left: await leftOf(leaving.map(one => one.id)) }).toEqual({ seed, left: {} })
    }
    const many = [...orders.values()].reduce((sum, count) => sum + count, 0)
    console.log(`${many} interleavings, ${orders.size} distinct orders and outcomes, seed ${seed}`)
    expect([...orders.keys()].filter(order => !order.includes('withdrawal done'))).toEqual([])
    // Some came before the withdrawal and some after it: otherwise nothing was tried.
    for (const name of ['import', 'mail', 'edit']) {
      const before = (order: string) => order.indexOf(name) < order.indexOf('withdrawal')
      expect(new Set([...orders.keys()].map(before)).size).toBe(2)
    }
  }, 3_600_000)
})
