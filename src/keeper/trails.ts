interface Trail {
  indices: number[]
  commitment: Buffer
}

/** How many entries a chain has, and its last: the commitment and the index. */
export interface Head {
  seq: number
  commitment: Buffer
  index: number
}

/** Every subject's chain: where its entries lie in the log, and the commitment that the next one names. */
export class Trails {
  readonly #bySlot = new Map<number, Trail>()

  add(slot: number, index: number, commitment: Buffer): void {
    // Copied, because a view would keep the whole segment it was read from alive.
    const kept = Buffer.from(commitment)
    const trail = this.#bySlot.get(slot)
    if (trail === undefined) {
      this.#bySlot.set(slot, { indices: [index], commitment: kept })
    } else {
      trail.indices.push(index)
      trail.commitment = kept
    }
  }

  head(slot: number): Head | null {
    const trail = this.#bySlot.get(slot)
    if (trail === undefined) return null
    const { indices, commitment } = trail
    return { seq: indices.length, commitment, index: indices.at(-1)! }
  }

  /** At most `limit` indices of a subject, ascending, greater than `after` and lower than `before`. */
  page(slot: number, after: number, before: number, limit: number): number[] {
    const indices = this.#bySlot.get(slot)?.indices ?? []
    let low = 0
    let high = indices.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (indices[middle]! <= after) low = middle + 1
      else high = middle
    }
    return indices.slice(low, low + limit).filter(index => index < before)
  }
}
