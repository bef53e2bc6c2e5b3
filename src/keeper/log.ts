import type { KeyObject } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import {
  bodyBytes,
  canonical,
  commitmentTo,
  type OpenedBody,
  openBody,
  type Random,
  random,
  requireCodes,
  type Spelled,
  salted,
  sealBody,
  spell,
} from './entry.ts'
import {
  chained,
  encodeCheckpoint,
  encodeEntry,
  hashLength,
  type LogRecord,
  lastHash,
  longestRecord,
  type RecordPlace,
  requireVkey,
} from './log-file.ts'
import type { LogMirror, MirroredLog } from './log-mirror.ts'
import { type PlainRecord, plainRecords } from './log-records.ts'
import { type Scanned, scanLog, type Visit } from './log-scan.ts'
import { leafHash, type Tree } from './merkle.ts'
import { checkpointText, formatVkey, type Signer, signerOf, signNote, verifyCheckpoint } from './note.ts'
import { KeeperRefusal } from './refusal.ts'
import type { EntryBody, HeldNote } from './requests.ts'
import { Segment } from './segment.ts'
import { entryBundle, type TileName, tileHashes, tileSpan } from './tile.ts'
import { type Head, Trails } from './trails.ts'

export type { OpenedBody } from './entry.ts'
export { DamagedLog, type LogRecord } from './log-file.ts'

/** One entry to be written. `control` is plain and for the keeper itself: slot numbers, random ids and numbers. */
export interface Appending {
  trailSlot: number
  body: EntryBody
  control?: Record<string, unknown>
}

export interface LogOptions {
  /** Made when it does not exist. Nothing else may lie in it. */
  folder: string
  /** The checkpoint's origin and the verifier key's name: no blanks, no plus sign. */
  name: string
  /** Bound into every sealed body. */
  logId: string
  /** The Ed25519 private key. */
  signer: KeyObject
  /** The subject's key; throws KeeperRefusal (`gone`, `unknown_slot`). At once: an append takes its place at once. */
  trailKey: (slot: number) => KeyObject
  /** Milliseconds since 1970. */
  now: () => number
  /** Called at open for every entry, in order. The record's buffers must be copied to be kept. */
  replay: (record: LogRecord) => void
  /** Called once when a write or sync failed; the keeper must halt. */
  fatal: (error: Error) => void
  /** Signed checkpoints kept elsewhere: a log that does not extend each is refused before it is touched. */
  known?: readonly HeldNote[]
  /** Asked before every write: throws when this process may write no more. */
  mayWrite?: () => void
  /** A new segment is begun when this many bytes are reached; 64 MiB. */
  segmentBytes?: number
  /** For test vectors only. */
  random?: Random
}

interface Checked {
  trailSlot: number
  kind: string
  body: Spelled
  control: string
  key: KeyObject
}

/** The entries of one call, on their way to the disk. */
interface Waiting {
  records: Buffer[]
  indices: number[]
  resolve: (indices: number[]) => void
  reject: (error: KeeperRefusal) => void
}

/** What is known of a log once its files were read. */
interface Found {
  places: RecordPlace[]
  trails: Trails
  lastTime: number
  segments: Segment[]
  current: Segment
}

const mostBatch = 8 * 1024 * 1024
const unavailable = (why: string) => new KeeperRefusal('unavailable', { why })

/**
 * The append-only log. What `append` has answered is on the disk and under a signed checkpoint. After a failed write
 * or sync nothing is ever acknowledged again, because nobody knows what is on the disk.
 */
export class Log implements MirroredLog {
  readonly vkey: string
  readonly #options: LogOptions
  readonly #signer: Signer
  readonly #random: Random
  readonly #segmentBytes: number
  readonly #tree: Tree
  readonly #trails: Trails
  readonly #places: RecordPlace[]
  readonly #segments = new Map<number, Segment>()
  /** Further copies, written to before a batch is acknowledged. */
  readonly mirrors: LogMirror[] = []
  #current: Segment
  #running: Buffer
  #lastTime = 0
  #note: string
  #size: number
  #waiting: Waiting[] = []
  #flushing: Promise<void> | null = null
  #ended: KeeperRefusal | null = null

  private constructor(options: LogOptions, signer: Signer, scanned: Scanned, found: Found) {
    this.#options = options
    this.#signer = signer
    this.vkey = formatVkey(signer)
    this.#random = options.random ?? random
    this.#segmentBytes = options.segmentBytes ?? 64 * 1024 * 1024
    this.#tree = scanned.tree
    this.#running = scanned.running
    this.#size = scanned.size
    this.#note = scanned.note ?? ''
    this.#places = found.places
    this.#trails = found.trails
    this.#lastTime = found.lastTime
    this.#current = found.current
    for (const segment of found.segments) this.#segments.set(segment.first, segment)
  }

