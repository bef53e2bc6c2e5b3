import { statSync } from 'node:fs'
import { type Kept, Unreachable } from './custodian.ts'
import { KeeperRefusal } from './refusal.ts'
import type { HeldNote } from './requests.ts'
import { Turn } from './turn.ts'

/** A custodian or a place, as somebody who keeps the newest checkpoint. */
export interface Keeping {
  readonly name: string
  /** The file it is kept in, where that is on this machine: looked at before every write of the log. */
  readonly file?: string
  readNewest(): Promise<Kept | null>
  writeNewest(kept: Kept): Promise<void>
}

const soon = 1000
/** A service far away or a token with flash memory is not written every second. */
const soonFarAway = 60_000

const replaced = (name: string) =>
  new KeeperRefusal('unavailable', { why: `another keeper has started with ${name}` })

/** What this process knows of one that keeps the checkpoint. */
interface Known {
  keeping: Keeping
  /** Null while it was never reached: then what it keeps must be looked at before it is replaced. */
  saved: string | null
  reached: boolean
  /** The file as it was after the last write; empty while it is written, and before it ever was. */
  mark: string
}

/**
 * The newest signed checkpoint, kept away from the log with every custodian and in every place: a log that does not
 * extend each of them has gone back in time. With it a number of the start (a fencing token): who finds a higher one
 * than its own has been replaced. One that cannot be reached is passed over and looked at when it answers again.
 */
export class NewestCheckpoint {
  /** The different notes that were found at start, each with one who holds it. */
  readonly found: HeldNote[]
  readonly #all: Known[]
  readonly #fence: number
  readonly #turn = new Turn()
  #contains: (note: string) => boolean = () => false
  #timers = new Map<boolean, NodeJS.Timeout>()

  private constructor(all: Known[], kept: (Kept & { by: string })[]) {
    this.#all = all
    this.found = [...new Map(kept.map(({ note, by }) => [note, { note, by }])).values()]
    this.#fence = Math.max(0, ...kept.map(one => one.fence)) + 1
  }

  /** Reads what everybody keeps. Refuses with `unavailable` what is damaged. */
  static async open(everybody: readonly Keeping[]): Promise<NewestCheckpoint> {
    const found: (Kept & { by: string })[] = []
    const all: Known[] = []
    for (const keeping of everybody) {
      const known: Known = { keeping, saved: null, reached: false, mark: '' }
      const kept = await reachOne(known, () => keeping.readNewest())
      if (kept !== null && kept !== undefined) found.push({ ...kept, by: keeping.name })
      // What it keeps is judged with the log now.
      if (known.reached) known.saved = kept?.note ?? ''
      all.push(known)
    }
    return new NewestCheckpoint(all, found)
  }

  /** Those that did not answer when they were last asked. */
  get unreached(): string[] {
    return this.#all.filter(one => !one.reached).map(one => one.keeping.name)
  }

  /**
   * Takes the next fencing number and keeps the note everywhere. From now on an older keeper stops at its next write.
   * `contains` tells whether a signed note is one of this log's own.
   */
  begin(note: string, contains: (note: string) => boolean): Promise<void> {
    this.#contains = contains
    return this.#turn.take(async () => {
      for (const known of this.#all) if (known.saved !== null) await this.#write(known, note)
    })
  }

  /** Keeps a newer note everywhere; durable when it resolves. Refuses when another keeper has started since. */
  save(note: string): Promise<void> {
    return this.#saveTo(this.#all, note)
  }

  /** Keeps the then newest note: on this machine within a second, far away within a minute. */
  saveSoon(note: () => string, failed: (error: unknown) => void): void {
    for (const near of [true, false]) {
      if (this.#timers.has(near)) continue
      const timer = setTimeout(
        () => {
          this.#timers.delete(near)
          const those = this.#all.filter(one => (one.keeping.file !== undefined) === near)
          this.#saveTo(those, note()).catch(failed)
        },
        near ? soon : soonFarAway,
      )
      timer.unref()
      this.#timers.set(near, timer)
    }
  }

  /**
   * Looks whether a file on this machine was written by anybody else since. At once and cheap, because every write of
   * the log asks. Refuses when another keeper has started.
   */
  requireMine(): void {
    for (const { keeping, mark } of this.#all) {
      const now = mark === '' ? '' : markOf(keeping)
      // One that is gone was lost, not replaced.
      if (now !== '' && now !== mark) throw replaced(keeping.name)
    }
  }

  #saveTo(those: readonly Known[], note: string): Promise<void> {
    return this.#turn.take(async () => {
      for (const known of those) {
        if (known.saved === note && known.reached) continue
        await this.#requireOwn(known)
        if (known.reached) await this.#write(known, note)
      }
    })
  }

  async #requireOwn(known: Known): Promise<void> {
    const { name } = known.keeping
    const kept = await reachOne(known, () => known.keeping.readNewest())
    if (!known.reached) return
    if (known.saved === null) {
      // Nobody looked at it at start: now its note must be in the log, or this is an old copy at work.
      if (kept != null && (kept.fence >= this.#fence || !this.#contains(kept.note))) throw replaced(name)
    } else if (kept != null && kept.fence !== this.#fence) throw replaced(name)
  }

  async #write(known: Known, note: string): Promise<void> {
    const { keeping } = known
    known.mark = ''
    await reachOne(known, () => keeping.writeNewest({ version: 1, fence: this.#fence, note }))
    if (!known.reached) return
    known.saved = note
    known.mark = markOf(keeping)
  }
}

/** Asks one and remembers whether it answered; undefined when it did not. */
async function reachOne<T>(known: Known, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    const answer = await ask()
    known.reached = true
    return answer
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error
    known.reached = false
    return undefined
  }
}

/** A written file is a new one: it is renamed into its place. Empty when there is none, or none can be seen. */
function markOf({ file }: Keeping): string {
  if (file === undefined) return ''
  try {
    const { ino, mtimeNs } = statSync(file, { bigint: true })
    return `${ino} ${mtimeNs}`
  } catch {
    return ''
  }
}
