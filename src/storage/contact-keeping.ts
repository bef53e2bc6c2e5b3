import { customerCompartments, makeCustomers } from '../collection/customer.ts'
import { compartmentsOfAny } from '../collection/field.ts'
import { giveImportedConsents } from '../collection/imported-consent.ts'
import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { addAddresses } from '../identity/address.ts'
import type { ContactLine } from './contact-line.ts'
import { keepAll } from './keeping.ts'
import type { Values } from './record.ts'

/** Somebody who is about to be kept. */
export interface NewContact {
  reference: string
  token: Buffer
  line: ContactLine
}

/**
 * Makes customers of level 0 from lines that nobody is held under, many in one transaction: each with slots, consents over
 * what the evidence names, sealed values, address and reference. Refuses what `keep` and `addAddress` refuse, and
 * PostgreSQL refuses the commit of a slot that no consent covers, as it does for one customer. Returns their ids in the
 * order given. The caller notes the entries.
 */
export async function keepContacts(
  tx: Tx,
  house: House,
  source: string,
  contacts: readonly NewContact[],
): Promise<string[]> {
  if (contacts.length === 0) return []
  const customers = await makeCustomers(tx, house, 0, await compartmentsOfEach(tx, contacts))
  const people = contacts.map((contact, at) => ({ ...contact, ...customers[at]! }))
  const consents = people.map(({ id, line }) => ({
    ...{ subject: id, purposes: line.purposes, givenAt: line.agreedAt, source: line.proof },
    // Only fields that the line brings: an agreement is not stretched to what nobody gave.
    named: line.named.filter(code => Object.hasOwn(line.values, code)),
  }))
  const named = await giveImportedConsents(tx, house, consents)
  const keepings = people.map(({ id, line }) => ({
    ...{ subject: id, row: id, version: 1, basis: { fields: named.get(id) ?? [] } },
    values: valuesOf(line, house.clock.now()),
  }))
  await keepAll(tx, house, keepings)
  const addresses = people.map(({ id, token, slots }) => ({
    ...{ subject: id, token, compartment: 'contact', slot: slots.contact! },
  }))
  await addAddresses(tx, 'email', addresses)
  await tx.query(
    `insert into customer_reference (source, reference, subject, slot)
     select $1, * from unnest($2::text[], $3::uuid[], $4::bigint[])`,
    [
      ...[source, people.map(one => one.reference), people.map(one => one.id)],
      people.map(one => one.slots.identity!),
    ],
  )
  return people.map(({ id }) => id)
}

async function compartmentsOfEach(tx: Tx, contacts: readonly NewContact[]): Promise<string[][]> {
  const codes = [...new Set(contacts.flatMap(({ line }) => Object.keys(line.values)))]
  const compartments = await compartmentsOfAny(tx, codes)
  return contacts.map(({ line }) => {
    const brought = Object.keys(line.values).map(code => compartments.get(code)!)
    return [...new Set([...customerCompartments, ...brought])]
  })
}

function valuesOf({ values }: ContactLine, now: Date): Values {
  const given = { source: 'import' as const, at: now.toISOString() }
  return Object.fromEntries(Object.entries(values).map(([code, value]) => [code, { value, ...given }]))
}
