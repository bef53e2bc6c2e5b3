import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newToken, sha256 } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import { type Employee, getEmployee } from './employee.ts'

const days = 7

/**
 * Makes the token that lets an invited employee choose a password; earlier ones are worth nothing from then on. It is
 * shown once and only its hash is kept. Throws `conflict` for anybody who is not invited.
 */
export async function makeInvitation(
  tx: Tx,
  house: House,
  employee: string,
): Promise<{ token: string; until: Date }> {
  const { state } = await getEmployee(tx, employee)
  if (state !== 'invited') throw new Refusal('conflict', { detail: { reason: state } })
  const token = newToken()
  const until = new Date(house.clock.now().getTime() + days * 86_400_000)
  await cancelInvitations(tx, employee)
  await tx.query('insert into invitation (hash, employee, until) values ($1, $2, $3)', [
    sha256(token),
    employee,
    until,
  ])
  return { token, until }
}

/** Whom a token invites. Throws `not_found` when it is unknown, used, over, or the employment has ended. */
export function getInvited(database: Queryable, now: Date, token: string): Promise<Employee> {
  return database.one<Employee>(
    `select e.id, e.name, e.role, e.language, e.pseudonym
       from invitation i join employee e on e.id = i.employee
      where i.hash = $1 and i.used_at is null and i.until > $2 and e.active_at is null and e.ended_at is null`,
    [sha256(token), now],
  )
}

/** Uses a token up. Throws `not_found` as `getInvited` does, also when somebody else is a moment faster. */
export async function takeInvitation(tx: Tx, house: House, token: string): Promise<Employee> {
  const now = house.clock.now()
  const taken = await tx.query(
    'update invitation set used_at = $2 where hash = $1 and used_at is null and until > $2 returning employee',
    [sha256(token), now],
  )
  if (taken.length === 0) throw new Refusal('not_found')
  const { employee } = taken[0] as { employee: string }
  const { state, ...known } = await getEmployee(tx, employee)
  if (state !== 'invited') throw new Refusal('not_found')
  return known
}

/** Makes every token that an employee has not used worth nothing. */
export async function cancelInvitations(tx: Tx, employee: string): Promise<void> {
  await tx.query('delete from invitation where employee = $1 and used_at is null', [employee])
}
