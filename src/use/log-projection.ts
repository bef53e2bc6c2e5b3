import type pino from 'pino'
import { type Queryable, sqlState, type Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import type { ToldRecord } from '../keeper/client.ts'

/** So many entries are taken over in one transaction. */
export const pageOfEntries = 2000

/** Whoever owns the table could write a greater one into it than a number here can be. */
export const mostIndex = Number.MAX_SAFE_INTEGER

/** How the table of entries stands beside the log. */
export interface ProjectionStanding {
  /** Entries from the first on that the table holds. */
  entries: number
  /** Entries that the log has. */
  size: number
  /** The first entry at which the two were found to differ: somebody has changed the table, or it is another log's. */
  differs: number | null
}

/** Ends a transaction, so that nothing is added to a table that is not the log's. */
class Differs extends Error {
  readonly index: number

  constructor(index: number) {
    super(`the table of entries differs from the log at entry ${index}`)
    this.index = index
  }
}

/**
 * Brings the table of entries up to the log, by at most so many pages. It begins with the last entry that the table has,
 * so that a table which ends otherwise than the log is found. Several servers may do it at once: each page is taken
 * whole, in order, and whoever comes second finds it there. Never changes a row.
 */
export async function projectLog(
  house: House,
  mostPages = Number.POSITIVE_INFINITY,
): Promise<ProjectionStanding> {
  for (let pages = 1; ; pages++) {
    const found = await house.database.maybe<{ last: number }>(
      `select least(index, ${mostIndex}) as last from log_entry order by index desc limit 1`,
    )
    const last = found?.last ?? -1
    const from = Math.max(last, 0)
    const { records, size } = await house.keeper.records(from, pageOfEntries)
    const entries = last + 1
    if (entries > size) return { entries, size, differs: size }
    const differs = await take(house, records)
    if (differs !== null) return { entries, size, differs }
    const taken = Math.max(entries, from + records.length)
    if (taken >= size || pages >= mostPages) return { entries: taken, size, differs: null }
  }
}

/** Adds what the table lacks; the index of the first entry that it holds otherwise, and then nothing is added. */
async function take(house: House, records: readonly ToldRecord[]): Promise<number | null> {
  const [first] = records
  if (first === undefined) return null
  try {
    await house.database.transaction(async tx => {
      await insertEntries(tx, records)
      const index = await findDifference(tx, records, first.index)
      if (index !== null) throw new Differs(index)
    })
    return null
  } catch (error) {
    if (error instanceof Differs) return error.index
    throw error
  }
}

const columns = (records: readonly ToldRecord[]): unknown[] => [
  records.map(one => one.index),
  records.map(one => one.trailSlot),
  records.map(one => one.seq),
  records.map(one => one.kind),
  records.map(one => new Date(one.time).toISOString()),
  records.map(one => Buffer.from(one.commitment, 'hex')),
]

const told = `unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::timestamptz[], $6::bytea[])
       as t (index, trail, seq, kind, at, commitment)`

/** Adds the entries that are not there by their index. */
export async function insertEntries(tx: Tx, records: readonly ToldRecord[]): Promise<void> {
  await tx.query(
    `insert into log_entry (index, trail, seq, kind, at, commitment)
     select index, trail, seq, kind, at, commitment from ${told} order by index
     on conflict (index) do nothing`,
    columns(records),
  )
}

/**
 * The lowest index, of those that a page of the log covers from `from` on, at which the table holds no such row, another
 * one, or the same twice; null where both hold the same.
 */
export async function findDifference(
  at: Queryable,
  records: readonly ToldRecord[],
  from: number,
): Promise<number | null> {
  const found = await at.one<{ index: number | null }>(
    `select min(coalesce(t.index, e.index)) as index
       from (select t.*, 1::bigint as copy from ${told}) t
       full join (select index, trail, seq, kind, at, commitment, row_number() over (partition by index) as copy
                    from log_entry where index >= $7 and index < $8) e on e.index = t.index and e.copy = t.copy
      where (t.index, t.trail, t.seq, t.kind, t.at, t.commitment)
            is distinct from (e.index, e.trail, e.seq, e.kind, e.at, e.commitment)`,
    [...columns(records), from, from + records.length],
  )
  return found.index
}

/**
 * The act to be called every few seconds, which brings the table of entries up to the log. Never throws. A table that
 * differs is an error in the log of the process, said once for each entry at which it does; it is not mended here,
 * because somebody should ask who changed it.
 */
export function watchProjection(house: House, log: pino.Logger): () => Promise<void> {
  let said: number | string | null = null
  let works = false
  return async () => {
    if (works) return
    works = true
    try {
      const { differs } = await projectLog(house)
      if (differs !== null && differs !== said)
        log.error(
          { entry: differs },
          'the table of log entries is not what the log holds: ask who changed the database, then run custode log project',
        )
      said = differs
    } catch (error) {
      // Without keeper or database there is nothing to bring over, and others say so: the next call tries again.
      const code = sqlState(error)
      if (/^42/.test(code) && code !== said)
        log.error({ code }, 'the table of log entries cannot be used: run custode log project')
      said = code
    } finally {
      works = false
    }
  }
}
