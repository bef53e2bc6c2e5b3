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

/**
 * Makes a person known by a bare id and gives each of the compartments a slot. PostgreSQL refuses the commit when a
 * compartment other than `trail` is covered by no consent and no declared basis (`is_covered`).
 */
export async function makeSubject(
  tx: Tx,
  house: House,
  kind: 'customer' | 'applicant' | 'employee',
  compartments: string[],
): Promise<Subject> {
  const slots = await newSlots(house, [...compartments, 'trail'])
  const subject = { id: newId(), trail: slots.trail!, slots }
  const alias = await writeSubject(tx, house, kind, subject)
  await writeSlots(tx, subject.id, slots)
  return { ...subject, alias }
}

/** An alias is short, so that it can be said aloud: among very many people one that is drawn may be somebody's already. */
async function writeSubject(
  tx: Tx,
  house: House,
  kind: string,
  { id, trail }: { id: string; trail: number },
): Promise<string> {
  for (;;) {
    const alias = newAlias()
    const written = await tx.query(
      `insert into subject (id, kind, alias, trail, made_at) values ($1, $2, $3, $4, $5)
       on conflict (alias) do nothing returning id`,
      [id, kind, alias, trail, house.clock.now()],
    )
    if (written.length > 0) return alias
  }
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
  if (missing.length > 0) await writeSlots(tx, subject, await newSlots(house, missing))
}

async function newSlots(house: House, compartments: readonly string[]): Promise<Record<string, number>> {
  const numbers = await house.slots.take(compartments.length)
  return Object.fromEntries(compartments.map((compartment, at) => [compartment, numbers[at]!]))
}

const writeSlots = (tx: Tx, subject: string, slots: Record<string, number>) =>
  tx.query(
    'insert into slot (subject, compartment, number) select $1, * from unnest($2::text[], $3::bigint[])',
    [subject, Object.keys(slots), Object.values(slots)],
  )
