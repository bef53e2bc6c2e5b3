import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { removeAddresses } from '../identity/address.ts'
import { endEmployment, getEmployee } from '../identity/employee.ts'
import { cancelInvitations } from '../identity/invitation.ts'
import { removePasskeysOf } from '../identity/passkey.ts'
import type { Session } from '../identity/session.ts'
import { endSessionsOf } from './grant.ts'

/**
 * Ends an employment and returns when it ended. From the commit on nobody can sign in as this employee; when this
 * resolves, every session and grant of theirs has ended at the keeper and their open tasks are nobody's again. Safe
 * to repeat: a second time finishes what a crash left and answers the first time. Throws `conflict` for oneself and
 * for the last officer.
 */
export async function depart(
  house: House,
  by: Pick<Session, 'subject' | 'actor'>,
  id: string,
): Promise<Date> {
  if (id === by.subject) throw new Refusal('conflict', { detail: { reason: 'oneself' } })
  const { pseudonym } = await getEmployee(house.database, id)
  const at = await change(house, async (tx, note) => {
    const { at, first } = await endEmployment(tx, house, id)
    if (!first) return at
    await removeAddresses(tx, id)
    await cancelInvitations(tx, id)
    await removePasskeysOf(tx, id)
    const entry = { kind: 'employee.departed' as const, act: newId(), actor: by.actor, result: 'done' }
    await note(id, { ...entry, detail: { employee: pseudonym } })
    await note(null, { ...entry, detail: { employee: pseudonym } })
    return at
  })
  await endSessionsOf(house, id, by.actor)
  await house.keeper.revokeAll(pseudonym)
  await returnTasks(house, id)
  return at
}

const returnTasks = (house: House, employee: string) =>
  house.database.query(
    `update task set assignee = null
      where assignee = $1 and not exists (select 1 from task_closure c where c.task = task.id)`,
    [employee],
  )
