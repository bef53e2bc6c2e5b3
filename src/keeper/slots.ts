import { KeeperRefusal } from './refusal.ts'
import { firstIssued } from './reserved.ts'

export const lastSlot = 2 ** 48 - 1

/** Which slots were issued and which were shredded, as the log tells it. */
export class Slots {
  #issued = firstIssued
  readonly #erased = new Set<number>()
  readonly #waiting = new Set<number>()
  #sorted: number[] = []

  /** The lowest number that was never issued. */
  get issued(): number {
    return this.#issued
  }

  /** Shredded slots that no roll has replaced yet. */
  get waiting(): number[] {
    return [...this.#waiting]
  }

  replay(control: Record<string, unknown>): void {
    if (control.lease !== undefined)
      this.#issued = Math.max(this.#issued, (control.lease as number[])[1]! + 1)
    if (control.shred !== undefined) this.shred((control.shred as { slots: number[] }).slots)
    if (control.rolled !== undefined) this.rolled((control.rolled as { slots: number[] }).slots)
  }

  /** Takes the next numbers; never gives them back, whatever follows. */
  take(count: number): { from: number; to: number } {
    const from = this.#issued
    this.#issued += count
    return { from, to: this.#issued - 1 }
  }

  shred(slots: number[]): void {
    for (const slot of slots) {
      // A slot already replaced by a roll needs no other one.
      if (!this.#erased.has(slot)) this.#waiting.add(slot)
      this.#erased.add(slot)
    }
  }

  rolled(slots: number[]): void {
    for (const slot of slots) this.#waiting.delete(slot)
  }

  /** Every slot that was shredded, ascending. */
  erased(): number[] {
    if (this.#sorted.length !== this.#erased.size) this.#sorted = [...this.#erased].sort((a, b) => a - b)
    return this.#sorted
  }

  isErased(slot: number): boolean {
    return this.#erased.has(slot)
  }

  /**
   * Refuses a number that no person has: `subject_slot` for one of the organisation's, `unknown_slot` for one never
   * issued.
   */
  requireIssued(slot: number, at?: number): void {
    const where = at === undefined ? {} : { at }
    if (slot < firstIssued) throw new KeeperRefusal('subject_slot', where)
    if (slot >= this.#issued) throw new KeeperRefusal('unknown_slot', where)
  }

  /** As `requireIssued`, and `erased` for a slot that was shredded. */
  requireUsable(slot: number, at?: number): void {
    this.requireIssued(slot, at)
    if (this.#erased.has(slot)) throw new KeeperRefusal('erased', at === undefined ? {} : { at })
  }
}
