import type { Change, EntryBody, Floor } from '../keeper/client.ts'
import { KeeperRefusal, organisationTrail } from '../keeper/client.ts'
import type { Queryable, Tx } from './database.ts'
import type { ChangeKind } from './entry-kinds.ts'
import type { House } from './house.ts'
import { newId } from './ids.ts'
import { Refusal } from './refusal.ts'

/** What an act says of itself in the log: codes, ids and field names, never a value. */
export interface Noted extends Omit<EntryBody, 'act' | 'subject' | 'kind'> {
  kind: ChangeKind
  /** Joins the entries of one act in several trails; a new one unless told. */
  act?: string
}

/** Notes an entry about a subject (or null: the organisation) in the transaction of the change itself. */
export type Note = (subject: string | null, noted: Noted, floors?: Floor[]) => Promise<void>

/** Notes an entry about each of many subjects, no subject twice, in two statements. */
export type NoteAll = (
  entries: readonly { subject: string; noted: Noted; floors?: Floor[] }[],
) => Promise<void>

interface Row {
  id: string
  /** Whose order the row keeps: its subject's, and each of the organisation's rows its own. */
  line: string
  number: number
  trail: number
  body: { entry: EntryBody; floors: Floor[] }
}

/**
 * Runs a change and has its entries in the log before it resolves: each is written as an outbox row in the change's
 * own transaction, so no committed change stays without an entry (a row left by a crash is drained at start), and no
 * entry exists of a change that rolled back. Throws what `act` throws; `unavailable` when the keeper cannot be
 * reached or refuses the entry: the change is then committed and its entry waits, so the caller must not repeat it.
 */
export async function change<T>(
  house: House,
  act: (tx: Tx, note: Note, noteAll: NoteAll) => Promise<T>,
): Promise<T> {
  const { result, rows } = await house.database.transaction(async tx => {
    const rows: Row[] = []
    const result = await act(
      tx,
      async (subject, noted, floors) => {
        rows.push(await write(tx, house, subject, noted, floors ?? []))
      },
      async entries => {
        rows.push(...(await writeAll(tx, house, entries)))
      },
    )
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
  const id = newId()
  const row = {
    ...{ id, line: subject ?? id, number: owner.last_change, trail: owner.trail },
    body: { entry, floors },
  }
  await tx.query('insert into outbox (id, subject, number, body, written_at) values ($1, $2, $3, $4, $5)', [
    row.id,
    subject,
    row.number,
    JSON.stringify(row.body),
    house.clock.now(),
  ])
  return row
}

async function writeAll(tx: Tx, house: House, entries: Parameters<NoteAll>[0]): Promise<Row[]> {
  if (entries.length === 0) return []
  const owners = await tx.query<{ id: string; last_change: number; trail: number; alias: string }>(
    `update subject set last_change = last_change + 1 where id = any ($1)
     returning id, last_change, trail, alias`,
    [entries.map(({ subject }) => subject)],
  )
  const owned = new Map(owners.map(owner => [owner.id, owner]))
  const rows = entries.map(({ subject, noted, floors = [] }): Row => {
    const owner = owned.get(subject)
    if (owner === undefined) throw new Error('an entry about nobody')
    const entry: EntryBody = { ...noted, act: noted.act ?? newId(), subject: owner.alias }
    const { last_change: number, trail } = owner
    return { id: newId(), line: subject, number, trail, body: { entry, floors } }
  })
  await tx.query(
    `insert into outbox (id, subject, number, body, written_at)
     select i, s, n, b, $5 from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::jsonb[]) as u (i, s, n, b)`,
    [
      ...[rows.map(row => row.id), rows.map(row => row.line), rows.map(row => row.number)],
      ...[rows.map(row => JSON.stringify(row.body)), house.clock.now()],
    ],
  )
  return rows
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
  if ((await refusalOf(house, rows)) === null) return
  // An earlier change of the same subject is still on its way, or somebody is gone: send what waits for these, in order.
  const [cause] = (await drainLines(house, [...new Set(rows.map(row => row.line))])).values()
  if (cause !== undefined) throw new Refusal('unavailable', { cause, why: 'the entry waits in the outbox' })
}

/** Whether a change was committed and only its own entry is refused: nobody else's change would fare like this one. */
export const isStuck = (error: unknown): boolean =>
  error instanceof Refusal && error.cause instanceof KeeperRefusal && error.cause.code !== 'unavailable'

/** Appends rows, all or none, and removes them here. Answers with the keeper's refusal; throws when it is not there. */
async function refusalOf(house: House, rows: Row[]): Promise<KeeperRefusal | null> {
  try {
    await house.keeper.append(rows.map(asChange))
  } catch (error) {
    if (!(error instanceof KeeperRefusal)) throw error
    if (error.code !== 'unavailable') return error
    throw new Refusal('unavailable', { cause: error, why: 'the entry waits in the outbox' })
  }
  await remove(house, rows)
  return null
}

const remove = (house: House, rows: Row[]) =>
  house.database.query('delete from outbox where id = any($1)', [rows.map(row => row.id)])

/** For how many subjects the keeper refuses the next entry, by its code. */
export type Stuck = Partial<Record<KeeperRefusal['code'], number>>

/**
 * Takes into the log every outbox row that a crash or a busy moment left behind, oldest number first within each
 * subject. A row that the keeper refuses stays, with all later ones of its subject, and holds up nobody else's; the
 * answer counts the subjects of such rows. Safe to run at any time and in several processes: the keeper answers an id
 * it has seen with its old index. Throws `unavailable` when the keeper cannot be reached.
 */
export async function drain(house: House): Promise<Stuck> {
  const counts: Stuck = {}
  for (const { code } of (await drainLines(house, null)).values()) counts[code] = (counts[code] ?? 0) + 1
  return counts
}

/** Takes what waits in these lines (null: in all), and answers with the lines that are stuck. */
async function drainLines(house: House, lines: string[] | null): Promise<Map<string, KeeperRefusal>> {
  const stuck = new Map<string, KeeperRefusal>()
  for (;;) {
    const rows = await waiting(house.database, lines, [...stuck.keys()])
    if (rows.length === 0) return stuck
    if ((await refusalOf(house, rows)) !== null) await takeEach(house, rows, stuck)
  }
}

/** One after another, because the keeper takes a batch wholly or not at all. */
async function takeEach(house: House, rows: Row[], stuck: Map<string, KeeperRefusal>): Promise<void> {
  for (const row of rows) {
    if (stuck.has(row.line)) continue
    const refusal = await refusalOf(house, [row])
    // An entry for a trail that was shredded meanwhile can be sealed by nobody.
    if (refusal?.code === 'gone') await remove(house, [row])
    else if (refusal !== null) stuck.set(row.line, refusal)
  }
}

const waiting = (database: Queryable, lines: string[] | null, without: string[]) =>
  database.query<Row>(
    `select o.id, coalesce(o.subject, o.id) as line, o.number, coalesce(s.trail, $1::bigint) as trail, o.body
       from outbox o left join subject s on s.id = o.subject
      where ($2::uuid[] is null or coalesce(o.subject, o.id) = any ($2))
        and not coalesce(o.subject, o.id) = any ($3)
      order by o.subject, o.number limit 100`,
    [organisationTrail, lines, without],
  )
