import { hash } from 'node:crypto'
import { join } from 'node:path'
import {
  type Checkpoint,
  cosign,
  cosignaturesOf,
  emptyRoot,
  findFile,
  reach,
  Turn,
  type Verifier,
  verifyCheckpoint,
  verifyConsistency,
  type WitnessSigner,
  writeDurably,
} from '../keeper/checkpoint.ts'
import type { Evidence } from './evidence.ts'
import { heldFolder } from './identity.ts'
import { WitnessRefused } from './refusal.ts'
import type { Submission } from './submission.ts'

/** How a submission ends; every reason but the first has its own HTTP status (C2SP tlog-witness). */
export type Verdict =
  | { is: 'cosigned'; cosignature: string }
  | { is: 'unknown_log' | 'not_signed' | 'malformed' | 'not_consistent' }
  /** Of another size than the submission says, or of the same with another root. */
  | { is: 'conflict'; size: number }

/** The newest checkpoint of one log that was cosigned: its note with the log's signature and the witness's. */
interface Held {
  note: string
  checkpoint: Checkpoint
}

export interface WitnessOptions {
  folder: string
  signer: WitnessSigner
  /** The keys of the logs it watches, by their names. */
  logs: Verifier[]
  evidence: Evidence
  now: () => number
  /** Told in one line what the operator should look at. */
  say: (line: string) => void
}

/** The name under which a log is asked for: the hex SHA-256 of its origin. */
export const nameOfLog = (origin: string): string => hash('sha256', origin, 'hex')

/**
 * Cosigns checkpoints of logs, each only when it extends what was cosigned before, so that nobody can be shown another
 * history under this witness's name. What it holds is read from the disk at each request and written before it answers:
 * a crash at any moment makes it sign neither a smaller nor a forked tree.
 */
export class WitnessDesk {
  readonly #options: WitnessOptions
  readonly #turns: ReadonlyMap<string, Turn>

  private constructor(options: WitnessOptions) {
    this.#options = options
    this.#turns = new Map(options.logs.map(log => [log.name, new Turn()]))
  }

  /** Throws `WitnessRefused` when what it holds of a log is damaged, or signed by another key than the log's. */
  static async open(options: WitnessOptions): Promise<WitnessDesk> {
    const desk = new WitnessDesk(options)
    for (const origin of desk.#turns.keys()) await desk.#held(origin)
    return desk
  }

  /** Judges a submission, one after the other for each log. Throws when it cannot be kept: then nothing was signed. */
  async add(submission: Submission): Promise<Verdict> {
    const { checkpoint, note } = submission
    const turn = this.#turns.get(checkpoint.origin)
    if (turn === undefined) return { is: 'unknown_log' }
    const log = this.#options.logs.find(one => verifyCheckpoint(note, one) !== null)
    if (log === undefined) return { is: 'not_signed' }
    return turn.take(() => this.#judge(submission, log))
  }

  /** What is held of the log with this name, or null. */
  async find(name: string): Promise<string | null> {
    const origin = [...this.#turns.keys()].find(one => nameOfLog(one) === name)
    return origin === undefined ? null : ((await this.#held(origin))?.note ?? null)
  }

  /** The size of the newest tree that was cosigned of each log; null for none. */
  async sizes(): Promise<Map<string, number | null>> {
    const sizes = new Map<string, number | null>()
    for (const origin of this.#turns.keys())
      sizes.set(origin, (await this.#held(origin))?.checkpoint.size ?? null)
    return sizes
  }

  async #judge(submission: Submission, log: Verifier): Promise<Verdict> {
    const { old, proof, checkpoint } = submission
    const { size, root, origin } = checkpoint
    if (old > size) return { is: 'malformed' }
    const held = await this.#held(origin)
    const known = held?.checkpoint ?? { size: 0, root: emptyRoot }
    if (held !== null && size === known.size && !root.equals(known.root)) {
      await this.#report('fork', held, submission)
      return { is: 'conflict', size }
    }
    if (old !== known.size) return { is: 'conflict', size: known.size }
    if (!verifyConsistency(old, size, known.root, root, proof)) {
      if (held !== null) await this.#report('unproven', held, submission)
      return { is: 'not_consistent' }
    }
    return { is: 'cosigned', cosignature: await this.#cosign(submission, log) }
  }

  async #cosign({ note, text, checkpoint }: Submission, log: Verifier): Promise<string> {
    const { folder, signer, now } = this.#options
    const cosignature = cosign(text, signer, now())
    const kept = `${text}\n${signatureOf(note, text, log)}${cosignature}`
    reach('witness.signed')
    await writeDurably(join(heldFolder(folder), nameOfLog(checkpoint.origin)), Buffer.from(kept))
    reach('witness.kept')
    return cosignature
  }

  async #report(kind: 'fork' | 'unproven', held: Held, submission: Submission): Promise<void> {
    const { evidence, now, say } = this.#options
    const name = await evidence.keep({ kind, held: held.note, submission }, new Date(now()))
    const { origin, size } = submission.checkpoint
    if (name === null) return
    say(
      kind === 'fork'
        ? `${origin} has signed two different trees of ${size} entries: both are in ${name}`
        : `a tree of ${origin} with ${size} entries came without a proof that it extends the ${held.checkpoint.size} known: both are in ${name}`,
    )
  }

  async #held(origin: string): Promise<Held | null> {
    const { folder, signer, logs } = this.#options
    const file = join(heldFolder(folder), nameOfLog(origin))
    const bytes = await findFile(file)
    if (bytes === null) return null
    const note = bytes.toString('utf8')
    const signed = logs.map(log => (log.name === origin ? verifyCheckpoint(note, log) : null))
    const checkpoint = signed.find(one => one !== null)
    if (checkpoint == null || cosignaturesOf(note, [signer]).length !== 1)
      throw new WitnessRefused(`${file} is damaged, or ${origin} has another key than when it was written`)
    return { note, checkpoint }
  }
}

/** The log's own line among all signatures of a note. */
function signatureOf(note: string, text: string, log: Verifier): string {
  const lines = note.slice(text.length + 1, -1).split('\n')
  const own = lines.find(line => verifyCheckpoint(`${text}\n${line}\n`, log) !== null)
  return `${own}\n`
}
