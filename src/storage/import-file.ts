import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { PassThrough, Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { type Options, parse } from 'csv-parse'
import { Refusal } from '../core/refusal.ts'

export interface FileLine {
  /** The line of the file where the record ends, counted from 1; the header is line 1. */
  line: number
  columns: Record<string, string>
  /** Set when the line cannot be kept; `columns` then holds what could be read of it. */
  fault?: string
}

/** Why one line was not kept: a short code, never a value of the line. */
export interface LineFault {
  line: number
  code: string
}

export interface ReadFile {
  /** SHA-256 of the file as it lies on the disk. */
  hash: Buffer
  /** Columns that nobody asked for: they are not kept. */
  ignored: string[]
  /** Lines that are no CSV at all. */
  unreadable: number[]
}

/** What no file may go beyond, where it comes over the network: an answer to it is `too_large`. */
export interface FileLimits {
  /** Bytes, unpacked. */
  bytes: number
  columns: number
  lines: number
  /** Columns times lines: what reading it takes of the memory. */
  cells: number
}

/**
 * Reads a CSV file (plain or gzip, UTF-8, with a header) from the disk or from memory once, line by line. A fault belongs to its line
 * alone. Refuses `invalid` when the file cannot be opened, is empty, is no CSV, or has a header that lacks a column
 * or names one twice; no plaintext of it is written anywhere.
 */
export async function readFile(
  file: string | Buffer,
  required: readonly string[],
  each: (line: FileLine) => void,
  limits?: FileLimits,
): Promise<ReadFile> {
  const path = typeof file === 'string' ? file : 'upload'
  const read: ReadFile = { hash: Buffer.alloc(0), ignored: [], unreadable: [] }
  const hashed = createHash('sha256')
  const bytes = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hashed.update(chunk)
      done(null, chunk)
    },
  })
  const records = recordsOf({ path, limits }, required, read, each)
  const unpacked = (await isGzip(file)) ? createGunzip() : new PassThrough()
  const source = typeof file === 'string' ? createReadStream(file) : Readable.from(piecesOf(file))
  try {
    await pipeline(source, bytes, unpacked, atMost(limits?.bytes), records.parser)
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw unreadable(path, error)
  }
  const after = records.swallowedAfter
  if (after !== null) throw broken(path, `a quote is not closed after line ${after}`)
  if (!records.headed) throw new Refusal('invalid', { detail: { file: path, empty: true } })
  read.hash = hashed.digest()
  return read
}

function recordsOf(
  { path, limits }: { path: string; limits: FileLimits | undefined },
  required: readonly string[],
  read: ReadFile,
  each: (line: FileLine) => void,
) {
  let columns: string[] | undefined
  // A quote that is never closed makes one record of all that follows: then nothing of the file can be trusted.
  let swallowing = false
  let last = 0
  const options: Options = {
    ...{ bom: true, info: true, relax_column_count: true, skip_empty_lines: true },
    ...{ skip_records_with_error: true, max_record_size: 1_000_000 },
    on_skip: error => {
      if (error?.code === 'CSV_QUOTE_NOT_CLOSED' || error?.code === 'CSV_MAX_RECORD_SIZE') swallowing = true
      read.unreadable.push(typeof error?.lines === 'number' ? error.lines : 0)
      within({ lines: read.unreadable.length })
      // The next line would be taken for the header.
      if (columns === undefined && !swallowing)
        parser.destroy(broken(path, 'the header is no readable CSV line'))
      return undefined
    },
  }
  const parser = parse(options)
  // Thrown from here it would be nobody's.
  const within = (counts: Partial<FileLimits>) => {
    const beyond = limits === undefined ? undefined : beyondOf(limits, counts)
    if (beyond !== undefined) parser.destroy(tooLarge(beyond))
    return beyond === undefined
  }
  let lines = 0
  parser.on('data', ({ record, info }: { record: string[]; info: { lines: number } }) => {
    if (!within({ columns: record.length, lines: ++lines, cells: lines * record.length })) return
    if (columns === undefined) {
      columns = record.map(name => name.trim())
      const fault = faultOfHeader(path, columns, required)
      if (fault !== null) parser.destroy(fault)
      read.ignored = columns.filter(name => name !== '' && !required.includes(name))
      return
    }
    last = info.lines
    const fault = faultOf(record, columns)
    const named = Object.fromEntries(columns.map((name, at) => [name, record[at] ?? '']))
    each({ line: info.lines, columns: named, ...(fault === null ? {} : { fault }) })
  })
  return {
    parser,
    get swallowedAfter() {
      return swallowing ? last : null
    },
    get headed() {
      return columns !== undefined
    },
  }
}

const broken = (path: string, cause: string): Refusal =>
  new Refusal('invalid', { detail: { file: path, cause } })

/** A column named twice is named only in a header that has all it needs: any other first line may hold values. */
function faultOfHeader(file: string, columns: readonly string[], known: readonly string[]): Refusal | null {
  const missing = known.filter(name => !columns.includes(name))
  if (missing.length > 0) return new Refusal('invalid', { detail: { file, missing, known: [...known] } })
  const repeated = new Set(columns.filter((name, at) => name !== '' && columns.indexOf(name) !== at))
  return repeated.size === 0 ? null : new Refusal('invalid', { detail: { file, repeated: [...repeated] } })
}

function faultOf(record: string[], columns: string[]): string | null {
  if (record.length !== columns.length) return 'column_count'
  // The decoder puts U+FFFD where bytes were no UTF-8.
  if (record.some(text => text.includes('\u{fffd}'))) return 'encoding'
  return record.some(text => text.includes('\u0000')) ? 'malformed' : null
}

/** In pieces, so that others are served while it is read. */
function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}

export const tooLarge = (limit: keyof FileLimits): Refusal => new Refusal('too_large', { detail: { limit } })

/** Lets so many bytes through: a small file may unpack into any number of them. */
function atMost(most = Number.POSITIVE_INFINITY): Transform {
  let seen = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length
      if (seen > most) done(tooLarge('bytes'))
      else done(null, chunk)
    },
  })
}

const beyondOf = (limits: FileLimits, counts: Partial<FileLimits>): keyof FileLimits | undefined =>
  (['columns', 'lines', 'cells'] as const).find(what => (counts[what] ?? 0) > limits[what])

async function isGzip(path: string | Buffer): Promise<boolean> {
  if (typeof path !== 'string') return path[0] === 0x1f && path[1] === 0x8b
  try {
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
      return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
    } finally {
      await file.close()
    }
  } catch (error) {
    throw unreadable(path, error)
  }
}

function unreadable(path: string, error: unknown): Refusal {
  const { code } = error as { code?: unknown }
  return new Refusal('invalid', {
    detail: { file: path, cause: typeof code === 'string' ? code : 'unreadable' },
    cause: error,
  })
}
