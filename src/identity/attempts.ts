import type { Clock } from '../core/clock.ts'
import { Refusal } from '../core/refusal.ts'

interface Count {
  count: number
  until: number
}

const mostKeys = 50_000

/**
 * How often somebody has tried in the last minutes, by a key that names nobody. An attempt is counted before it is
 * judged, so that many at once count too, and forgiven when it was right: that one alone, for whoever can be right once
 * could otherwise guess at others without end. In the memory of one process: a restart or a second server starts anew,
 * which the cost of a password check and the second factor make bearable.
 */
export class Attempts {
  readonly #clock: Clock
  readonly #most: number
  readonly #window: number
  readonly #counts = new Map<string, Count>()

  constructor(clock: Clock, most: number, minutes: number) {
    this.#clock = clock
    this.#most = most
    this.#window = minutes * 60_000
  }

  /**
   * Counts one attempt and returns what forgives it, and none but it, should it prove to be right. Throws `rate_limited`
   * when there were too many.
   */
  take(key: string): () => void {
    const counted = this.#current(key)
    if (counted.count >= this.#most) throw new Refusal('rate_limited')
    counted.count++
    let forgiven = false
    return () => {
      if (!forgiven) counted.count--
      forgiven = true
    }
  }

  /** The count of the time that runs: a forgiveness that comes later finds the old one. */
  #current(key: string): Count {
    const now = this.#clock.now().getTime()
    const known = this.#counts.get(key)
    if (known !== undefined && known.until > now) return known
    this.#counts.delete(key)
    this.#makeRoom(now)
    const fresh = { count: 0, until: now + this.#window }
    this.#counts.set(key, fresh)
    return fresh
  }

  /** The oldest go first: a flood of new keys cannot fill the memory. */
  #makeRoom(now: number): void {
    if (this.#counts.size < mostKeys) return
    for (const [key, { until }] of this.#counts) if (until <= now) this.#counts.delete(key)
    for (const key of this.#counts.keys()) {
      if (this.#counts.size < mostKeys) return
      this.#counts.delete(key)
    }
  }
}
