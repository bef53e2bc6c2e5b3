import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { makeSubjects, type Subject } from '../identity/subject.ts'

/**
 * How well we know who the customer is: 0 asserted (brought by an import), 1 a channel of theirs is verified, 2 two
 * employees have seen a document or an outside provider knows them, 3 a strong provider does.
 */
export type Level = 0 | 1 | 2 | 3

/** What a customer's values are sealed in, besides the trail. */
export const customerCompartments = ['identity', 'contact', 'purchases', 'messages'] as const

export interface Customer {
  id: string
  alias: string
  trail: number
  joined_at: Date
  level: Level
}

/**
 * Makes a customer: a bare id with one slot per compartment, and nothing else. The consents that cover the slots must
 * be written in the same transaction, or PostgreSQL refuses its commit.
 */
export async function makeCustomer(
  tx: Tx,
  house: House,
  level: Level,
  compartments: readonly string[] = customerCompartments,
): Promise<Subject> {
  const [customer] = await makeCustomers(tx, house, level, [compartments])
  return customer!
}

/** Makes many customers, each with slots for these compartments; promises and asks what `makeCustomer` does. */
export async function makeCustomers(
  tx: Tx,
  house: House,
  level: Level,
  compartments: readonly (readonly string[])[],
): Promise<Subject[]> {
  const customers = await makeSubjects(tx, house, 'customer', compartments)
  await tx.query(
    'insert into customer (id, joined_at, level) select i, $2, $3 from unnest($1::uuid[]) as u (i)',
    [customers.map(({ id }) => id), house.clock.now(), level],
  )
  return customers
}

const shape = `
  select c.id, s.alias, s.trail, c.joined_at, c.level
    from customer c join subject s on s.id = c.id`

/** A customer by id, or null: whoever has withdrawn is none, and a record that rests is none of its own. */
export function findCustomer(database: Queryable, id: string): Promise<Customer | null> {
  return database.maybe<Customer>(`${shape} where c.id = $1 and c.kind = 'customer'`, [id])
}

/** A record that rests, by id, or null: to be shown to whom it belongs, and to nobody else. */
export function findResting(database: Queryable, id: string): Promise<Customer | null> {
  return database.maybe<Customer>(`${shape} where c.id = $1 and c.kind = 'resting'`, [id])
}

/** What was proved was proved of another name: of this one only that the address is theirs. */
export async function lowerLevel(tx: Tx, id: string): Promise<void> {
  await tx.query('update customer set level = 1 where id = $1 and level > 1', [id])
}

/** Notes how surely the customer's identity is proven now; never lowers it (`lowerLevel` does). */
export async function raiseLevel(tx: Tx, id: string, level: Level): Promise<void> {
  await tx.query('update customer set level = $2 where id = $1 and level < $2', [id, level])
}
