import { brokenConstraint, type Queryable } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import type { Session } from '../identity/session.ts'

/** That somebody decided I am here twice. Of the other record nothing is told, for it may be somebody else's. */
export interface SeenTwice {
  id: string
  decided_at: Date
  /** When it was said that it is not so, by either of the two. */
  objected_at: Date | null
  /** The two are one now, by their own person. */
  merged: boolean
}

export const listSeenTwice = (database: Queryable, subject: string): Promise<SeenTwice[]> =>
  database.query<SeenTwice>(
    `select d.task as id, c.at as decided_at, o.at as objected_at,
            exists (select 1 from merge m
                     where d.subject in (m.stays, m.rests) and d.other in (m.stays, m.rests)) as merged
       from duplicate d join task_closure c on c.task = d.task and c.outcome = 'same'
       left join duplicate_objection o on o.task = d.task
      where d.subject = $1 or d.other = $1
      order by c.at desc, d.task`,
    [subject],
  )

/**
 * Says "that is not me": from then on the two count as two people, whatever the employee decided, and nobody is asked again. Both
 * find it in their logs. Refuses `not_found` for what is not about the caller or was not decided so, `conflict` where it was
 * said already, or the two were merged: that is undone first.
 */
export async function object(house: House, session: Session, id: string): Promise<Date> {
  const { subject } = session
  return change(house, async (tx, note) => {
    const people = await tx.query<{ id: string }>(
      `select id from subject
        where id in (select subject from duplicate where task = $1 union select other from duplicate where task = $1)
        order by id for no key update`,
      [id],
    )
    const seen = (await listSeenTwice(tx, subject)).find(one => one.id === id)
    if (seen === undefined) throw new Refusal('not_found', { why: 'not about the caller' })
    if (seen.merged) throw new Refusal('conflict', { why: 'merged' })
    const at = house.clock.now()
    try {
      await tx.query(
        `insert into duplicate_objection (task, subject, slot, at)
         select $1, subject, number, $3 from slot where subject = $2 and compartment = 'identity'`,
        [id, subject, at],
      )
    } catch (error) {
      if (brokenConstraint(error) !== 'duplicate_objection_pkey') throw error
      throw new Refusal('conflict', { why: 'said already', cause: error })
    }
    const entry = { kind: 'duplicate.objection' as const, task: id, result: 'done', act: newId() }
    // In the other's log it was not they who said it.
    for (const one of people)
      await note(one.id, { ...entry, actor: one.id === subject ? session.actor : 'system' })
    return at
  })
}
