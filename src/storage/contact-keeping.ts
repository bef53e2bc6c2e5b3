import { importable } from '../collection/consent.ts'
import { customerCompartments } from '../collection/customer.ts'
import { compartmentsOfAny } from '../collection/field.ts'
import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newAlias, newId } from '../core/ids.ts'
import type { SealItem } from '../keeper/client.ts'
import type { ContactLine } from './contact-line.ts'
import type { Values } from './record.ts'

/** Somebody who is about to be kept. */
export interface NewContact {
  reference: string
  token: Buffer
  line: ContactLine
}

interface Made extends NewContact {
  id: string
  alias: string
  slots: Map<string, number>
  values: Map<string, Values>
}

const mostSlots = 256
const mostSealed = 200

/**
 * Makes customers of level 0 from lines that nobody is held under, many in one transaction and each table in one
 * statement: subject, slots, consents over what their evidence names, sealed values, address and reference. PostgreSQL
 * refuses the commit of a slot that no consent covers, as it does for one customer. Returns their ids in the order
 * given. The caller notes the entries.
 */
export async function keepContacts(
  tx: Tx,
  house: House,
  source: string,
  contacts: readonly NewContact[],
): Promise<string[]> {
  if (contacts.length === 0) return []
  const made = await prepare(tx, house, contacts)
  await writePeople(tx, house, made)
  await writeConsents(tx, house, made)
  await writeBoxes(tx, house, made)
  const column = <T>(of: (one: Made) => T): T[] => made.map(of)
  await tx.query(
    `insert into address (kind, token, subject, compartment, slot)
     select 'email', t, s, 'contact', n from unnest($1::bytea[], $2::uuid[], $3::bigint[]) as u (t, s, n)`,
    [column(one => one.token), column(one => one.id), column(one => one.slots.get('contact')!)],
  )
  await tx.query(
    `insert into customer_reference (source, reference, subject, slot)
     select $1, r, s, n from unnest($2::text[], $3::uuid[], $4::bigint[]) as u (r, s, n)`,
    [
      ...[source, column(one => one.reference), column(one => one.id)],
      column(one => one.slots.get('identity')!),
    ],
  )
  return column(one => one.id)
}

async function prepare(tx: Tx, house: House, contacts: readonly NewContact[]): Promise<Made[]> {
  const codes = [...new Set(contacts.flatMap(({ line }) => Object.keys(line.values)))]
  const compartments = await compartmentsOfAny(tx, codes)
  const at = house.clock.now().toISOString()
  const sorted = contacts.map(contact => {
    const values = new Map<string, Values>()
    for (const [code, value] of Object.entries(contact.line.values)) {
      const compartment = compartments.get(code)!
      values.set(compartment, { ...values.get(compartment), [code]: { value, source: 'import', at } })
    }
    return { contact, values, held: [...new Set([...customerCompartments, ...values.keys(), 'trail'])] }
  })
  const numbers = await takeSlots(
    house,
    sorted.reduce((sum, { held }) => sum + held.length, 0),
  )
  return sorted.map(({ contact, values, held }) => {
    const slots = new Map(held.map(compartment => [compartment, numbers.pop()!]))
    return { ...contact, id: newId(), alias: newAlias(), slots, values }
  })
}

async function takeSlots(house: House, count: number): Promise<number[]> {
  const numbers: number[] = []
  while (numbers.length < count)
    numbers.push(...(await house.slots.take(Math.min(mostSlots, count - numbers.length))))
  return numbers
}

async function writePeople(tx: Tx, house: House, made: readonly Made[]): Promise<void> {
  const now = house.clock.now()
  const ids = made.map(one => one.id)
  await tx.query(
    `insert into subject (id, kind, alias, trail, made_at)
     select i, 'customer', a, n, $4 from unnest($1::uuid[], $2::text[], $3::bigint[]) as u (i, a, n)`,
    [ids, made.map(one => one.alias), made.map(one => one.slots.get('trail')!), now],
  )
  const slots = made.flatMap(one =>
    [...one.slots].map(([compartment, number]) => [one.id, compartment, number]),
  )
  await tx.query(
    `insert into slot (subject, compartment, number) select * from unnest($1::uuid[], $2::text[], $3::bigint[])`,
    [slots.map(row => row[0]), slots.map(row => row[1]), slots.map(row => row[2])],
  )
  await tx.query(
    'insert into customer (id, joined_at, level) select i, $2, 0 from unnest($1::uuid[]) as u (i)',
    [ids, now],
  )
}

/** A consent covers what `giveConsent` lets an import cover, and what the evidence of this line names besides. */
async function writeConsents(tx: Tx, house: House, made: readonly Made[]): Promise<void> {
  const rows = made.flatMap(({ id, line }) =>
    line.purposes.map(purpose => ({ id: newId(), subject: id, purpose, line })),
  )
  await tx.query(
    `with given as (
       select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::text[])
         as u (id, subject, purpose, source, given_at, named)),
     written as (
       insert into consent (id, subject, purpose, evidence, source, given_at, recorded_at)
       select id, subject, purpose, 'import', source, given_at, $7 from given returning id)
     insert into consent_field (consent, purpose, field)
     select g.id, f.purpose, f.field
       from written join given g using (id)
       join purpose_field f on f.purpose = g.purpose
      where f.field = any ($8) or f.field = any (string_to_array(g.named, ' '))`,
    [
      ...[rows.map(row => row.id), rows.map(row => row.subject), rows.map(row => row.purpose)],
      ...[rows.map(row => row.line.proof), rows.map(row => row.line.agreedAt)],
      // Only fields that the line brings: an agreement is not stretched to what nobody gave.
      rows.map(({ line }) => line.named.filter(code => Object.hasOwn(line.values, code)).join(' ')),
      ...[house.clock.now(), importable],
    ],
  )
}

async function writeBoxes(tx: Tx, house: House, made: readonly Made[]): Promise<void> {
  const items = made.flatMap(({ id, slots, values }) =>
    [...values].map(
      ([compartment, group]): SealItem => ({
        ...{ customer: id, compartment, row: id, version: 1, values: group },
        ...{ slot: slots.get(compartment)!, trailSlot: slots.get('trail')! },
      }),
    ),
  )
  for (let at = 0; at < items.length; at += mostSealed) {
    const part = items.slice(at, at + mostSealed)
    const boxes = await house.keeper.seal(part)
    await tx.query(
      `insert into box (subject, compartment, row, version, slot, bytes)
       select s, c, s, 1, n, b from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bytea[]) as u (s, c, n, b)`,
      [
        ...[part.map(item => item.customer), part.map(item => item.compartment)],
        ...[part.map(item => item.slot), boxes],
      ],
    )
  }
}
