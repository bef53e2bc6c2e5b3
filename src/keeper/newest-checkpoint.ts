import { join } from 'node:path'
import { findFile, writeDurably } from './durable-file.ts'
import { KeeperRefusal } from './refusal.ts'
import { Turn } from './turn.ts'

const formatVersion = 1
const pause = 1000

interface Kept {
  version: number
  /** Counts the starts: a keeper that finds a higher one here has been replaced and must stop. */
  fence: number
  note: string
}

/**
 * The newest signed checkpoint, kept in the custodian's folder, away from the log: a log that does not extend it
 * has gone back in time. File `checkpoint`: JSON of `version = 1`, `fence`, `note`.
 */
export class NewestCheckpoint {
  /** What was kept at the last start or after it; null at the very first. */
  readonly found: string | null
  readonly #path: string
  readonly #fence: number
  readonly #turn = new Turn()
  #saved = ''
  #timer: NodeJS.Timeout | undefined

  private constructor(path: string, found: Kept | null) {
    this.#path = path
    this.found = found?.note ?? null
    this.#fence = (found?.fence ?? 0) + 1
  }

  static async open(folder: string): Promise<NewestCheckpoint> {
    const path = join(folder, 'checkpoint')
    return new NewestCheckpoint(path, await read(path))
  }

  /** Takes the next fencing number and keeps the note. From now on an older keeper stops at its next note. */
  begin(note: string): Promise<void> {
    return this.#turn.take(() => this.#write(note))
  }

  /** Keeps a newer note; durable when it resolves. Refuses when another keeper has started since. */
  save(note: string): Promise<void> {
    if (this.#timer !== undefined) clearTimeout(this.#timer)
    this.#timer = undefined
    return this.#turn.take(async () => {
      if (note === this.#saved) return
      if ((await read(this.#path))?.fence !== this.#fence) {
        throw new KeeperRefusal('unavailable', { why: 'another keeper has started with this custodian' })
      }
      await this.#write(note)
    })
  }

  /** Keeps the then newest note within a second. */
  saveSoon(note: () => string, failed: (error: unknown) => void): void {
    this.#timer ??= setTimeout(() => this.save(note()).catch(failed), pause)
    this.#timer.unref()
  }

  async #write(note: string): Promise<void> {
    const kept: Kept = { version: formatVersion, fence: this.#fence, note }
    await writeDurably(this.#path, Buffer.from(`${JSON.stringify(kept)}\n`))
    this.#saved = note
  }
}

async function read(path: string): Promise<Kept | null> {
  const bytes = await findFile(path)
  if (bytes === null) return null
  try {
    const kept = JSON.parse(bytes.toString('utf8')) as Kept
    if (kept.version === formatVersion && Number.isSafeInteger(kept.fence) && typeof kept.note === 'string') {
      return kept
    }
  } catch {
    // Said below.
  }
  throw new KeeperRefusal('unavailable', { why: 'the checkpoint kept by the custodian is damaged' })
}
