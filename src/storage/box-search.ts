import type { Queryable } from '../core/database.ts'
import type { Box, Key } from './record.ts'

/** Whose boxes are looked for, and under which grant. */
export interface Sought {
  key: Key
  subject: string
  compartments: readonly string[]
  rows: readonly string[] | null
}

interface Waiting extends Sought {
  resolve: (boxes: Box[]) => void
  reject: (error: unknown) => void
}

/** Statements under way at once: one is worked off while the next one fills. */
const mostRunning = 2
/** Few enough that the keeper opens one group while the log is written for another. */
const mostTogether = 16

/**
 * Looks for the boxes of many readings in one statement: whatever is asked while others are under way goes together, and
 * nothing waits when none are. A reading of everything, whose rows nobody has counted, goes by itself: it holds up none. PostgreSQL looks up each grant for itself, so a reading gets what it would get alone.
 */
export class BoxSearch {
  readonly #database: Queryable
  #waiting: Waiting[] = []
  #running = 0
  #begun = false

  constructor(database: Queryable) {
    this.#database = database
  }

  find(sought: Sought): Promise<Box[]> {
    return new Promise((resolve, reject) => {
      const one = { ...sought, resolve, reject }
      if (sought.rows === null) return void this.#answer([one])
      this.#waiting.push(one)
      if (this.#begun) return
      this.#begun = true
      // Not at once: whatever else is asked in this turn of the event loop shares the statement.
      setImmediate(() => {
        this.#begun = false
        this.#begin()
      })
    })
  }

  #begin(): void {
    while (this.#waiting.length > 0 && this.#running < mostRunning) {
      const together = this.#waiting.splice(0, mostTogether)
      this.#running++
      void this.#answer(together).finally(() => {
        this.#running--
        this.#begin()
      })
    }
  }

  async #answer(together: readonly Waiting[]): Promise<void> {
    try {
      const boxes = await this.#select(together)
      for (const [at, one] of together.entries()) one.resolve(boxes[at]!)
    } catch (error) {
      // One that PostgreSQL cannot take must not fail the others.
      if (together.length > 1) await Promise.all(together.map(one => this.#answer([one])))
      else together[0]!.reject(error)
    }
  }

  async #select(together: readonly Sought[]): Promise<Box[][]> {
    const rows = await this.#database.query<Box & { at: number }>('select * from boxes($1, $2, $3, $4, $5)', [
      together.map(one => one.key.grant),
      together.map(one => one.key.secret),
      together.map(one => one.subject),
      together.map(one => one.compartments.join()),
      together.map(one => one.rows?.join() ?? null),
    ])
    const found: Box[][] = together.map(() => [])
    for (const { at, ...box } of rows) found[at - 1]!.push(box)
    return found
  }
}
