import { type Stats, statSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from './durable-file.ts'
import { reach } from './failpoint.ts'
import { DamagedLog, decodeEntry, type LogRecord, type RecordPlace, segmentName } from './log-file.ts'

/** One file of the log, open for reading anywhere and for writing at its end. */
export class Segment {
  readonly first: number
  readonly #handle: FileHandle
  readonly #ino: number
  #length: number

  private constructor(first: number, handle: FileHandle, { size, ino }: Stats) {
    this.first = first
    this.#handle = handle
    this.#ino = ino
    this.#length = size
  }

  static async open(folder: string, first: number): Promise<Segment> {
    const handle = await open(join(folder, segmentName(first)), 'r+')
    return new Segment(first, handle, await handle.stat())
  }

  /** A new file whose name is durable. It is empty: the first write must begin with the running hash. */
  static async create(folder: string, first: number): Promise<Segment> {
    const handle = await open(join(folder, segmentName(first)), 'wx+', 0o600)
    reach('segment.made')
    await syncFolder(folder)
    return new Segment(first, handle, await handle.stat())
  }

  /** Whether this file still lies in the folder under its name. */
  isIn(folder: string): boolean {
    try {
      return statSync(join(folder, segmentName(this.first))).ino === this.#ino
    } catch {
      return false
    }
  }

  get length(): number {
    return this.#length
  }

  /** Drops what lies after `end`, durably. */
  async cut(end: number): Promise<void> {
    if (end >= this.#length) return
    await this.#handle.truncate(end)
    await this.#handle.sync()
    this.#length = end
  }

  /** Writes at the end and returns once it is durable. */
  async write(bytes: Buffer): Promise<void> {
    let written = 0
    while (written < bytes.length) {
      const at = this.#length + written
      written += (await this.#handle.write(bytes, written, bytes.length - written, at)).bytesWritten
    }
    reach('segment.written')
    await this.#handle.datasync()
    reach('segment.synced')
    this.#length += bytes.length
  }

  /** Durable bytes. Throws when there are not so many. */
  async read(at: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length)
    const { bytesRead } = await this.#handle.read(bytes, 0, length, at)
    if (bytesRead !== length) throw new Error('a segment is shorter than it was')
    return bytes
  }

  /** The record at this place. Throws DamagedLog when it is no longer what was read or written there. */
  async entry(index: number, place: RecordPlace): Promise<LogRecord> {
    const bytes = Buffer.alloc(place.length)
    const { bytesRead } = await this.#handle.read(bytes, 0, place.length, place.at)
    const record = bytesRead === place.length ? decodeEntry(bytes) : null
    if (record?.index !== index) throw new DamagedLog(index, 'changed after it was opened')
    return record
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}
