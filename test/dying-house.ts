import type { Database, Tx } from '../src/core/database.ts'
import type { House } from '../src/core/house.ts'
import type { KeeperClient } from '../src/keeper/client.ts'

/** What a call meets in a process that has died. */
export class Death extends Error {
  override readonly name = 'Death'
}

export interface Fate {
  /** At which call to the database or the keeper the process dies, counted from 1. */
  at: number
  /** Whether that call still takes effect: then only its answer is lost. */
  when: 'before' | 'after'
  /** Instead of the process, what else may die at that moment. */
  instead?: () => Promise<void>
}

/** Counts the calls of a life, and ends it where its fate says. */
class Life {
  readonly #fate: Fate
  /** The calls so far, by name: `keeper.shred`. */
  readonly calls: string[] = []
  #dead = false

  constructor(fate: Fate) {
    this.#fate = fate
  }

  async step<T>(name: string, act: () => Promise<T>): Promise<T> {
    if (this.#dead) throw new Death(name)
    this.calls.push(name)
    if (this.calls.length !== this.#fate.at) return act()
    if (this.#fate.when === 'before') return this.#meet(name, act)
    const result = await act()
    return this.#meet(name, async () => result)
  }

  async #meet<T>(name: string, go: () => Promise<T>): Promise<T> {
    if (this.#fate.instead !== undefined) {
      await this.#fate.instead()
      return go()
    }
    this.#dead = true
    throw new Death(name)
  }
}

/**
 * The same house as seen by a process that dies at one call to the database or the keeper: from then on every call
 * fails, and a transaction under way rolls back. The calls themselves are the real ones.
 */
export function dyingHouse(house: House, fate: Fate): { house: House; calls: string[] } {
  const life = new Life(fate)
  const keeper = watched(house.keeper, 'keeper', life)
  const database = watched(house.database, 'database', life)
  return { house: { ...house, keeper, database }, calls: life.calls }
}

function watched<T extends KeeperClient | Database>(target: T, name: string, life: Life): T {
  return new Proxy(target, {
    get(real, property) {
      const found: unknown = Reflect.get(real, property, real)
      if (typeof found !== 'function') return found
      return (...args: unknown[]) => {
        const given = property === 'transaction' ? [withdrawn(args[0] as Act, life)] : args
        return life.step(`${name}.${String(property)}`, () => found.apply(real, given) as Promise<unknown>)
      }
    },
  })
}

type Act = (tx: Tx) => Promise<unknown>

/** Who dies inside a transaction does not commit it. */
const withdrawn =
  (act: Act, life: Life): Act =>
  async tx => {
    const result = await act(tx)
    await life.step('database.commit', async () => {})
    return result
  }
