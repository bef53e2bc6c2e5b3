/** One after the other: an act begins when all acts before it have ended, however they ended. */
export class Turn {
  #last: Promise<unknown> = Promise.resolve()

  take<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(act, act)
    this.#last = mine
    // Whoever took the turn hears of the failure; the next in line only has to wait for the end.
    mine.catch(() => {})
    return mine
  }
}
