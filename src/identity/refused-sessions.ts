import type { House } from '../core/house.ts'
import { noteOnly } from '../core/outbox.ts'

const minute = 60_000

/**
 * Counts sign-ins that were refused: one entry per minute in the organisation's trail, which tells that somebody tries
 * and says nothing of whom. A crash loses the count of its last minute.
 */
export class RefusedSessions {
  readonly #house: House
  #count = 0
  #timer: NodeJS.Timeout | undefined

  constructor(house: House) {
    this.#house = house
  }

  add(): void {
    this.#count++
    this.#timer ??= setTimeout(() => void this.write().catch(() => {}), minute).unref()
  }

  /** Writes the entry of what was counted so far; called by the minute and when the server ends. */
  async write(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const count = this.#count
    this.#count = 0
    if (count === 0) return
    await noteOnly(this.#house, null, {
      kind: 'session.refused',
      actor: 'system',
      result: 'refused',
      detail: { count },
    })
  }
}
