import type { Operation } from './connection.ts'
import type { Keeper } from './keeper.ts'
import { DamagedLog, decodeEntry, type LogRecord, type RecordPlace } from './log-file.ts'
import { KeeperRefusal } from './refusal.ts'
import type { RecordsPage } from './requests.ts'
import type { Segment } from './segment.ts'
import { integer } from './shape.ts'

/** What an entry shows without any key. Its body stays sealed, and what the keeper noted for itself stays here. */
export type PlainRecord = Pick<LogRecord, 'index' | 'trailSlot' | 'seq' | 'kind' | 'time' | 'commitment'>

/** So many records are answered at once. */
export const mostRecords = 2000
const mostRead = 1024 * 1024

/**
 * What anybody must know who keeps a table of the log: a page of entries, in their order, without their bodies. Shorter
 * than asked for only at the end of the log, and empty beyond it.
 */
export function recordsOperations(keeper: Keeper): [string, Operation][] {
  return [
    [
      'log.records',
      async args => {
        const from = integer(args.from, 'from', 0, Number.MAX_SAFE_INTEGER)
        const count = integer(args.count, 'count', 1, mostRecords)
        return { json: await page(keeper, from, count) }
      },
    ],
  ]
}

async function page(keeper: Keeper, from: number, count: number): Promise<RecordsPage> {
  const records = await keeper.log.records(from, count)
  return {
    records: records.map(one => ({ ...one, commitment: one.commitment.toString('hex') })),
    // Read last: never less than what is answered.
    size: keeper.log.size,
  }
}

/**
 * Reads the entries at these places, which follow each other in the log from an index on. What lies side by side is
 * read in one piece of about 1 MiB. Throws DamagedLog where something else lies there.
 */
export async function plainRecords(
  segments: ReadonlyMap<number, Segment>,
  places: readonly RecordPlace[],
  from: number,
): Promise<PlainRecord[]> {
  const records: PlainRecord[] = []
  while (records.length < places.length) {
    const piece = pieceFrom(places, records.length)
    const { segment: first, at: start } = piece[0]!
    const segment = segments.get(first)
    if (segment === undefined) throw new KeeperRefusal('unavailable', { why: 'the log was closed' })
    const last = piece.at(-1)!
    const bytes = await segment.read(start, last.at + last.length - start)
    for (const { at, length } of piece)
      records.push(plainOf(bytes.subarray(at - start, at - start + length), from + records.length))
  }
  return records
}

/** Places from a position on in one segment, within the longest read; at least one. */
function pieceFrom(places: readonly RecordPlace[], position: number): readonly RecordPlace[] {
  const first = places[position]!
  let end = position + 1
  while (end < places.length) {
    const { segment, at, length } = places[end]!
    if (segment !== first.segment || at + length - first.at > mostRead) break
    end += 1
  }
  return places.slice(position, end)
}

function plainOf(bytes: Buffer, index: number): PlainRecord {
  const record = decodeEntry(bytes)
  if (record?.index !== index) throw new DamagedLog(index, 'changed after it was opened')
  const { trailSlot, seq, kind, time } = record
  return { index, trailSlot, seq, kind, time, commitment: Buffer.from(record.commitment) }
}
