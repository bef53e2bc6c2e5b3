import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Book, BookFiles } from './book-files.ts'
import { type Kept, Unreachable } from './custodian.ts'
import { readKept, writeKept } from './kept-file.ts'
import type { Log } from './log.ts'
import { LogMirror } from './log-mirror.ts'
import type { Keeping } from './newest-checkpoint.ts'
import { KeeperRefusal } from './refusal.ts'

/**
 * A folder on another device that holds keybook and log once more, so that the loss of the keeper's own disk loses
 * nothing. Like the keybook itself it opens nothing without a custodian. A place that cannot be written to is behind:
 * readings and changes go on without it, new pages and rolls wait for it.
 */
export class Place implements Keeping {
  readonly folder: string
  readonly name: string
  readonly file: string
  readonly mirror: LogMirror
  #files: BookFiles | null = null
  #bookInStep = false

  constructor(folder: string) {
    this.folder = folder
    this.name = `the place ${folder}`
    this.file = join(folder, 'checkpoint')
    this.mirror = new LogMirror(join(folder, 'log'))
  }

  get inStep(): boolean {
    return this.#bookInStep && this.mirror.inStep
  }

  readNewest(): Promise<Kept | null> {
    return this.#reach(async () => {
      await mkdir(this.folder, { recursive: true, mode: 0o700 })
      return readKept(this.file)
    })
  }

  writeNewest(kept: Kept): Promise<void> {
    return this.#reach(() => writeKept(this.file, kept))
  }

  /**
   * Copies what is missing here of the log and of the book, and removes what belongs to no other. Refuses with
   * `unavailable` when the place holds a longer log; throws `Unreachable` when it cannot be written to. Whoever calls it
   * has the keybook's turn.
   */
  bringInStep(log: Log, own: BookFiles, book: Book): Promise<void> {
    return this.#reach(async () => {
      this.#bookInStep = false
      if (!this.mirror.inStep) await this.mirror.bringInStep(log)
      this.#files = await BookFiles.open(join(this.folder, 'book'))
      await this.#files.copyFrom(own, book)
      await this.#files.removeOthers(book)
      this.#bookInStep = true
    })
  }

  /** Does something to the book here. Throws `Unreachable`, and is behind from then on, when that fails. */
  async change(act: (files: BookFiles) => Promise<void>): Promise<void> {
    const files = this.#files
    if (files === null || !this.#bookInStep) throw new Unreachable(`${this.name} cannot be reached`)
    await this.#reach(() => act(files))
  }

  /** The book of this epoch as it lies here. */
  get files(): BookFiles {
    if (this.#files === null) throw new Unreachable(`${this.name} cannot be reached`)
    return this.#files
  }

  async #reach<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act()
    } catch (error) {
      this.#bookInStep = false
      if (error instanceof KeeperRefusal || error instanceof Unreachable) throw error
      if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error
      throw new Unreachable(`${this.name} cannot be reached (${(error as NodeJS.ErrnoException).code})`)
    }
  }
}