  /**
   * Opens the log, or begins one in an empty folder. An unfinished batch at the very end was never acknowledged and
   * is cut off; anything else that is not as it was written throws DamagedLog, which names the entry. Throws
   * DamagedLog too when the log does not extend `known`.
   */
  static async open(options: LogOptions): Promise<Log> {
    const signer = signerOf(options.name, options.signer)
    const vkey = formatVkey(signer)
    await mkdir(options.folder, { recursive: true, mode: 0o700 })
    await requireVkey(options.folder, vkey)
    const places: RecordPlace[] = []
    const trails = new Trails()
    let lastTime = 0
    const visit: Visit = (record, place) => {
      places.push(place)
      trails.add(record.trailSlot, record.index, record.commitment)
      lastTime = record.time
      options.replay(record)
    }
    const scanned = await scanLog(options.folder, signer, { known: options.known ?? [], visit })
    const segments: Segment[] = []
    for (const first of scanned.segments) segments.push(await Segment.open(options.folder, first))
    const current = segments.at(-1) ?? (await Segment.create(options.folder, 0))
    if (segments.length === 0) segments.push(current)
    await current.cut(scanned.end)
    const log = new Log(options, signer, scanned, { places, trails, lastTime, segments, current })
    // A log begins with the checkpoint of nothing, so that it always has one.
    if (scanned.note === null) await log.#write([])
    return log
  }

  /** Entries that are durable. */
  get size(): number {
    return this.#size
  }

  /** The index that the next entry will take; entries from `size` on are on their way to the disk. */
  get next(): number {
    return this.#tree.size
  }

  /** The signed note of the newest durable tree. */
  checkpoint(): string {
    return this.#note
  }

