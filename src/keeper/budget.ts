import { KeeperRefusal } from './refusal.ts'

const minute = 60_000

/**
 * The most that may be spent within sixty minutes, or as many as are told, per name. The last line of defence against a server that was
 * taken over: set far above honest work, far below a copy of everything.
 */
export class TimedBudget {
  readonly most: number
  readonly minutes: number
  readonly #spent = new Map<string, Map<number, number>>()
  /** The minute in which it was last told that half of a name's budget is used. */
  readonly #told = new Map<string, number>()
  #cleared = 0

  constructor(most: number, minutes = 60) {
    this.most = most
    this.minutes = minutes
  }

  /** How much of the last hour's budget is used. */
  used(name: string, now: number): number {
    const since = Math.floor(now / minute) - this.minutes
    let sum = 0
    for (const [at, amount] of this.#spent.get(name) ?? []) if (at > since) sum += amount
    return sum
  }

  /** Refuses with `budget` when this amount would be too much; spends nothing. */
  require(name: string, amount: number, now: number): void {
    if (this.used(name, now) + amount > this.most)
      throw new KeeperRefusal('budget', { why: `within ${this.minutes} minutes` })
  }

  /** Answers how much of the last hour's budget is used when it is half or more, once within an hour; else null. */
  spend(name: string, amount: number, now: number): number | null {
    const at = Math.floor(now / minute)
    this.#clear(at)
    const minutes = this.#spent.get(name) ?? new Map<number, number>()
    minutes.set(at, (minutes.get(at) ?? 0) + amount)
    this.#spent.set(name, minutes)
    const used = this.used(name, now)
    if (used * 2 < this.most || this.#told.has(name)) return null
    this.#told.set(name, at)
    return used
  }

  #clear(at: number): void {
    if (at === this.#cleared) return
    this.#cleared = at
    for (const [name, minutes] of this.#spent) {
      for (const old of minutes.keys()) if (old <= at - this.minutes) minutes.delete(old)
      if (minutes.size === 0) this.#spent.delete(name)
    }
    for (const [name, told] of this.#told) if (told <= at - this.minutes) this.#told.delete(name)
  }
}
