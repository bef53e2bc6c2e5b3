import { randomBytes } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { keyOf, seal, unseal } from './cipher.ts'
import type { Custodian, Destroyed, Kept } from './custodian.ts'
import { destroyFile, findFile, unfinished, writeDurably } from './durable-file.ts'
import { readKept, writeKept } from './kept-file.ts'
import { KeeperRefusal } from './refusal.ts'

const formatVersion = 1
const name = /^epoch-([1-9][0-9]{0,8})$/

/**
 * The custodian that needs nothing but a folder: one file per epoch, `u8 version = 1 | key 32`. The folder must be
 * in no backup, image or snapshot: a copy of it opens every keybook of its time.
 */
export class FileCustodian implements Custodian {
  readonly id = 'file'
  readonly kind = 'file'
  readonly file: string
  readonly #folder: string
  readonly #now: () => number

  private constructor(folder: string, now: () => number) {
    this.#folder = folder
    this.file = join(folder, 'checkpoint')
    this.#now = now
  }

  static async open(folder: string, now: () => number): Promise<FileCustodian> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    for (const file of await readdir(folder)) {
      if (file.endsWith(unfinished)) await destroyFile(join(folder, file))
    }
    return new FileCustodian(folder, now)
  }

  #path(epoch: number): string {
    return join(this.#folder, `epoch-${epoch}`)
  }

  async #key(epoch: number) {
    const bytes = await findFile(this.#path(epoch))
    if (bytes === null || bytes.length !== 33 || bytes[0] !== formatVersion) {
      throw new KeeperRefusal('gone', { why: `the custodian has no key of epoch ${epoch}` })
    }
    return keyOf(bytes.subarray(1))
  }

  /** Replaces the key of an epoch that was begun and never came into use. */
  async createEpoch(epoch: number): Promise<void> {
    const bytes = Buffer.concat([Buffer.of(formatVersion), randomBytes(32)])
    await destroyFile(this.#path(epoch))
    await writeDurably(this.#path(epoch), bytes)
    bytes.fill(0)
  }

  async wrap(epoch: number, key: Buffer, aad: Buffer): Promise<Buffer> {
    return seal(await this.#key(epoch), key, aad)
  }

  async unwrap(epoch: number, blob: Buffer, aad: Buffer): Promise<Buffer> {
    const key = unseal(await this.#key(epoch), blob, aad)
    if (key === null)
      throw new KeeperRefusal('unavailable', { why: 'the custodian cannot unwrap the book key' })
    return key
  }

  async destroy(epoch: number): Promise<Destroyed> {
    await destroyFile(this.#path(epoch))
    return {
      state: 'destroyed',
      at: new Date(this.#now()).toISOString(),
      // On flash, copy-on-write file systems and snapshots the old blocks may survive: docs/threats.md.
      method: 'overwritten-once-and-unlinked',
    }
  }

  async list(): Promise<number[]> {
    const epochs = (await readdir(this.#folder)).map(file => Number(name.exec(file)?.[1] ?? 0))
    return epochs.filter(epoch => epoch > 0).sort((a, b) => a - b)
  }

  readNewest(): Promise<Kept | null> {
    return readKept(this.file)
  }

  writeNewest(kept: Kept): Promise<void> {
    return writeKept(this.file, kept)
  }
}
