import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newAlias, newId } from '../core/ids.ts'

export interface Subject {
  id: string
  alias: string
  trail: number
  /** Slot numbers by compartment, `trail` among them. */
  slots: Record<string, number>
}

type Kind = 'customer' | 'applicant' | 'employee' | 'document'

/**
 * Makes a person known by a bare id and gives each of the compartments a slot. PostgreSQL refuses the commit when a
 * compartment other than `trail` is covered by no consent and no declared basis (`is_covered`).
 */
export async function makeSubject(
  tx: Tx,
  house: House,
  kind: Kind,
  compartments: readonly string[],
): Promise<Subject> {
  const [subject] = await makeSubjects(tx, house, kind, [compartments])
  return subject!
}

/** Makes many people, each with slots of their own for these compartments; promises what `makeSubject` does. */
export async function makeSubjects(
  tx: Tx,
  house: House,
  kind: Kind,
  compartments: readonly (readonly string[])[],
): Promise<Subject[]> {
  const numbers = await house.slots.take(compartments.reduce((sum, of) => sum + of.length + 1, 0))
  const people = compartments.map(of => {
    const slots = Object.fromEntries([...of, 'trail'].map(compartment => [compartment, numbers.pop()!]))
    return { id: newId(), trail: slots.trail!, slots }
  })
  const aliases = await writeSubjects(tx, house, kind, people)
  await writeSlots(tx, people)
  return people.map(one => ({ ...one, alias: aliases.get(one.id)! }))
}

/** An alias is short, so that it can be said aloud: among very many people one that is drawn may be somebody's already. */
async function writeSubjects(
  tx: Tx,
  house: House,
  kind: Kind,
  people: readonly { id: string; trail: number }[],
): Promise<Map<string, string>> {
  const aliases = new Map<string, string>()
  for (let missing = people; missing.length > 0; missing = missing.filter(({ id }) => !aliases.has(id))) {
    const written = await tx.query<{ id: string; alias: string }>(
      `insert into subject (id, kind, alias, trail, made_at)
       select i, $1, a, t, $2 from unnest($3::uuid[], $4::text[], $5::bigint[]) as u (i, a, t)
       on conflict (alias) do nothing returning id, alias`,
      [
        ...[kind, house.clock.now(), missing.map(one => one.id)],
        ...[missing.map(() => newAlias()), missing.map(one => one.trail)],
      ],
    )
    for (const { id, alias } of written) aliases.set(id, alias)
  }
  return aliases
}

/**
 * Gives somebody a slot for each of these compartments that they hold none for yet. PostgreSQL refuses the commit as it
 * does in `makeSubject`.
 */
export async function addSlots(
  tx: Tx,
  house: House,
  subject: string,
  compartments: readonly string[],
): Promise<void> {
  const held = await tx.query<{ compartment: string }>('select compartment from slot where subject = $1', [
    subject,
  ])
  const missing = compartments.filter(one => !held.some(slot => slot.compartment === one))
  if (missing.length === 0) return
  const numbers = await house.slots.take(missing.length)
  const slots = Object.fromEntries(missing.map((compartment, at) => [compartment, numbers[at]!]))
  await writeSlots(tx, [{ id: subject, slots }])
}

function writeSlots(tx: Tx, people: readonly { id: string; slots: Record<string, number> }[]) {
  const rows = people.flatMap(({ id, slots }) =>
    Object.entries(slots).map(([compartment, number]) => ({ id, compartment, number })),
  )
  return tx.query(
    `insert into slot (subject, compartment, number) select * from unnest($1::uuid[], $2::text[], $3::bigint[])`,
    [rows.map(row => row.id), rows.map(row => row.compartment), rows.map(row => row.number)],
  )
}
