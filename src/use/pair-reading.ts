import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import type { Session } from '../identity/session.ts'
import { otherOf } from './duplicate.ts'
import { getMyTask } from './task.ts'
import { openProfile, refuse, type SeenValue } from './task-reading.ts'

export interface PairReading {
  /** The two customers side by side, each by their alias. */
  people: { alias: string; values: Record<string, SeenValue> }[]
  until: Date
}

/**
 * Reads both customers of a review that I have taken, one act with an entry in each one's log. Refuses `not_found` (not mine,
 * closed, gone, or a task about one customer) and `no_grant`, which is noted in both logs.
 */
export async function readPair(house: House, session: Session, id: string): Promise<PairReading> {
  const task = await getMyTask(house.database, session, id)
  const other = await otherOf(house.database, id)
  if (other === null) throw new Refusal('not_found', { why: 'not about two' })
  const { grant } = task
  const both = [task.subject, other]
  if (grant === null) return refuse(house, session, task, null, new Refusal('no_grant'), both)
  const act = newId()
  const people = await Promise.all(
    both.map(async subject => {
      const values = await openProfile(house, session, { task, grant, subject, act })
      const { alias } = await house.database.one<{ alias: string }>(
        'select alias from subject where id = $1',
        [subject],
      )
      return { alias, values }
    }),
  )
  const nothing = people.every(({ values }) => Object.keys(values).length === 0)
  if (nothing && (await getMyTask(house.database, session, id)).grant === null)
    throw new Refusal('no_grant', { why: 'ended meanwhile' })
  return { people, until: grant.until }
}
