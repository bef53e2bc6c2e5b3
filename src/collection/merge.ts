import type { Queryable } from '../core/database.ts'

/** Two records of one person that count as one: the one that stays, and the one that rests until it is erased. */
export interface Merge {
  id: string
  stays: string
  rests: string
  at: Date
  /** Until then it can be undone; then the record that rests is erased. */
  until: Date
  /** From then on it cannot be undone any more, and its end is a matter of moments. */
  completed_at: Date | null
}

/** For how many days a merge can be undone. */
export const mergeDays = 30

const shape = 'select id, stays, rests, at, until, completed_at from merge'

/** The merge in which this record stays, or null. */
export const findMerge = (database: Queryable, stays: string): Promise<Merge | null> =>
  database.maybe<Merge>(`${shape} where stays = $1`, [stays])

/** The record that counts for this one: the one that stays where this one rests, and else itself. */
export async function countingRecord(database: Queryable, subject: string): Promise<string> {
  const row = await database.maybe<{ stays: string }>('select stays from merge where rests = $1', [subject])
  return row?.stays ?? subject
}

/** The same of many at once: only those that rest, each with the record that counts. */
export async function countingRecords(
  database: Queryable,
  subjects: readonly string[],
): Promise<Map<string, string>> {
  const rows = await database.query<{ rests: string; stays: string }>(
    'select rests, stays from merge where rests = any ($1)',
    [subjects],
  )
  return new Map(rows.map(({ rests, stays }) => [rests, stays]))
}

/**
 * Whether an agreement of the record that stays must not be used as long as the merge is not undone, because the person said no
 * in the other record: they took it back there, or it is about advertising and that record does not agree to it, or its browser
 * said no. What they agree to after the merge, they agree to as the one person they are.
 */
export async function restsByMerge(
  database: Queryable,
  { subject, purpose, given_at }: { subject: string; purpose: string; given_at: Date },
): Promise<boolean> {
  const row = await database.maybe(
    `select 1
       from merge m join purpose p on p.code = $2
      where m.stays = $1 and $3 <= m.at and not p.needed
        and not exists (select 1 from consent c
                         where c.subject = m.rests and c.purpose = p.code
                           and not exists (select 1 from consent_withdrawal w where w.consent = c.id)
                           and (not p.advertising or c.despite_signal
                                or not exists (select 1 from privacy_signal v where v.subject = m.rests)))
        and (p.advertising
             or exists (select 1 from consent c join consent_withdrawal w on w.consent = c.id
                         where c.subject = m.rests and c.purpose = p.code))`,
    [subject, purpose, given_at],
  )
  return row !== null
}
