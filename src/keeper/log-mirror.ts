import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from './durable-file.ts'
import { longestRecord, segmentsIn } from './log-file.ts'
import { KeeperRefusal } from './refusal.ts'
import { Segment } from './segment.ts'

/** The log's own bytes as far as they are durable: its verifier key and its segments, in order. */
export interface MirroredLog {
  readonly vkey: string
  segments(): readonly Segment[]
}

const ahead = (folder: string) =>
  new KeeperRefusal('unavailable', {
    why: `the log has gone back in time: ${folder} holds a longer or another one`,
  })

/**
 * The log once more, in another folder: the same segments with the same bytes. Each batch is written after it is
 * durable in the keeper's own folder and before it is acknowledged. Whoever cannot be written to is behind, holds
 * nobody up, and gets what is missing when it answers again.
 */
export class LogMirror {
  readonly #folder: string
  #current: Segment | null = null
  #inStep = false

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Looks too whether the file that is written to is still the one of that name: an open file outlives its folder. */
  get inStep(): boolean {
    this.#inStep &&= this.#current?.isIn(this.#folder) === true
    return this.#inStep
  }

  /** Writes what was just written at this place of the log. Never throws. */
  async write(first: number, at: number, bytes: Buffer): Promise<void> {
    if (!this.inStep) return
    try {
      if (this.#current?.first !== first) await this.#begin(first)
      if (this.#current?.length === at) return await this.#current.write(bytes)
      this.#inStep = false
    } catch {
      this.#inStep = false
    }
  }

  async #begin(first: number): Promise<void> {
    await this.#current?.close()
    this.#current = null
    this.#current = await Segment.create(this.#folder, first)
  }

  /**
   * Copies what is missing. Refuses with `unavailable` a folder that holds more than the log, or anything else: then
   * the log itself is the older one. Throws what the file system throws.
   */
  async bringInStep(log: MirroredLog): Promise<void> {
    this.#inStep = false
    await this.#current?.close()
    this.#current = null
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    await this.#requireVkey(log.vkey)
    const theirs = new Set(await segmentsIn(this.#folder))
    for (const own of log.segments()) theirs.delete(own.first)
    if (theirs.size > 0) throw ahead(this.#folder)
    for (let at = 0; at < log.segments().length; at++) await this.#copy(log.segments()[at]!)
    // While the last one was copied, others may have been begun.
    while (!this.#isAtEndOf(log)) await this.#copy(log.segments().at(-1)!)
    this.#inStep = true
  }

  #isAtEndOf(log: MirroredLog): boolean {
    const last = log.segments().at(-1)
    return last !== undefined && last.first === this.#current?.first && last.length === this.#current.length
  }

  async #requireVkey(vkey: string): Promise<void> {
    const path = join(this.#folder, 'vkey')
    const found = await readFile(path, 'utf8').catch(() => null)
    if (found === `${vkey}\n`) return
    if ((await segmentsIn(this.#folder)).length > 0) throw ahead(this.#folder)
    await writeDurably(path, Buffer.from(`${vkey}\n`))
  }

  /** Makes a segment here what it is there, up to where it is durable there now. */
  async #copy(own: Segment): Promise<void> {
    if (this.#current?.first !== own.first) {
      await this.#current?.close()
      this.#current = null
      const exists = (await segmentsIn(this.#folder)).includes(own.first)
      this.#current = await (exists ? Segment.open : Segment.create)(this.#folder, own.first)
      await requirePrefix(this.#current, own, this.#folder)
    }
    const end = own.length
    while (this.#current.length < end) {
      const at = this.#current.length
      await this.#current.write(await own.read(at, Math.min(chunk, end - at)))
    }
  }

  async close(): Promise<void> {
    this.#inStep = false
    await this.#current?.close()
    this.#current = null
  }
}

const chunk = 8 * 1024 * 1024

async function requirePrefix(copy: Segment, own: Segment, folder: string): Promise<void> {
  if (copy.length > own.length) throw ahead(folder)
  for (let at = 0; at < copy.length; at += chunk) {
    const length = Math.min(chunk, copy.length - at)
    const [here, there] = [await copy.read(at, length), await own.read(at, length)]
    if (here.equals(there)) continue
    // What a crash left of a batch that was never acknowledged ends the copy and may hold anything.
    const differs = here.findIndex((byte, position) => byte !== there[position])
    if (copy.length - at - differs > longestRecord) throw ahead(folder)
    await copy.cut(at + differs)
    return
  }
}
