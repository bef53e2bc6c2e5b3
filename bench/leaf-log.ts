import { generateKeyPairSync } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  chained,
  encodeCheckpoint,
  encodeEntry,
  firstHash,
  hashLength,
  lastHash,
} from '../src/keeper/log-file.ts'
import { leafHash, Tree } from '../src/keeper/merkle.ts'
import { checkpointText, formatVkey, type Signer, signerOf, signNote } from '../src/keeper/note.ts'
import { Segment } from '../src/keeper/segment.ts'

const nothing = Buffer.alloc(0)

/**
 * The keeper's log without bodies: its records, running hashes, tree, signed checkpoint and synced segment, fed with
 * commitments that are ready. What it writes is a log that the verifier takes.
 */
export class LeafLog {
  readonly folder: string
  readonly #signer: Signer
  readonly #segment: Segment
  readonly #tree = new Tree()
  #running: Buffer

  private constructor(folder: string, signer: Signer, segment: Segment) {
    this.folder = folder
    this.#signer = signer
    this.#segment = segment
    this.#running = firstHash(formatVkey(signer))
  }

  static async create(folder: string): Promise<LeafLog> {
    await mkdir(folder, { recursive: true })
    const signer = signerOf('custode/bench', generateKeyPairSync('ed25519').privateKey)
    await writeFile(join(folder, 'vkey'), `${formatVkey(signer)}\n`)
    const log = new LeafLog(folder, signer, await Segment.create(folder, 0))
    await log.append([])
    return log
  }

  get size(): number {
    return this.#tree.size
  }

  /** Durable, and under a signed checkpoint, when it resolves. */
  async append(commitments: readonly Buffer[]): Promise<void> {
    const time = Date.now()
    const records = commitments.map(commitment => {
      const place = { index: this.#tree.size, time, kind: 'leaf', trailSlot: 0, seq: this.#tree.size + 1 }
      this.#tree.append(leafHash(commitment))
      return encodeEntry({ ...place, commitment, sealed: nothing }, '')
    })
    const entries = chained(this.#running, records)
    const running = lastHash(entries)
    const text = checkpointText({
      origin: this.#signer.name,
      size: this.size,
      root: this.#tree.root(),
      running,
    })
    const end = chained(running, [encodeCheckpoint(signNote(text, this.#signer))])
    const from = this.#segment.length === 0 ? 0 : hashLength
    await this.#segment.write(Buffer.concat([entries.subarray(from), end.subarray(hashLength)]))
    this.#running = lastHash(end)
  }

  close(): Promise<void> {
    return this.#segment.close()
  }
}
