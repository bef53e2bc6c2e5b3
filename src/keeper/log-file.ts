import { hash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from './durable-file.ts'

/**
 * The log's bytes, version 1 (docs/formats.md, "Log"). A segment file is `h 32 | (record | h 32)*`, where each `h` is
 * SHA-256 of the `h` before it and the record between them, and the first `h` of a segment is the last of the one
 * before. A record is `u8 version | u8 type | u32 length | content`; type 1 is an entry, type 2 the signed checkpoint
 * that ends a batch.
 */
export const formatVersion = 1
export const recordTypes = { entry: 1, checkpoint: 2 } as const
export const recordHead = 6
export const hashLength = 32
export const longestRecord = 16 * 1024 * 1024
const entryHead = 6 + 6 + 6 + 6 + 32 + 1

/** One entry as it lies in the log. The buffers are views that end with the call they are handed to. */
export interface LogRecord {
  index: number
  /** Milliseconds since 1970. */
  time: number
  kind: string
  trailSlot: number
  /** Position in the subject's own chain, counted from 1. */
  seq: number
  commitment: Buffer
  /** Plain: slot numbers, random ids and numbers only. */
  control: Record<string, unknown> | null
  sealed: Buffer
}

/** Where an entry's record lies: the segment's first index, and the bytes of the whole record without its hash. */
export interface RecordPlace {
  segment: number
  at: number
  length: number
}

/** The log is not what was written: at which entry, and what is wrong there. */
export class DamagedLog extends Error {
  override readonly name = 'DamagedLog'
  readonly entry: number
  readonly what: string

  constructor(entry: number, what: string) {
    super(`entry ${entry}: ${what}`)
    this.entry = entry
    this.what = what
  }
}

/** The name of the segment whose first entry has this index. */
export function segmentName(first: number): string {
  return `${String(first).padStart(16, '0')}.log`
}

/** The hash the log begins with; it binds everything to the log's name and key. */
export function firstHash(vkey: string): Buffer {
  return hash('sha256', Buffer.from(`custode log 1\n${vkey}\n`, 'utf8'), 'buffer')
}

/**
 * A running hash and the records that follow it, each with its own: as they lie in a segment. A running hash is SHA-256
 * of the one before it and the record between them, which lie side by side here.
 */
export function chained(running: Uint8Array, records: readonly Uint8Array[]): Buffer {
  const length = records.reduce((sum, record) => sum + record.length + hashLength, hashLength)
  const bytes = Buffer.allocUnsafe(length)
  bytes.set(running)
  let at = 0
  for (const record of records) {
    const end = at + hashLength + record.length
    bytes.set(record, at + hashLength)
    bytes.set(hash('sha256', bytes.subarray(at, end), 'buffer'), end)
    at = end
  }
  return bytes
}

/** The hash with which such bytes end. */
export const lastHash = (bytes: Buffer): Buffer => Buffer.from(bytes.subarray(bytes.length - hashLength))

function framed(type: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(recordHead + length)
  bytes[0] = formatVersion
  bytes[1] = type
  bytes.writeUInt32BE(length, 2)
  return bytes
}

/** Content: `u48 index | u48 time | u48 trail slot | u48 seq | commitment 32 | u8 n | kind | u32 n | control | sealed`. */
export function encodeEntry(record: Omit<LogRecord, 'control'>, control: string): Buffer {
  const { kind } = record
  const controlLength = Buffer.byteLength(control)
  const length = entryHead + kind.length + 4 + controlLength + record.sealed.length
  const bytes = framed(recordTypes.entry, length)
  let at = recordHead
  for (const number of [record.index, record.time, record.trailSlot, record.seq]) {
    at = bytes.writeUIntBE(number, at, 6)
  }
  at += record.commitment.copy(bytes, at)
  at = bytes.writeUInt8(kind.length, at)
  at += bytes.write(kind, at, 'latin1')
  at = bytes.writeUInt32BE(controlLength, at)
  at += bytes.write(control, at, 'utf8')
  record.sealed.copy(bytes, at)
  return bytes
}

/** Null when the content of an entry's record does not fit its own lengths. */
export function decodeEntry(record: Buffer): LogRecord | null {
  const content = record.subarray(recordHead)
  if (content.length < entryHead + 4) return null
  const kindEnd = entryHead + content.readUInt8(entryHead - 1)
  if (content.length < kindEnd + 4) return null
  const controlEnd = kindEnd + 4 + content.readUInt32BE(kindEnd)
  if (content.length < controlEnd) return null
  const control = parsedControl(content.toString('utf8', kindEnd + 4, controlEnd))
  if (control === undefined) return null
  return {
    index: content.readUIntBE(0, 6),
    time: content.readUIntBE(6, 6),
    trailSlot: content.readUIntBE(12, 6),
    seq: content.readUIntBE(18, 6),
    commitment: content.subarray(24, 56),
    kind: content.toString('latin1', entryHead, kindEnd),
    control,
    sealed: content.subarray(controlEnd),
  }
}

function parsedControl(text: string): Record<string, unknown> | null | undefined {
  if (text === '') return null
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return undefined
  }
}

/** The record with which a batch ends. */
export function encodeCheckpoint(note: string): Buffer {
  const text = Buffer.from(note, 'utf8')
  const bytes = framed(recordTypes.checkpoint, text.length)
  text.copy(bytes, recordHead)
  return bytes
}

/** The first indices of the segments in a folder, ascending. Throws DamagedLog for a file that cannot be one. */
export async function segmentsIn(folder: string): Promise<number[]> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.log'))
  const firsts = names.map(name => {
    const first = Number(name.slice(0, -4))
    if (!Number.isSafeInteger(first) || segmentName(first) !== name) {
      throw new DamagedLog(0, 'a file in the folder is not a segment')
    }
    return first
  })
  return firsts.sort((a, b) => a - b)
}

/** Writes the verifier key into a new folder; in any other it must already be this one. */
export async function requireVkey(folder: string, vkey: string): Promise<void> {
  const path = join(folder, 'vkey')
  const found = await readFile(path, 'utf8').catch(() => null)
  if (found === `${vkey}\n`) return
  if ((await segmentsIn(folder)).length > 0)
    throw new DamagedLog(0, 'the verifier key of the folder is another')
  await writeDurably(path, Buffer.from(`${vkey}\n`))
}
