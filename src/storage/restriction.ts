import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'

/** Which of this person's fields are restricted, sorted: no task but one that corrects them opens these (GDPR 18). */
export async function restrictedFields(database: Queryable, subject: string): Promise<string[]> {
  const rows = await database.query<{ field: string }>(
    'select field from restriction where subject = $1 order by field',
    [subject],
  )
  return rows.map(row => row.field)
}

/**
 * Restricts fields, each once. PostgreSQL refuses it while a grant of a task opens one of them, so the caller ends those
 * first (`endGrantsOpening`), holding the person's row.
 */
export async function restrict(
  tx: Tx,
  house: House,
  subject: string,
  codes: readonly string[],
): Promise<void> {
  await tx.query(
    `insert into restriction (subject, compartment, slot, field, since)
     select s.subject, s.compartment, s.number, f.code, $3
       from field f join slot s on s.compartment = f.compartment and s.subject = $1
      where f.code = any ($2) on conflict (subject, field) do nothing`,
    [subject, codes, house.clock.now()],
  )
}

/** What is settled, or given anew, or gone, is restricted no longer. */
export async function lift(tx: Tx, subject: string, codes: readonly string[]): Promise<void> {
  await tx.query('delete from restriction where subject = $1 and field = any ($2)', [subject, codes])
}
