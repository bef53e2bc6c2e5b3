import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import type { Note } from '../core/outbox.ts'

/** Whether a request says by Global Privacy Control that its person wants no advertising, nor their data handed on for it. */
export const saysNo = ({ headers }: { headers: Record<string, unknown> }): boolean =>
  headers['sec-gpc'] === '1'

/** When this customer's browser said so first, or null. */
export async function signalHeardAt(database: Queryable, subject: string): Promise<Date | null> {
  const row = await database.maybe<{ heard_at: Date }>(
    'select heard_at from privacy_signal where subject = $1',
    [subject],
  )
  return row?.heard_at ?? null
}

/**
 * Takes up what a customer's browser says, and notes it in their trail, once. From then on an advertising purpose is not
 * agreed to but in spite of it, and an older agreement to one is no basis any more. Answers whether it is new. Must
 * never be called about somebody who is no customer: of a visitor nothing is kept.
 */
export async function takeUpSignal(tx: Tx, house: House, note: Note, subject: string): Promise<boolean> {
  // A consent that is being written comes first or finds the signal.
  await tx.one('select 1 from subject where id = $1 for update', [subject])
  const heard = await tx.query(
    `insert into privacy_signal (subject, heard_at) select id, $2 from customer where id = $1
     on conflict do nothing returning subject`,
    [subject, house.clock.now()],
  )
  if (heard.length === 0) return false
  await note(subject, {
    ...{ kind: 'privacy.signal', actor: 'customer', result: 'done' },
    detail: { signal: 'gpc' },
  })
  return true
}
