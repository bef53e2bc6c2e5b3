import type { House } from '../core/house.ts'
import { withJobGrant } from './grant.ts'
import { read } from './reading.ts'
import { findSensitiveType, restrictedCode, sensitiveTypeFor, type TaskType } from './task-type.ts'

/** The purpose of the newest grant that a task in `t` was taken under; null for one that nobody has taken yet. */
export const purposeTaken = `(select g.purpose from grants g where g.task = t.id and g.kind = 'task' order by g.made_at desc limit 1)`

/**
 * What a task of a restricted type is about: as it was taken before, or else as its own box says, which the system reads to
 * decide whether it may be taken, and enters. Null for a task of any other type, and where the box is lost.
 */
export async function typeWithin(house: House, id: string): Promise<TaskType | null> {
  const task = await house.database.maybe<{ subject: string; purpose: string | null }>(
    `select t.subject, ${purposeTaken} as purpose from task t where t.id = $1 and t.type = '${restrictedCode}'
        and not exists (select 1 from task_closure c where c.task = t.id)`,
    [id],
  )
  if (task === null) return null
  const { subject, purpose } = task
  const known = sensitiveTypeFor(purpose)
  if (known !== null) return known
  const asked = { fields: ['question'], compartments: ['messages'] }
  const wanted = { subjects: [subject], ...asked, purpose: 'service', minutes: 5, most: 2 }
  return withJobGrant(house, wanted, async grant => {
    const [box] = await read(house, grant, subject, { ...asked, rows: [id], task: id })
    return findSensitiveType(box?.values.question?.about)
  })
}
