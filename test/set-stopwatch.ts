import type { Stopwatch } from '../src/core/stopwatch.ts'

/** A stopwatch that stands still until it is told to move; whoever waits moves it. */
export class SetStopwatch implements Stopwatch {
  #at: number
  readonly #waiting: () => Promise<void>

  /** `waiting` is called whenever somebody begins to wait. */
  constructor(at = 0, waiting: () => Promise<void> = async () => {}) {
    this.#at = at
    this.#waiting = waiting
  }

  read(): number {
    return this.#at
  }

  advance(ms: number): void {
    this.#at += ms
  }

  async wait(ms: number): Promise<void> {
    await this.#waiting()
    this.advance(ms)
  }
}
