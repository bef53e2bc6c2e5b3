import type { House } from '../core/house.ts'
import { type ProjectionStanding, projectLog } from './log-projection.ts'
import { witnessStandings } from './witness-standing.ts'

/** Days that can be counted over. */
export const spans = ['7', '30', '90'] as const

export interface KindCount {
  kind: string
  count: number
}

export interface LogCounts {
  /** The first day that is counted, in UTC. */
  from: string
  kinds: KindCount[]
  days: { day: string; count: number; kinds: KindCount[] }[]
  table: { entries: number; whole: boolean }
  log: { size: number; checkpoint: string; cosigned: { witness: string; size: number; at: Date } | null }
}

interface Row {
  day: string
  kind: string
  count: number
  first: number
  last: number
}

/** Whoever asks brings the table up to the log first, by no more than takes a moment. */
const mostPages = 5
const dayLength = 24 * 3_600_000

/**
 * How many entries of each kind the log got in the last so many days, today among them, and how the log stands. From the
 * table of entries; `table.whole` is false where the table was seen not to be the log's.
 */
export async function countEntries(house: House, days: number): Promise<LogCounts> {
  const standing = await projectLog(house, mostPages)
  const from = new Date(house.clock.now().getTime() - (days - 1) * dayLength).toISOString().slice(0, 10)
  const [rows, checkpoint, witnesses] = await Promise.all([
    house.database.query<Row>(
      `select (at at time zone 'UTC')::date as day, kind, count(*) as count, min(index) as first, max(index) as last
         from log_entry where at >= $1::date::timestamp at time zone 'UTC'
        group by 1, 2`,
      [from],
    ),
    house.keeper.checkpoint(),
    witnessStandings(house),
  ])
  const signed = witnesses
    .flatMap(({ name, cosigned }) => (cosigned === null ? [] : [{ witness: name, ...cosigned }]))
    .sort((a, b) => b.size - a.size)
  return {
    from,
    kinds: byKind(rows),
    days: byDay(rows),
    table: { entries: standing.entries, whole: isWhole(standing, rows) },
    log: { size: standing.size, checkpoint, cosigned: signed[0] ?? null },
  }
}

/** Times never go back along the log, so the entries of a span follow each other without a gap. */
function isWhole({ differs }: ProjectionStanding, rows: Row[]): boolean {
  if (differs !== null) return false
  const first = Math.min(...rows.map(row => row.first))
  const last = Math.max(...rows.map(row => row.last))
  return rows.length === 0 || last - first + 1 === total(rows)
}

const total = (rows: KindCount[]): number => rows.reduce((sum, row) => sum + row.count, 0)

/** The most frequent first; of the same count, by name. */
function byKind(rows: KindCount[]): KindCount[] {
  const counts = new Map<string, number>()
  for (const { kind, count } of rows) counts.set(kind, (counts.get(kind) ?? 0) + count)
  return [...counts]
    .map(([kind, count]) => ({ kind, count }))
    .sort((a, b) => b.count - a.count || (a.kind < b.kind ? -1 : 1))
}

/** Newest first. */
function byDay(rows: Row[]): LogCounts['days'] {
  const days = [...new Set(rows.map(row => row.day))].sort().reverse()
  return days.map(day => {
    const kinds = byKind(rows.filter(row => row.day === day))
    return { day, count: total(kinds), kinds }
  })
}
