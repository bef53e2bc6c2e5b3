import { hash, type KeyObject } from 'node:crypto'
import { firstHash } from '../src/keeper/log-file.ts'
import { leafHash, Tree } from '../src/keeper/merkle.ts'
import { checkpointText, signerOf, signNote } from '../src/keeper/note.ts'
import { logName } from './log.ts'

/** One record of a segment, without its hash. */
export interface Piece {
  bytes: Buffer
  isEntry: boolean
}

/** The records of one segment, each without its hash; written without the code under test. */
export function pieces(segment: Buffer): Piece[] {
  const found: Piece[] = []
  for (let at = 32; at < segment.length; ) {
    const end = at + 6 + segment.readUInt32BE(at + 2)
    found.push({ bytes: Buffer.from(segment.subarray(at, end)), isEntry: segment[at + 1] === 1 })
    at = end + 32
  }
  return found
}

/** The records cut into batches, each ending with its checkpoint. */
export function batches(segment: Buffer): Piece[][] {
  const found: Piece[][] = [[]]
  for (const piece of pieces(segment)) {
    found.at(-1)!.push(piece)
    if (!piece.isEntry) found.push([])
  }
  return found.filter(batch => batch.length > 0)
}

/** A segment of these records with running hashes that fit, as anyone can compute them without a key. */
export function chained(records: Piece[], vkey: string): Buffer {
  let running = firstHash(vkey)
  const parts = [running]
  for (const { bytes } of records) {
    running = hash('sha256', Buffer.concat([running, bytes]), 'buffer')
    parts.push(bytes, running)
  }
  return Buffer.concat(parts)
}

/** Records with their hashes, as they lie. */
export function rawRecords(segment: Buffer): Buffer[] {
  let at = 32
  return pieces(segment).map(({ bytes }) => {
    const start = at
    at += bytes.length + 32
    return segment.subarray(start, at)
  })
}

/** What a forger can make: everything fits, and each checkpoint is signed with `key` or keeps its old signature. */
export function rehashed(parts: Piece[][], vkey: string, key?: KeyObject): Buffer {
  const tree = new Tree()
  let running = firstHash(vkey)
  const bytes = [running]
  const add = (record: Buffer) => {
    running = hash('sha256', Buffer.concat([running, record]), 'buffer')
    bytes.push(record, running)
  }
  for (const { bytes: record, isEntry } of parts.flat()) {
    if (isEntry) {
      tree.append(leafHash(record.subarray(30, 62)))
      add(record)
      continue
    }
    const text = checkpointText({ origin: logName, size: tree.size, root: tree.root(), running })
    const old = record.subarray(6).toString('utf8')
    const note =
      key === undefined ? text + old.slice(old.indexOf('\n\n') + 1) : signNote(text, signerOf(logName, key))
    const head = Buffer.from(record.subarray(0, 6))
    head.writeUInt32BE(Buffer.byteLength(note), 2)
    add(Buffer.concat([head, Buffer.from(note)]))
  }
  return Buffer.concat(bytes)
}
