import { KeeperRefusal } from './refusal.ts'

/** Which changes the log holds, and how far each subject's numbers have come. */
export class ChangeNumbers {
  readonly #index = new Map<string, number>()
  readonly #last = new Map<number, number>()
  /** The number of each change by its index: only where trails are to be replayed, for it takes memory. */
  readonly #numbers: Map<number, number> | null
  #sorted: number[] = []

  constructor(restoring = false) {
    this.#numbers = restoring ? new Map() : null
  }

  replay(control: Record<string, unknown>, index: number, trailSlot: number): void {
    if (control.change === undefined) return
    const { id, number } = control.change as { id: string; number: number }
    this.record(id, number, trailSlot, index)
  }

  /** The index of a change that was written before, or null. */
  find(id: string): number | null {
    return this.#index.get(id) ?? null
  }

  last(trailSlot: number): number {
    return this.#last.get(trailSlot) ?? 0
  }

  /** The trails that hold numbered changes, ascending. */
  trails(): number[] {
    if (this.#sorted.length !== this.#last.size) this.#sorted = [...this.#last.keys()].sort((a, b) => a - b)
    return this.#sorted
  }

  /** The number of the change at an index, or null where there is none. Known to a keeper that restores alone. */
  numberAt(index: number): number | null {
    return this.#numbers?.get(index) ?? null
  }

  record(id: string, number: number, trailSlot: number, index: number): void {
    this.#index.set(id, index)
    this.#numbers?.set(index, number)
    if (number !== 0) this.#last.set(trailSlot, number)
  }

  /** Refuses with `change_gap`, naming the expected number, a change that is not its subject's next. */
  require(number: number, last: number, at: number): void {
    if (number !== 0 && number !== last + 1) throw new KeeperRefusal('change_gap', { expected: last + 1, at })
  }
}
