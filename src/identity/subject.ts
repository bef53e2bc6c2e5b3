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
  const all = [...compartments, 'trail']
  const numbers = await house.slots.take(all.length)
  const slots = Object.fromEntries(all.map((compartment, at) => [compartment, numbers[at]!]))
  const subject = { id: newId(), alias: newAlias(), trail: slots.trail!, slots }
  await tx.query('insert into subject (id, kind, alias, trail, made_at) values ($1, $2, $3, $4, $5)', [
    subject.id,
    kind,
    subject.alias,
    subject.trail,
    house.clock.now(),
  ])
  await tx.query(
    'insert into slot (subject, compartment, number) select $1, * from unnest($2::text[], $3::bigint[])',
    [subject.id, all, numbers],
  )
  return subject
}
