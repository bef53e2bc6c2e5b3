import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import type { Note } from '../core/outbox.ts'
import { restrictedFields } from '../storage/restriction.ts'
import { endGrantsOfTask } from './grant.ts'
import { makeTask } from './task.ts'
import { taskTypes } from './task-type.ts'

const { data_correction: type } = taskTypes

/** Asks an employee, once, to see to what is in doubt about somebody whose row the transaction holds. */
export async function askForCorrection(tx: Tx, house: House, subject: string): Promise<void> {
  if ((await openCorrections(tx, subject)).length === 0)
    await makeTask(tx, house, type, { id: newId(), subject })
}

/**
 * When nothing of theirs is in doubt any more, what an employee opened to correct it is closed: its grants end before this
 * resolves, and the task counts as settled, by nobody of the company. The transaction holds the person's row.
 */
export async function endCorrection(
  tx: Tx,
  house: House,
  note: Note,
  { subject, by }: { subject: string; by: string },
): Promise<void> {
  if ((await restrictedFields(tx, subject)).length > 0) return
  for (const task of await openCorrections(tx, subject)) {
    await endGrantsOfTask(tx, house, task, by)
    await tx.query(`insert into task_closure (task, by, outcome, at) values ($1, null, 'settled', $2)`, [
      task,
      house.clock.now(),
    ])
    await note(subject, {
      ...{ kind: 'task.closure', actor: by, task, purpose: type.purpose, result: 'done' },
      detail: { outcome: 'settled' },
    })
  }
}

/** By their rows, locked: whoever closes one at this moment comes first or finds it closed. */
async function openCorrections(tx: Tx, subject: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select t.id from task t where t.subject = $1 and t.type = $2
        and not exists (select 1 from task_closure c where c.task = t.id)
      order by t.id for no key update`,
    [subject, type.code],
  )
  return rows.map(row => row.id)
}
