import type { Queryable } from '../core/database.ts'
import type { House } from '../core/house.ts'
import type { SearchReply, SearchTerm } from '../keeper/client.ts'
import { findOwnBoxes, type Key } from './record.ts'

/** What somebody is looked for by. A number is that of the company's own books. */
export type Sought = Exclude<SearchTerm, { by: 'number' }> | { by: 'number'; number: string }

/** A masked card: what helps to recognise a customer, and nothing else. */
export interface Recognised {
  subject: string
  shown: { name?: string; email?: string; phone?: string }
}

/** What a search rests on: a value that its customer keeps to themselves finds nobody. */
const neededFor: Readonly<Record<Sought['by'], readonly string[]>> = {
  email: ['email'],
  phone: ['phone'],
  person: ['name', 'birth_date'],
  number: [],
}

/** As many as the keeper tells of. */
const mostFound = 20

/**
 * Customers whom a term finds, masked, at most twenty; null while not everybody is in the keeper's index. The keeper has
 * entered the search with each of them before it answers. Asks the database and the keeper equally often whether anybody is
 * found or not. Throws the keeper's refusals.
 */
export async function search(
  house: House,
  key: Key,
  sought: Sought,
  purpose: string,
): Promise<{ found: Recognised[]; more: boolean } | null> {
  const reply = await house.keeper.search(key, await termOf(house.database, sought))
  if (!reply.whole) return null
  return { found: await stillAgreed(house.database, sought, purpose, reply), more: reply.more }
}

async function termOf(database: Queryable, sought: Sought): Promise<SearchTerm> {
  if (sought.by !== 'number') return sought
  const rows = await database.query<{ subject: string }>(
    `select distinct coalesce(m.stays, r.subject) as subject
       from customer_reference r left join merge m on m.rests = r.subject
      where r.reference = $1 order by subject limit ${mostFound}`,
    [sought.number],
  )
  return { by: 'number', customers: rows.map(row => row.subject) }
}

/** Those whose boxes are still as they were found, with what their agreement to the purpose names. */
async function stillAgreed(
  database: Queryable,
  sought: Sought,
  purpose: string,
  { found }: SearchReply,
): Promise<Recognised[]> {
  const asked = found.flatMap(({ customer, parts }) => parts.map(part => ({ customer, part })))
  const rows = await database.query<{ at: number; fields: string[] }>(
    'select at, fields from found_boxes($1, $2, $3, $4, $5)',
    [
      ...[asked.map(one => one.customer), asked.map(one => one.part.compartment)],
      ...[asked.map(one => one.part.version), asked.map(one => one.part.slot), purpose],
    ],
  )
  const agreed = new Map(rows.map(({ at, fields }) => [asked[at - 1]!.part, fields]))
  return found.flatMap(({ customer: subject, parts }) => {
    const isFound = parts.some(
      part =>
        part.matched &&
        agreed.has(part) &&
        neededFor[sought.by].every(field => agreed.get(part)?.includes(field) === true),
    )
    const shown = parts.flatMap(part =>
      Object.entries(part.shown).filter(([field]) => agreed.get(part)?.includes(field) === true),
    )
    return isFound ? [{ subject, shown: Object.fromEntries(shown) as Recognised['shown'] }] : []
  })
}

/** Has the keeper hear of these people's own values, under a grant as `findOwnBoxes` takes it. Nothing comes back. */
export async function tellOf(
  house: House,
  key: Key & { id: string },
  compartments: readonly string[],
  subjects: readonly string[],
  whole: boolean,
): Promise<void> {
  const items = await findOwnBoxes(house.database, key, compartments, subjects)
  await house.keeper.hearPeople({ grant: key.grant, secret: key.secret, items, whole })
}
