import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  DamagedLog,
  decodeEntry,
  firstHash,
  formatVersion,
  hashLength,
  type LogRecord,
  type RecordPlace,
  recordHead,
  recordTypes,
  segmentName,
  segmentsIn,
} from './log-file.ts'
import { leafHash, Tree } from './merkle.ts'
import { type Checkpoint, checkpointText, formatVkey, type Verifier, verifyCheckpoint } from './note.ts'
import type { HeldNote } from './requests.ts'

const page = 4096

export interface Scanned {
  size: number
  tree: Tree
  /** The newest whole batch's signed note; null when not even the first was written. */
  note: string | null
  /** The running hash after that batch's record of its note: the one that the next record continues. */
  running: Buffer
  /** First indices of the segments, ascending. */
  segments: number[]
  /** Where the newest batch ends in the last segment, and how many bytes of a never acknowledged one follow. */
  end: number
  torn: number
}

export type Visit = (record: LogRecord, place: RecordPlace) => void

export interface ScanOptions {
  /** Checkpoints that the log must contain. */
  known: readonly HeldNote[]
  visit: Visit
}

/**
 * Reads a whole log and checks every byte: each record against its running hash, each batch against the size, root
 * and hash that its checkpoint states, and the newest checkpoint's signature, which covers all before it. Entries are
 * handed to `visit` in order, a batch at a time, only when the batch is whole. Throws DamagedLog at the first entry
 * that is not as it was written. Only at the very end of the last segment may an unfinished batch lie: it is counted
 * in `torn`, since it was never acknowledged. A log that does not contain all that is `known` is damaged too: it went back
 * in time or is another.
 */
export async function scanLog(folder: string, verifier: Verifier, about: ScanOptions): Promise<Scanned> {
  try {
    return await new Scan(folder, verifier, about, false).run()
  } catch (error) {
    if (!(error instanceof DamagedLog) || error.what !== unsigned) throw error
    // Only the newest signature was tried: find the first that fails, to name the right entry.
    return new Scan(folder, verifier, { known: about.known, visit: () => {} }, true).run()
  }
}

const putBack = 'it has gone back in time, put the newest copy of the keeper’s folder back'
const unsigned = 'the checkpoint is not signed by the key of this log'

class Scan {
  readonly #folder: string
  readonly #verifier: Verifier
  readonly #visit: Visit
  /** What the log must still be found to contain, and who knows of it. */
  readonly #known: Map<Checkpoint, string>
  readonly #everySignature: boolean
  readonly #tree = new Tree()
  #running: Buffer
  #note: string | null = null
  #noteEntry = 0

  constructor(folder: string, verifier: Verifier, about: ScanOptions, everySignature: boolean) {
    this.#folder = folder
    this.#verifier = verifier
    this.#running = firstHash(formatVkey(verifier))
    this.#visit = about.visit
    this.#known = new Map(about.known.map(held => [requireKnown(held, verifier), held.by]))
    this.#everySignature = everySignature
  }

