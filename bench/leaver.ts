import { giveConsent } from '../src/collection/consent.ts'
import { makeCustomer } from '../src/collection/customer.ts'
import { newId } from '../src/core/ids.ts'
import { keepPurchases } from '../src/crm/purchase.ts'
import { addAddress, addressToken } from '../src/identity/address.ts'
import { keep } from '../src/storage/keeping.ts'
import type { BenchHouse } from './bench-house.ts'

/** A customer with so many rows in boxes, purchases and references, and their address in the index. */
export interface Leaver {
  id: string
  alias: string
  trail: number
  slots: number[]
  identity: number
  box: Buffer
}

const atOnce = 2000
const line = (at: number) => ({
  ...{ code: `CER-${at}`, description: 'Ciotola in ceramica blu', quantity: 2 },
  unit_price: { amount: 2450, currency: 'EUR', exponent: 2 },
})

let sold = 0

/** Joins, and gets as many rows as told, a third of them in each of three tables, as the import would bring them. */
export async function makeLeaver({ house, owner }: BenchHouse, rows: number): Promise<Leaver> {
  const given = { source: 'import' as const, at: new Date(0).toISOString() }
  const email = `${newId()}@example.org`
  const token = await addressToken(house, 'email', email)
  const { subject, consent } = await house.database.transaction(async tx => {
    const subject = await makeCustomer(tx, house, 0)
    const evidence = { evidence: 'import' as const, source: 'bench', givenAt: new Date(0) }
    const consent = await giveConsent(tx, house, subject.id, 'service', evidence)
    const values = { name: { value: 'Ana Prova', ...given }, email: { value: email, ...given } }
    await keep(tx, house, consent, subject.id, subject.id, values)
    const at = { subject: subject.id, compartment: 'contact', slot: subject.slots.contact! }
    await addAddress(tx, 'email', token, at)
    return { subject, consent }
  })
  const third = Math.floor(rows / 3)
  for (let done = 0; done < third; done += atOnce) {
    const purchases = Array.from({ length: Math.min(atOnce, third - done) }, () => ({
      ...{ source: 'bench', invoice: `B-${++sold}`, madeAt: new Date(0), lines: [line(sold)] },
    }))
    await house.database.transaction(tx => keepPurchases(tx, house, consent, subject.id, purchases, 'import'))
  }
  await owner.query(
    `insert into customer_reference (source, reference, subject, slot)
     select 'bench', $1 || '-' || n, $2, $3 from generate_series(1, $4::int) as n`,
    [newId().slice(0, 8), subject.id, subject.slots.identity, rows - 2 * third],
  )
  const { bytes } = await owner.one<{ bytes: Buffer }>(
    `select bytes from box where subject = $1 and compartment = 'identity'`,
    [subject.id],
  )
  const { id, alias, trail, slots } = subject
  const all = Object.entries(slots).flatMap(([name, slot]) => (name === 'trail' ? [] : [slot]))
  return { id, alias, trail, slots: all, identity: slots.identity!, box: bytes }
}

/** The same customer as a plain database keeps one: the values themselves, in tables that hang on the person. */
export async function makePlainLeaver({ owner }: BenchHouse, prefix: string, rows: number): Promise<string> {
  const id = newId()
  const third = Math.floor(rows / 3)
  await owner.query(`insert into ${prefix}_person values ($1, 'Ana Prova', $2, '+390612345678')`, [
    id,
    `${id}@example.org`,
  ])
  await owner.query(`insert into ${prefix}_token values (sha256(convert_to($1::text, 'UTF8')), $1::uuid)`, [
    id,
  ])
  await owner.query(
    `insert into ${prefix}_purchase select gen_random_uuid(), $1, 'bench', n, now() from generate_series(1, $2::int) n`,
    [id, third],
  )
  await owner.query(
    `insert into ${prefix}_line
     select gen_random_uuid(), $1, jsonb_build_object('code', n, 'description', 'Ciotola in ceramica blu', 'quantity', 2,
              'unit_price', jsonb_build_object('amount', 2450, 'currency', 'EUR', 'exponent', 2))
       from generate_series(1, $2::int) n`,
    [id, third],
  )
  await owner.query(
    `insert into ${prefix}_reference select gen_random_uuid(), $1, n from generate_series(1, $2::int) n`,
    [id, rows - 2 * third],
  )
  return id
}

export const plainTables = ['token', 'purchase', 'line', 'reference'] as const

/** Plain tables of their own for each contender, so that neither meets what the other left behind. */
export async function makePlainTables({ owner }: BenchHouse, prefix: string): Promise<void> {
  const person = `person uuid not null references ${prefix}_person on delete cascade`
  await owner.query(`create table ${prefix}_person (id uuid primary key, name text, email text, phone text)`)
  await owner.query(`create table ${prefix}_token (token bytea primary key, ${person})`)
  await owner.query(
    `create table ${prefix}_purchase (id uuid primary key, ${person}, source text, invoice text, made_at timestamptz)`,
  )
  await owner.query(`create table ${prefix}_line (id uuid primary key, ${person}, value jsonb)`)
  await owner.query(`create table ${prefix}_reference (id uuid primary key, ${person}, reference text)`)
  for (const table of plainTables) await owner.query(`create index on ${prefix}_${table} (person)`)
}
