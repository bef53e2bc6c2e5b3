import type { KeeperClient } from '../keeper/client.ts'

const block = 256
const mostAtOnce = 4096
/** Numbers that go faster than this are leased more at a time: each lease is several writes to the disk. */
const fast = 5000

/**
 * Slot numbers for this process. The keeper issues them in blocks and never issues one twice; a number taken by a
 * transaction that rolls back is burnt, since nobody can know whether a box was sealed under it.
 */
export class SlotLease {
  readonly #keeper: KeeperClient
  #next = 0
  #end = -1
  #leasing: Promise<void> | undefined
  #count = block
  #leasedAt = Number.NEGATIVE_INFINITY

  constructor(keeper: KeeperClient) {
    this.#keeper = keeper
  }

  /** The next `count` numbers, a block after another. Throws the keeper's refusal when it cannot be reached. */
  async take(count: number): Promise<number[]> {
    const numbers: number[] = []
    while (numbers.length < count) {
      if (this.#next <= this.#end) numbers.push(this.#next++)
      else await this.#renew()
    }
    return numbers
  }

  #renew(): Promise<void> {
    if (this.#leasing !== undefined) return this.#leasing
    const now = performance.now()
    this.#count = now - this.#leasedAt < fast ? Math.min(2 * this.#count, mostAtOnce) : block
    this.#leasedAt = now
    this.#leasing = this.#keeper
      .lease(this.#count)
      .then(leased => {
        this.#next = leased.from
        this.#end = leased.to
      })
      .finally(() => {
        this.#leasing = undefined
      })
    return this.#leasing
  }
}
