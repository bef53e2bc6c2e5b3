import { KeeperRefusal } from './refusal.ts'

/** What the log keeps of a floor: `[slot, row, version]`, with null for a row that was deleted. */
export type FloorRecord = [slot: number, row: string, version: number | null]

const deleted = Number.POSITIVE_INFINITY

/**
 * The lowest version of a row that may still be opened, as the log tells it. Only edited and deleted rows are here.
 * A floor never falls.
 */
export class Floors {
  readonly #slots = new Map<number, Map<string, number>>()

  raise([slot, row, version]: FloorRecord): void {
    const rows = this.#slots.get(slot) ?? new Map<string, number>()
    rows.set(row, Math.max(rows.get(row) ?? 0, version ?? deleted))
    this.#slots.set(slot, rows)
  }

  replay(control: Record<string, unknown>): void {
    if (control.floors !== undefined) for (const floor of control.floors as FloorRecord[]) this.raise(floor)
  }

  /** The lowest version of a row that opens; infinite for a deleted row, 0 for one that was never changed. */
  of(slot: number, row: string): number {
    return this.#slots.get(slot)?.get(row) ?? 0
  }

  /** Refuses with `superseded` a version below the row's floor, and any version of a deleted row. */
  require(slot: number, row: string, version: number, at: number): void {
    if (version < this.of(slot, row)) throw new KeeperRefusal('superseded', { at })
  }

  /** Nothing opens a shredded slot, so its floors need no memory. */
  forget(slots: readonly number[]): void {
    for (const slot of slots) this.#slots.delete(slot)
  }
}
