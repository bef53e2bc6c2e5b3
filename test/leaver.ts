import type { Queryable } from '../src/core/database.ts'
import { type Joiner, purchasesOfAna, sell } from '../src/supervisor/demo-company.ts'
import type { TestHouse } from './house.ts'
import type { CustomerInWorld, World } from './world.ts'

/** A customer with something in every compartment, as somebody who may leave has. */
export interface Leaver extends CustomerInWorld {
  /** The task of the question they asked. */
  task: string
  /** Slot numbers by compartment. */
  slots: Record<string, number>
}

let sold = 0

/** Joins, buys something and asks about a delivery. */
export async function newLeaver(house: TestHouse, world: World, person?: Partial<Joiner>): Promise<Leaver> {
  const customer = await world.join(person)
  const invoices = purchasesOfAna.map(one => ({ ...one, invoice: `L-${++sold}` }))
  await sell(house.house, customer.id, invoices)
  const asked = await house.app.inject({
    method: 'POST',
    url: '/api/v1/portal/questions',
    cookies: customer.cookies,
    payload: { type: 'delivery_question', text: `Where is my parcel? I am ${customer.name}` },
  })
  if (asked.statusCode !== 201) throw new Error(`the question was refused with ${asked.statusCode}`)
  return {
    ...customer,
    task: asked.json<{ id: string }>().id,
    slots: await slotsOf(house.owner, customer.id),
  }
}

export async function slotsOf(owner: Queryable, subject: string): Promise<Record<string, number>> {
  const rows = await owner.query<{ compartment: string; number: number }>(
    'select compartment, number from slot where subject = $1',
    [subject],
  )
  return Object.fromEntries(rows.map(row => [row.compartment, row.number]))
}

/** The names of all tables: the company's own, and those of the jobs with their schema. */
export async function tablesOf(owner: Queryable): Promise<string[]> {
  const rows = await owner.query<{ name: string }>(
    `select case table_schema when 'public' then table_name else table_schema || '.' || table_name end as name
       from information_schema.tables
      where table_schema in ('public', 'graphile_worker') and table_type = 'BASE TABLE' order by 1`,
  )
  return rows.map(row => row.name)
}

/** In how many rows of which table a text appears, wherever in the row. */
export async function rowsWith(owner: Queryable, text: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {}
  for (const table of await tablesOf(owner)) {
    const { count } = await owner.one<{ count: number }>(
      `select count(*)::int as count from ${table} t where position(lower($1) in lower(t::text)) > 0`,
      [text],
    )
    if (count > 0) found[table] = count
  }
  return found
}

/** Every row that hangs on one of these subjects, as text: to compare what must not have changed. */
export async function picture(owner: Queryable, subject: string): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {}
  for (const table of await tablesOf(owner)) {
    const rows = await owner.query<{ row: string }>(
      `select t::text as row from ${table} t where position($1 in t::text) > 0 order by 1`,
      [subject],
    )
    if (rows.length > 0) all[table] = rows.map(one => one.row)
  }
  return all
}
