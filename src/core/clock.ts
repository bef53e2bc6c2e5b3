/** Where the time comes from. Nothing else in `src` asks the machine what time it is. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** A clock that stands still until it is told to move: for tests and for the demo's history. */
export class SetClock implements Clock {
  #at: number

  constructor(at: Date) {
    this.#at = at.getTime()
  }

  now(): Date {
    return new Date(this.#at)
  }

  set(at: Date): void {
    this.#at = at.getTime()
  }

  /** Moves the clock forward by so many milliseconds. */
  advance(ms: number): void {
    this.#at += ms
  }
}