  async run(): Promise<Scanned> {
    const segments = await segmentsIn(this.#folder)
    let end = 0
    let torn = 0
    for (const [position, first] of segments.entries()) {
      if (first !== this.#tree.size)
        throw new DamagedLog(this.#tree.size, 'entries are missing before a segment')
      const bytes = await readFile(join(this.#folder, segmentName(first)))
      end = this.#segment(bytes, first, position === segments.length - 1)
      torn = bytes.length - end
    }
    if (this.#note !== null) this.#requireSigned(this.#note, this.#noteEntry)
    for (const [{ size }, by] of this.#known)
      throw new DamagedLog(this.#tree.size, `the log ends here, but ${by} knows ${size} entries: ${putBack}`)
    return {
      size: this.#tree.size,
      tree: this.#tree,
      note: this.#note,
      running: this.#running,
      segments,
      end,
      torn,
    }
  }

  /** Walks one segment and returns where its last whole batch ends. */
  #segment(bytes: Buffer, first: number, last: boolean): number {
    const opening = bytes.subarray(0, hashLength)
    if (!opening.equals(this.#running)) {
      if (last && this.#isTorn(bytes, 0, opening.length < hashLength)) return 0
      throw new DamagedLog(this.#tree.size, 'the segment does not continue the one before it')
    }
    let end = hashLength
    while (end < bytes.length) {
      const next = this.#batch(bytes, end, first, last)
      if (next === null) return end
      end = next
    }
    return end
  }

  /** Reads one batch and returns its end, or null when it was torn by a crash before it was acknowledged. */
  #batch(bytes: Buffer, start: number, segment: number, last: boolean): number | null {
    const entries: { record: LogRecord; place: RecordPlace }[] = []
    let running = this.#running
    let at = start
    const refuse = (what: string, short = false): null => {
      if (last && this.#isTorn(bytes, start, short)) return null
      throw new DamagedLog(this.#tree.size + entries.length, what)
    }
    while (true) {
      if (bytes.length - at < recordHead) return refuse('the batch has no end', true)
      const type = bytes[at + 1]
      const length = bytes.readUInt32BE(at + 2)
      const end = at + recordHead + length
      if (bytes[at] !== formatVersion) return refuse('an unknown version')
      if (type !== recordTypes.entry && type !== recordTypes.checkpoint)
        return refuse('an unknown type of record')
      if (end + hashLength > bytes.length) return refuse('the record is cut off', true)
      const expected = hash('sha256', bytes.subarray(at - hashLength, end), 'buffer')
      if (!expected.equals(bytes.subarray(end, end + hashLength)))
        return refuse('the bytes do not fit their hash')
      const record = bytes.subarray(at, end)
      if (type === recordTypes.checkpoint) {
        this.#close(record.toString('utf8', recordHead), running, entries)
        this.#running = Buffer.from(expected)
        return end + hashLength
      }
      const entry = decodeEntry(record)
      if (entry === null || entry.index !== this.#tree.size + entries.length) {
        return refuse('the record is not that of the next entry')
      }
      running = expected
      entries.push({ record: entry, place: { segment, at, length: end - at } })
      at = end + hashLength
    }
  }

  /** Takes a whole batch into the tree when its checkpoint states exactly what lies before it. */
  #close(note: string, running: Buffer, entries: { record: LogRecord; place: RecordPlace }[]): void {
    const from = this.#tree.size
    const isGenesis = this.#note === null
    if ((entries.length === 0) !== isGenesis) throw new DamagedLog(from, 'a checkpoint in the wrong place')
    for (const { record } of entries) this.#tree.append(leafHash(record.commitment))
    const origin = this.#verifier.name
    const text = checkpointText({ origin, size: this.#tree.size, root: this.#tree.root(), running })
    if (!note.startsWith(`${text}\n`)) throw new DamagedLog(from, 'the checkpoint states another tree')
    if (this.#everySignature) this.#requireSigned(note, from)
    for (const known of this.#known.keys()) this.#compare(known, text, from)
    this.#note = note
    this.#noteEntry = from
    for (const { record, place } of entries) this.#visit(record, place)
  }

  /** The known checkpoint must be one of this log's own, word for word. */
  #compare(known: Checkpoint, text: string, from: number): void {
    if (this.#tree.size === known.size && checkpointText(known) === text) this.#known.delete(known)
    else if (this.#tree.size >= known.size) {
      throw new DamagedLog(from, `the log is not the one that ${this.#known.get(known)} knows: ${putBack}`)
    }
  }

  #requireSigned(note: string, entry: number): void {
    if (!this.#isSigned(note)) throw new DamagedLog(entry, unsigned)
  }

  /**
   * Whether the bytes from `batch` on are what a crash leaves of the last write: they end early, or hold a page that
   * was never written. A signed checkpoint further on proves that the batch was whole once, so it is damaged.
   */
  #isTorn(bytes: Buffer, batch: number, short: boolean): boolean {
    const signed = this.#signedAfter(bytes, batch)
    if (signed !== null && signed < bytes.length - hashLength) return false
    return hasUnwrittenPage(bytes, batch) || (short && signed === null)
  }

  /** Where the first rightly signed checkpoint after `from` ends, whatever became of the records around it. */
  #signedAfter(bytes: Buffer, from: number): number | null {
    const origin = Buffer.from(`${this.#verifier.name}\n`, 'utf8')
    const last = bytes.length - hashLength
    for (let at = bytes.indexOf(origin, from); at >= 0; at = bytes.indexOf(origin, at + 1)) {
      const stated = at - from >= 4 ? at + bytes.readUInt32BE(at - 4) : 0
      for (const end of [stated, last]) {
        if (end > at && end <= last && this.#isSigned(bytes.toString('utf8', at, end))) return end
      }
    }
    return null
  }

  #isSigned(note: string): boolean {
    return verifyCheckpoint(note, this.#verifier) !== null
  }
}

function requireKnown({ note, by }: HeldNote, verifier: Verifier): Checkpoint {
  const known = verifyCheckpoint(note, verifier)
  if (known === null)
    throw new DamagedLog(0, `the checkpoint that ${by} holds is not signed by the key of this log`)
  return known
}

function hasUnwrittenPage(bytes: Buffer, from: number): boolean {
  for (let at = from; at < bytes.length; ) {
    const end = Math.min(bytes.length, at - (at % page) + page)
    if (end - at >= 8 && bytes.subarray(at, end).every(byte => byte === 0)) return true
    at = end
  }
  return false
}
