import { requestOf } from './grant-entry.ts'
import { type Grants, grantOf, oldestThatCounts } from './grants.ts'
import type { LogRecord } from './log-file.ts'
import type { EntryBody, GrantSubject } from './requests.ts'

interface Found {
  /** One entry per subject. */
  entries: { index: number; trailSlot: number }[]
  madeAt: number
  revoked: boolean
  /** Times of the readings that were written under it. */
  readings: number[]
}

/**
 * Gathers from the log, entry by entry, the grants that live or ended within the last hour (they still count in the
 * budgets), and makes them anew. Their conditions lie sealed in their subjects' trails.
 */
export class GrantReplay {
  readonly #since: number
  readonly #found = new Map<string, Found>()

  constructor(now: number) {
    this.#since = oldestThatCounts(now)
  }

  replay(control: Record<string, unknown>, record: LogRecord): void {
    if (control.grant !== undefined) {
      const { id, until } = control.grant as { id: string; until: number }
      if (until <= this.#since) return
      const found = this.#found.get(id) ?? { entries: [], madeAt: record.time, revoked: false, readings: [] }
      found.entries.push({ index: record.index, trailSlot: record.trailSlot })
      this.#found.set(id, found)
    }
    if (control.reading !== undefined) this.#found.get(control.reading as string)?.readings.push(record.time)
    if (control.revoke !== undefined) {
      const found = this.#found.get(control.revoke as string)
      if (found !== undefined) found.revoked = true
    }
  }

  /** `bodyOf` answers null where the subject's trail was shredded: then the grant no longer covers that subject. */
  async restore(
    grants: Grants,
    now: number,
    bodyOf: (entry: { index: number; trailSlot: number }) => Promise<EntryBody | null>,
  ): Promise<void> {
    for (const [id, found] of this.#found) {
      const subjects: GrantSubject[] = []
      let grant: ReturnType<typeof grantOf> | null = null
      for (const entry of found.entries) {
        const body = await bodyOf(entry)
        if (body === null) continue
        const request = requestOf(body)
        subjects.push(...request.subjects)
        grant ??= grantOf(request, entry.index)
      }
      if (grant === null) continue
      for (const subject of subjects) grant.subjects.set(subject.customer, subject)
      grants.add(grant, found.madeAt)
      for (const at of found.readings) grants.countReadings(grant, 1, at)
      if (found.revoked || grant.until <= now) grants.end(id)
    }
  }
}
