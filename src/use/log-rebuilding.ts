import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Database, type Queryable, sqlState, type Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { migrationFolder } from '../core/migrations.ts'
import type { KeeperClient, ToldRecord } from '../keeper/client.ts'
import { findDifference, insertEntries, mostIndex, pageOfEntries } from './log-projection.ts'

/** Where the table of entries is not what the log holds. */
export type Difference =
  | { what: 'absent' | 'reshaped' }
  /** The first entry that is missing there, not the same, or not in the log. */
  | { what: 'differs'; index: number }

export interface Compared {
  /** Entries in the log. */
  size: number
  /** Null when the table was what the log holds, as far as it went. */
  difference: Difference | null
}

type Progress = (share: number) => void

/** What the log holds since less than this may be on its way to the table. */
const onItsWay = 60_000
const tableFile = '0010-count-what-the-log-holds.sql'
// Any number will do, as long as every process that rebuilds takes the same one.
const lock = 7_238_118

/**
 * Compares every row of the table of entries with the log, and changes nothing. Entries of the last minute may be
 * missing at its end. `house.database` is the owner's or the server's.
 */
export async function compareProjection(house: House, progress: Progress = () => {}): Promise<Compared> {
  try {
    const table = new Comparison(house.database, house.clock.now().getTime())
    await table.begin()
    const size = await everyPage(house.keeper, progress, records => table.compare(records))
    await table.end(size)
    return { size, difference: table.difference }
  } catch (error) {
    const state = sqlState(error)
    if (!/^42/.test(state)) throw error
    const { size } = await house.keeper.status()
    return { size, difference: { what: state === '42P01' ? 'absent' : 'reshaped' } }
  }
}

/**
 * Makes the table of entries anew from the log, with its indexes and rights, whatever has become of the old one, and
 * answers how that was. The new one is filled out of sight and takes the place of the old one in the same transaction:
 * others read the old one until then, and a crash leaves it there. `house.database` is the owner's.
 */
export async function rebuildProjection(
  house: House & { database: Database },
  progress: Progress = () => {},
): Promise<Compared> {
  const { difference } = await compareProjection(house, share => progress(share / 2))
  const definition = await readFile(join(migrationFolder, tableFile), 'utf8')
  const size = await house.database.transaction(async tx => {
    await tx.query('select pg_advisory_xact_lock($1)', [lock])
    await tx.query('create schema log_rebuilding')
    await tx.query('set local search_path = log_rebuilding, pg_temp')
    await tx.query(definition)
    const filled = await everyPage(
      house.keeper,
      share => progress(0.5 + share / 2),
      records => insertEntries(tx, records),
    )
    await replace(tx)
    return filled
  })
  await house.database.query('analyze log_entry')
  return { size, difference }
}

async function replace(tx: Tx): Promise<void> {
  await tx.query('drop table if exists public.log_entry')
  await tx.query('alter table log_rebuilding.log_entry set schema public')
  await tx.query('drop schema log_rebuilding')
  await tx.query('set local search_path to default')
}

/** Hands over the whole log, in order, up to what was durable when the last page was read; answers how many. */
async function everyPage(
  keeper: KeeperClient,
  progress: Progress,
  take: (records: ToldRecord[]) => Promise<void>,
): Promise<number> {
  for (let from = 0; ; ) {
    const { records, size } = await keeper.records(from, pageOfEntries)
    if (records.length > 0) await take(records)
    from += records.length
    progress(size === 0 ? 1 : from / size)
    if (from >= size) return from
  }
}

/** Compares the table with the log while it is read. Only the first difference counts. */
class Comparison {
  readonly #at: Queryable
  readonly #oldest: number
  difference: Difference | null = null
  #last = -1

  constructor(at: Queryable, now: number) {
    this.#at = at
    this.#oldest = now - onItsWay
  }

  /** Asked first: whatever the table holds now, the log has by the time it is read. */
  async begin(): Promise<void> {
    const { first, last } = await this.#at.one<{ first: number | null; last: number | null }>(
      `select (select greatest(index, -${mostIndex}) from log_entry order by index limit 1) as first,
              (select least(index, ${mostIndex}) from log_entry order by index desc limit 1) as last`,
    )
    if (first !== null && first < 0) this.difference = { what: 'differs', index: first }
    this.#last = last ?? -1
  }

  async compare(records: ToldRecord[]): Promise<void> {
    if (this.difference !== null) return
    const due = records.filter(({ index, time }) => index <= this.#last || time < this.#oldest)
    const [first] = due
    if (first === undefined) return
    const index = await findDifference(this.#at, due, first.index)
    if (index !== null) this.difference = { what: 'differs', index }
  }

  /** A row beyond the log's end is of nobody's entry. */
  async end(size: number): Promise<void> {
    if (this.difference === null && this.#last >= size) this.difference = { what: 'differs', index: size }
  }
}
