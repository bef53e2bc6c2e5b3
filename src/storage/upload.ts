import type { Readable } from 'node:stream'
import type { Clock } from '../core/clock.ts'
import { newId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import type { ContactFormat } from './contact-file.ts'
import { tooLarge } from './import-file.ts'
import { mostUploaded } from './upload-file.ts'

/** A file that an officer has uploaded, as it was sent. */
export interface Upload {
  id: string
  /** The officer: nobody else finds it. */
  owner: string
  format: ContactFormat
  bytes: Buffer
  until: Date
}

const hour = 3_600_000
/** So many files are held or received at once, of all officers together. */
const mostHeld = 4

/**
 * The uploaded files of one server process. They lie in its memory and nowhere else: no disk, no database, no job, no other process
 * ever has one. A file goes when it was taken in, when its officer lets it go or uploads another one, an hour after it was
 * last used, and with the process.
 */
export class HeldUploads {
  readonly #clock: Clock
  readonly #held = new Map<string, Upload>()
  readonly #inUse = new Set<string>()
  readonly #timer: NodeJS.Timeout
  #receiving = 0

  constructor(clock: Clock) {
    this.#clock = clock
    this.#timer = setInterval(() => this.#sweep(), 60_000)
    this.#timer.unref()
  }

  /**
   * Reads what is sent into memory. Refuses `too_large` as soon as it is known to be, and `conflict` while as many files as are
   * held at all are held for others or on their way.
   */
  async receive(owner: string, sent: Readable, length: number | undefined): Promise<Buffer> {
    this.#sweep()
    if (length !== undefined && length > mostUploaded) throw tooLarge('bytes')
    const others = [...this.#held.values()].filter(one => one.owner !== owner || this.#inUse.has(one.id))
    if (others.length + this.#receiving >= mostHeld)
      throw new Refusal('conflict', { detail: { upload: 'full' } })
    this.#receiving++
    try {
      const pieces: Buffer[] = []
      let size = 0
      for await (const piece of sent as AsyncIterable<Buffer>) {
        size += piece.length
        if (size > mostUploaded) throw tooLarge('bytes')
        pieces.push(piece)
      }
      return Buffer.concat(pieces, size)
    } finally {
      this.#receiving--
    }
  }

  /** Holds a file, in place of the one its officer had before, unless that one is being taken in. */
  hold(owner: string, format: ContactFormat, bytes: Buffer): Upload {
    for (const one of this.#held.values())
      if (one.owner === owner && !this.#inUse.has(one.id)) this.#held.delete(one.id)
    const upload = { id: newId(), owner, format, bytes, until: this.#until() }
    this.#held.set(upload.id, upload)
    return upload
  }

  /** Refuses `not_found` for a file of somebody else, and for one that has gone. */
  get(owner: string, id: string): Upload {
    this.#sweep()
    const upload = this.#held.get(id)
    if (upload === undefined || upload.owner !== owner)
      throw new Refusal('not_found', { why: 'no such upload in this process' })
    upload.until = this.#until()
    return upload
  }

  /** While it is used a file stays, however long that takes. Refuses `conflict` for one that is being used. */
  async using<T>(upload: Upload, work: () => Promise<T>): Promise<T> {
    if (this.#inUse.has(upload.id)) throw new Refusal('conflict', { detail: { upload: 'busy' } })
    this.#inUse.add(upload.id)
    try {
      return await work()
    } finally {
      this.#inUse.delete(upload.id)
      upload.until = this.#until()
    }
  }

  letGo(id: string): void {
    this.#held.delete(id)
  }

  close(): void {
    clearInterval(this.#timer)
    this.#held.clear()
  }

  #until(): Date {
    return new Date(this.#clock.now().getTime() + hour)
  }

  #sweep(): void {
    const now = this.#clock.now()
    for (const one of this.#held.values())
      if (one.until <= now && !this.#inUse.has(one.id)) this.#held.delete(one.id)
  }
}
