/** One erasure as the log tells it. */
export interface Shred {
  act: string
  slots: number[]
  trailSlot: number
  time: number
  index: number
  /** The epoch in which its slots could still be opened. */
  epoch: number
  completed: number | null
}

/** The erasures, by act. Those without completion are carried out again by the server. */
export class Shreds {
  readonly #acts = new Map<string, Shred>()

  replay(control: Record<string, unknown>, at: Pick<Shred, 'index' | 'trailSlot' | 'time' | 'epoch'>): void {
    if (control.shred !== undefined) {
      const { act, slots } = control.shred as { act: string; slots: number[] }
      this.add({ act, slots, ...at, completed: null })
    }
    if (control.completed !== undefined) this.complete(control.completed as string, at.index)
  }

  find(act: string): Shred | null {
    return this.#acts.get(act) ?? null
  }

  add(shred: Shred): void {
    this.#acts.set(shred.act, shred)
  }

  complete(act: string, index: number): void {
    const shred = this.#acts.get(act)
    if (shred !== undefined) shred.completed = index
  }

  /** Those whose intent has a greater index, oldest first. */
  after(index: number): Shred[] {
    return [...this.#acts.values()].filter(shred => shred.index > index)
  }

  /** Oldest first. */
  pending(): Shred[] {
    return [...this.#acts.values()].filter(shred => shred.completed === null)
  }
}
