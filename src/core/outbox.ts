import type { Change, EntryBody, Floor } from '../keeper/client.ts'
import { KeeperRefusal, organisationTrail } from '../keeper/client.ts'
import type { Queryable, Tx } from './database.ts'
import type { House } from './house.ts'
import { newId } from './ids.ts'
import { Refusal } from './refusal.ts'

/** What an act says of itself in the log: codes, ids and field names, never a value. */
export interface Noted extends Omit<EntryBody, 'act' | 'subject'> {
  /** Joins the entries of one act in several trails; a new one unless told. */
  act?: string
}

/** Notes an entry about a subject (or null: the organisation) in the transaction of the change itself. */
export type Note = (subject: string | null, noted: Noted, floors?: Floor[]) => Promise<void>

interface Row {
  id: string
  number: number
  trail: number
  body: { entry: EntryBody; floors: Floor[] }
}

/**
 * Runs a change and has its entries in the log before it resolves: each is written as an outbox row in the change's
 * own transaction, so no committed change stays without an entry (a row left by a crash is drained at start), and no
 * entry exists of a change that rolled back. Throws what `act` throws; `unavailable` when the keeper cannot be
 * reached: the change is then committed and its entry follows later, so the caller must not repeat it.
 */
export async function change<T>(house: House, act: (tx: Tx, note: Note) => Promise<T>): Promise<T> {
  const { result, rows } = await house.database.transaction(async tx => {
    const rows: Row[] = []
    const result = await act(tx, async (subject, noted, floors) => {
      rows.push(await write(tx, house, subject, noted, floors ?? []))
    })
    return { result, rows }
  })
  await deliver(house, rows)
  return result
}

/** For an act that changes nothing in the database, such as a refusal worth an entry. */
export async function noteOnly(house: House, subject: string | null, noted: Noted): Promise<void> {
  await change(house, async (_tx, note) => note(subject, noted))
}

async function write(
  tx: Tx,
  house: House,
  subject: string | null,
  noted: Noted,
  floors: Floor[],
): Promise<Row> {
  // The row lock of the update puts one subject's changes in their commit order.
  const owner =
    subject === null
      ? { last_change: 0, trail: organisationTrail, alias: 'organisation' }
      : await tx.one<{ last_change: number; trail: number; alias: string }>(
          'update subject set last_change = last_change + 1 where id = $1 returning last_change, trail, alias',
          [subject],
        )
  const entry: EntryBody = { ...noted, act: noted.act ?? newId(), subject: owner.alias }
  const row = { id: newId(), number: owner.last_change, trail: owner.trail, body: { entry, floors } }
  await tx.query('insert into outbox (id, subject, number, body, written_at) values ($1, $2, $3, $4, $5)', [
    row.id,
    subject,
    row.number,
    JSON.stringify(row.body),
    house.clock.now(),
  ])
  return row
}

const asChange = (row: Row): Change => ({
  id: row.id,
  number: row.number,
  trailSlot: row.trail,
  body: row.body.entry,
  floors: row.body.floors,
})

async function deliver(house: House, rows: Row[]): Promise<void> {
  if (rows.length === 0) return
  try {
    await append(house, rows)
  } catch (error) {
    if (!(error instanceof KeeperRefusal)) throw error
    // An earlier change of the same subject is still on its way, or somebody is gone: send what waits, in order.
    if (error.code === 'change_gap' || error.code === 'gone') return await drain(house)
    throw new Refusal('unavailable', { cause: error, why: 'the entry waits in the outbox' })
  }
}

async function append(house: House, rows: Row[]): Promise<void> {
  await house.keeper.append(rows.map(asChange))
  await house.database.query('delete from outbox where id = any($1)', [rows.map(row => row.id)])
}

/**
 * Takes into the log every outbox row that a crash or a busy moment left behind, oldest number first within each
 * subject. Safe to run at any time and in several processes: the keeper answers an id it has seen with its old index.
 */
export async function drain(house: House): Promise<void> {
  for (;;) {
    const rows = await waiting(house.database)
    if (rows.length === 0) return
    await append(house, rows).catch(error => dropGone(house, rows, error))
  }
}

/** An entry for a trail that was shredded meanwhile can be sealed by nobody, and must hold up nobody else's. */
async function dropGone(house: House, rows: Row[], error: unknown): Promise<void> {
  const gone = error instanceof KeeperRefusal && error.code === 'gone' ? rows[error.at ?? -1] : undefined
  if (gone === undefined) throw error
  await house.database.query('delete from outbox where id = $1', [gone.id])
}

const waiting = (database: Queryable) =>
  database.query<Row>(
    `select o.id, o.number, coalesce(s.trail, $1::bigint) as trail, o.body
       from outbox o left join subject s on s.id = o.subject
      order by o.subject, o.number limit 100`,
    [organisationTrail],
  )
