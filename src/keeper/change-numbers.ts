import { KeeperRefusal } from './refusal.ts'

/** Which changes the log holds, and how far each subject's numbers have come. */
export class ChangeNumbers {
  readonly #index = new Map<string, number>()
  readonly #last = new Map<number, number>()

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

  record(id: string, number: number, trailSlot: number, index: number): void {
    this.#index.set(id, index)
    if (number !== 0) this.#last.set(trailSlot, number)
  }

  /** Refuses with `change_gap`, naming the expected number, a change that is not its subject's next. */
  require(number: number, last: number, at: number): void {
    if (number !== 0 && number !== last + 1) throw new KeeperRefusal('change_gap', { expected: last + 1, at })
  }
}