  /**
   * Writes entries, all or none, next to each other, and answers their indices once they are durable. Their places in
   * the log are taken before this returns its promise: of two calls, the earlier has the lower indices. Throws (as a
   * rejection) `malformed` for a body or control that may not be written, what `trailKey` throws, or `unavailable`.
   */
  append(entries: Appending[]): Promise<number[]> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) throw this.#ended
      const checked = entries.map(entry => this.#check(entry))
      if (checked.length === 0) return resolve([])
      const time = Math.max(this.#options.now(), this.#lastTime)
      this.#lastTime = time
      const indices = checked.map((_, position) => this.#tree.size + position)
      const records = checked.map(entry => this.#record(entry, this.#tree.size, time))
      this.#waiting.push({ records, indices, resolve, reject })
      // Not at once: whatever else arrives in this turn of the event loop shares the write.
      this.#flushing ??= new Promise(go => setImmediate(go)).then(() => this.#flush())
    })
  }

  /** The inclusion proof of one durable entry in the newest checkpoint's tree, or an older one's. */
  proof(index: number, size = this.#size): Buffer[] {
    this.#requireDurable(index, size)
    return this.#tree.inclusion(index, size)
  }

  /** The proof that the tree of `to` entries extends that of `from`. */
  consistency(from: number, to = this.#size): Buffer[] {
    if (!Number.isSafeInteger(from) || from < 0) throw new KeeperRefusal('malformed', { why: 'size' })
    if (from > to || to > this.#size) throw new KeeperRefusal('malformed', { why: 'size' })
    return this.#tree.consistency(from, to)
  }

  /** Opens one durable entry. Throws what `trailKey` throws: a body whose trail was shredded is gone for good. */
  async bodyOf(index: number): Promise<OpenedBody> {
    this.#requireDurable(index, this.#size)
    const record = await this.#read(index)
    const key = this.#options.trailKey(record.trailSlot)
    const where = { logId: this.#options.logId, index, trailSlot: record.trailSlot }
    const opened = openBody(key, where, record.sealed)
    if (!opened.commitment.equals(record.commitment))
      throw new KeeperRefusal('bad_box', { why: `entry ${index}` })
    return opened
  }

  /** One tile of the durable tree, or one bundle of its leaves, as C2SP tlog-tiles has it. */
  async tile(name: TileName): Promise<Buffer> {
    const { from, to } = tileSpan(name)
    if (to > this.#size) throw new KeeperRefusal('malformed', { why: 'no such tile' })
    const { level } = name
    if (level !== 'entries') return tileHashes(this.#tree, { ...name, level })
    return entryBundle((await this.records(from, to - from)).map(record => record.commitment))
  }

  /** What durable entries show in plain, from an index on: at most `count`, fewer at the end. */
  records(from: number, count: number): Promise<PlainRecord[]> {
    return plainRecords(this.#segments, this.#places.slice(from, from + count), from)
  }

  /** Signs another statement than a checkpoint with the key of the log: one that can be taken for none. */
  sign<T>(statement: (signer: Signer) => T): T {
    return statement(this.#signer)
  }

  /** Indices of one subject's durable entries, oldest first: at most `limit` of those greater than `after`. */
  trail(trailSlot: number, after: number | undefined, limit: number): number[] {
    return this.#trails.page(trailSlot, after ?? -1, this.#size, limit)
  }

  /** How long a subject's chain is and the commitment it ends with, entries on their way to the disk included. */
  head(trailSlot: number): Head | null {
    return this.#trails.head(trailSlot)
  }

  segments(): readonly Segment[] {
    return [...this.#segments.values()].sort((a, b) => a.first - b.first)
  }

  /** Whether this signed note is a checkpoint of this log's own tree. */
  contains(note: string): boolean {
    const stated = verifyCheckpoint(note, this.#signer)
    if (stated === null || stated.size > this.#size) return false
    return this.#tree.root(stated.size).equals(stated.root)
  }

  /** Waits for what was appended and closes the files. */
  async close(): Promise<void> {
    this.#ended ??= unavailable('the log was closed')
    while (this.#flushing !== null) await this.#flushing
    for (const segment of this.#segments.values()) await segment.close()
    for (const mirror of this.mirrors) await mirror.close()
    this.#segments.clear()
  }

  async #read(index: number): Promise<LogRecord> {
    const place = this.#places[index]!
    const segment = this.#segments.get(place.segment)
    if (segment === undefined) throw unavailable('the log was closed')
    return segment.entry(index, place)
  }

  #check(entry: Appending): Checked {
    const { trailSlot, body } = entry
    if (!Number.isSafeInteger(trailSlot) || trailSlot < 0 || trailSlot >= 2 ** 48) {
      throw new KeeperRefusal('malformed', { why: 'trail slot' })
    }
    const spelled = spell(body)
    requireCodes(entry.control ?? {}, 'control')
    const control = entry.control === undefined ? '' : canonical(entry.control)
    // Looked at here, so that nothing can be refused after the first entry has taken its place.
    const length = spelled.reduce((sum, part) => sum + part.length + 1, control.length * 3 + 4096)
    if (length > longestRecord) throw new KeeperRefusal('malformed', { why: 'a control longer than 5 MiB' })
    return { trailSlot, kind: body.kind, body: spelled, control, key: this.#options.trailKey(trailSlot) }
  }

  /** Builds the next record and moves the tree and the subject's chain past it. */
  #record(entry: Checked, index: number, time: number): Buffer {
    const { trailSlot, key, kind } = entry
    const head = this.#trails.head(trailSlot)
    const seq = (head?.seq ?? 0) + 1
    const body = bodyBytes(entry.body, { time, seq, prev: head?.commitment ?? null })
    const bytes = salted(this.#random(32), body)
    const commitment = commitmentTo(bytes)
    const sealed = sealBody(key, { logId: this.#options.logId, index, trailSlot }, bytes, this.#random)
    const record = encodeEntry({ index, time, kind, trailSlot, seq, commitment, sealed }, entry.control)
    this.#trails.add(trailSlot, index, commitment)
    this.#tree.append(leafHash(commitment))
    return record
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#takeBatch()
      try {
        await this.#write(batch.flatMap(one => one.records))
      } catch (error) {
        this.#halt(batch, error)
        break
      }
      for (const one of batch) one.resolve(one.indices)
    }
    this.#flushing = null
  }

  /** The calls that came first, whole, up to about 8 MiB. */
  #takeBatch(): Waiting[] {
    let bytes = 0
    let count = 0
    for (const one of this.#waiting) {
      if (bytes > mostBatch) break
      for (const record of one.records) bytes += record.length
      count += 1
    }
    return this.#waiting.splice(0, count)
  }

  /** Writes records and the checkpoint over them in one piece; they are durable when this returns. */
  async #write(records: Buffer[]): Promise<void> {
    const entries = chained(this.#running, records)
    const running = lastHash(entries)
    const size = this.#places.length + records.length
    const origin = this.#signer.name
    const text = checkpointText({ origin, size, root: this.#tree.root(size), running })
    const note = signNote(text, this.#signer)
    const end = chained(running, [encodeCheckpoint(note)])
    const whole = Buffer.concat([entries, end.subarray(hashLength)])

    this.#options.mayWrite?.()
    const segment = await this.#segmentFor(whole.length - hashLength)
    const before = segment.length
    // A segment begins with the running hash; in one that goes on it is there already.
    const bytes = before === 0 ? whole : whole.subarray(hashLength)
    await segment.write(bytes)
    await Promise.all(this.mirrors.map(mirror => mirror.write(segment.first, before, bytes)))

    let at = before === 0 ? hashLength : before
    for (const { length } of records) {
      this.#places.push({ segment: segment.first, at, length })
      at += length + hashLength
    }
    this.#running = lastHash(end)
    this.#note = note
    this.#size = size
  }

  async #segmentFor(bytes: number): Promise<Segment> {
    const { length, first } = this.#current
    const hasRoom = length + bytes <= this.#segmentBytes || first === this.#places.length
    if (hasRoom) return this.#current
    this.#current = await Segment.create(this.#options.folder, this.#places.length)
    this.#segments.set(this.#current.first, this.#current)
    return this.#current
  }

  #halt(batch: Waiting[], error: unknown): void {
    const ended = unavailable('the log could not be written')
    this.#ended = ended
    for (const one of [...batch, ...this.#waiting.splice(0)]) one.reject(ended)
    this.#options.fatal(error instanceof Error ? error : new Error('the log could not be written'))
  }

  #requireDurable(index: number, size: number): void {
    const isSize = Number.isSafeInteger(size) && size <= this.#size
    if (!isSize || !Number.isSafeInteger(index) || index < 0 || index >= size) {
      throw new KeeperRefusal('malformed', { why: 'no such entry' })
    }
  }
}
