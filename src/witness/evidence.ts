import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Turn, textOf, writeDurably } from '../keeper/checkpoint.ts'
import type { Submission } from './submission.ts'

/** Two signed notes of one log that do not fit together. */
export interface Conflict {
  /**
   * `fork`: two roots for one size, which only the log itself can have signed. `unproven`: a larger tree whose proof
   * does not lead there; anybody who passes on a checkpoint of the log can make that up.
   */
  kind: 'fork' | 'unproven'
  held: string
  submission: Submission
}

const most: Record<Conflict['kind'], number> = { fork: 64, unproven: 16 }
const namePattern = /^evidence-([1-9][0-9]{0,5})$/

/** The folder's files `evidence-N`, none of which is ever written twice. */
export class Evidence {
  readonly #folder: string
  readonly #turn = new Turn()
  #last = 0
  #kept = { fork: 0, unproven: 0 }
  readonly #texts = new Set<string>()

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async open(folder: string): Promise<Evidence> {
    const evidence = new Evidence(folder)
    for (const name of await readdir(folder)) {
      const number = namePattern.exec(name)?.[1]
      if (number === undefined) continue
      evidence.#last = Math.max(evidence.#last, Number(number))
      evidence.#count(await readFile(join(folder, name), 'utf8'))
    }
    return evidence
  }

  get size(): number {
    return this.#kept.fork + this.#kept.unproven
  }

  /**
   * Keeps a conflict; durable when it resolves. Null when the same checkpoint is kept already, or as many of its kind as
   * there is room for: what anybody can make up takes no room from what only the log can have signed.
   */
  keep({ kind, held, submission }: Conflict, now: Date): Promise<string | null> {
    const { note, text, old, proof } = submission
    return this.#turn.take(async () => {
      if (this.#texts.has(`${kind} ${text}`) || this.#kept[kind] >= most[kind]) return null
      const name = `evidence-${this.#last + 1}`
      const hashes = proof.map(hash => hash.toString('base64'))
      const told = { version: 1, kind, at: now.toISOString(), held, submitted: note, old, proof: hashes }
      const bytes = `${JSON.stringify(told, null, 2)}\n`
      await writeDurably(join(this.#folder, name), Buffer.from(bytes))
      this.#last += 1
      this.#count(bytes)
      return name
    })
  }

  /** One that cannot be read any more is of the kind that leaves the most room for others. */
  #count(bytes: string): void {
    let kind: Conflict['kind'] = 'unproven'
    try {
      const told = JSON.parse(bytes) as { kind?: unknown; submitted?: unknown }
      if (told.kind === 'fork') kind = 'fork'
      this.#texts.add(`${kind} ${textOf(String(told.submitted))}`)
    } catch {
      // Kept as it is, and never written over.
    }
    this.#kept[kind] += 1
  }
}
