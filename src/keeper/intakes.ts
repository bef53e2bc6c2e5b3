import type { KeyObject } from 'node:crypto'

/** An intake key that this process has made and still opens with. */
export interface LiveIntake {
  slot: number
  privateKey: KeyObject
  publicKey: Buffer
  /** Milliseconds since 1970. */
  until: number
  /** What was taken in under it: an envelope is taken once. */
  taken: Set<string>
}

/** Which slots hold intake keys that are not destroyed yet, as the log tells it, and the one in use. */
export class Intakes {
  /** Null until somebody asks for a key: one of an earlier process is never used again. */
  live: LiveIntake | null = null
  /**
   * Whether whole card numbers may be taken in: said by whoever starts the keeper, and by nobody who only speaks to it.
   */
  cardNumbers = false
  /** The making of one, while it is under way. */
  making: Promise<LiveIntake> | null = null
  readonly #slots = new Set<number>()
  /** Every slot that ever held one, destroyed or not. */
  readonly #made = new Set<number>()

  replay(control: Record<string, unknown>): void {
    if (control.intake !== undefined) this.add(control.intake as number)
    if (control.shred !== undefined) this.forget((control.shred as { slots: number[] }).slots)
  }

  add(slot: number): void {
    this.#slots.add(slot)
    this.#made.add(slot)
  }

  forget(slots: readonly number[]): void {
    for (const slot of slots) this.#slots.delete(slot)
    if (this.live !== null && slots.includes(this.live.slot)) this.live = null
  }

  /** Whether an intake key lies or lay in this slot: nothing else may be sealed under it, and a roll takes it first. */
  has(slot: number): boolean {
    return this.#made.has(slot)
  }

  /** All of them, or all but the one in use while its time is not over. */
  ended(now: number): number[] {
    const { live } = this
    return [...this.#slots].filter(slot => live === null || slot !== live.slot || live.until <= now)
  }

  all(): number[] {
    return [...this.#slots]
  }
}
