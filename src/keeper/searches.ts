import { TimedBudget } from './budget.ts'
import type { Alarm } from './grants.ts'
import type { LogRecord } from './log-file.ts'
import type { EntryBody } from './requests.ts'

const day = 24 * 60

/** How much one employee may look for within a day, under one purpose; an empty search counts as one, else each hit. */
export const mostSearched = 300
/** All of them together: far above honest work, far below a copy of everybody. */
export const mostSearchedInAll = 20_000

export interface Searched {
  actor: string
  purpose: string
  /** How many were found; finding nobody counts as one. */
  found: number
}

/** What was looked for within a day, and by whom: no restart makes it forget, since it is read from the log again. */
export class Searches {
  readonly #ofActor = new TimedBudget(mostSearched, day)
  readonly #inAll = new TimedBudget(mostSearchedInAll, day)

  /** Refuses with `budget` what this person under this purpose, or everybody, may not find any more today. */
  require(searched: Searched, now: number): void {
    this.#ofActor.require(nameOf(searched), costOf(searched), now)
    this.#inAll.require('', costOf(searched), now)
  }

  /** Answers what somebody should look at. */
  spend(searched: Searched, at: number): Alarm[] {
    const { actor, purpose } = searched
    const half = this.#ofActor.spend(nameOf(searched), costOf(searched), at)
    const all = this.#inAll.spend('', costOf(searched), at)
    const within = 'day' as const
    return [
      ...(half === null
        ? []
        : [{ budget: 'searches', actor, purpose, amount: half, most: mostSearched, within }]),
      ...(all === null
        ? []
        : [
            { budget: 'searches-of-everybody', actor, purpose, amount: all, most: mostSearchedInAll, within },
          ]),
    ]
  }
}

const nameOf = ({ actor, purpose }: Searched) => `${actor} ${purpose}`
const costOf = ({ found }: Searched) => Math.max(1, found)

/** Gathers the searches of the last day from the log while it is read at start. Who searched lies sealed in the entries. */
export class SearchReplay {
  readonly #since: number
  readonly #entries: { index: number; trailSlot: number; time: number }[] = []

  constructor(now: number) {
    this.#since = now - day * 60_000
  }

  replay(control: Record<string, unknown>, { index, trailSlot, time }: LogRecord): void {
    if (control.search !== undefined && time > this.#since) this.#entries.push({ index, trailSlot, time })
  }

  async restore(
    searches: Searches,
    bodyOf: (entry: { index: number; trailSlot: number }) => Promise<EntryBody | null>,
  ): Promise<void> {
    for (const entry of this.#entries) {
      const body = await bodyOf(entry)
      if (body === null) continue
      const { actor, purpose = '', detail } = body
      searches.spend({ actor, purpose, found: Number(detail?.found ?? 0) }, entry.time)
    }
  }
}
