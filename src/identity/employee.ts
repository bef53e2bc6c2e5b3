import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { Refusal } from '../core/refusal.ts'
import { makeSubject } from './subject.ts'

export type Role = 'employee' | 'officer'
export type Language = 'en' | 'it'

/** Somebody who works here, as everybody in the house may see them. The log knows the pseudonym alone. */
export interface Employee {
  id: string
  name: string
  role: Role
  language: Language
  pseudonym: string
}

export interface EmployeeState extends Employee {
  state: 'invited' | 'active' | 'ended'
}

/** What a sign-in needs to know of an active employee. */
export interface Credentials extends Employee {
  password_hash: string
  /** The row of the box that holds the TOTP secret. */
  totp_row: string
}

const columns = 'id, name, role, language, pseudonym'
const state = `case when ended_at is not null then 'ended' when active_at is null then 'invited' else 'active' end as state`

/** Makes an employee who is invited and cannot sign in yet, with slots for the boxes of the employment. */
export async function makeEmployee(
  tx: Tx,
  house: House,
  about: { name: string; role: Role; language: Language },
): Promise<Employee> {
  const subject = await makeSubject(tx, house, 'employee', ['employment'])
  return tx.one<Employee>(
    `insert into employee (id, pseudonym, name, role, language, invited_at)
     values ($1, 'st_' || nextval('pseudonym_number'), $2, $3, $4, $5)
     returning ${columns}`,
    [subject.id, about.name, about.role, about.language, house.clock.now()],
  )
}

/** One employee in whatever state; throws `not_found`. */
export function getEmployee(database: Queryable, id: string): Promise<EmployeeState> {
  return database.one<EmployeeState>(`select ${columns}, ${state} from employee where id = $1`, [id])
}

/** Everybody who works or has worked here: present ones first, then by name. */
export function listEmployees(database: Queryable): Promise<EmployeeState[]> {
  return database.query<EmployeeState>(
    `select ${columns}, ${state} from employee order by ended_at is not null, lower(name), id`,
  )
}

/** The credentials of an employee who may sign in, or null: unknown, not active yet, or gone. */
export function findCredentials(database: Queryable, id: string): Promise<Credentials | null> {
  return database.maybe<Credentials>(
    `select ${columns}, password_hash, totp_row from employee
      where id = $1 and active_at is not null and ended_at is null
        and password_hash is not null and totp_row is not null`,
    [id],
  )
}

/** Gives an invited employee a password and a second factor. Throws `conflict` for anybody who is not invited. */
export async function activateEmployee(
  tx: Tx,
  house: House,
  id: string,
  credentials: { passwordHash: string; totpRow: string; totpStep: number },
): Promise<void> {
  const changed = await tx.query(
    `update employee set password_hash = $2, totp_row = $3, totp_step = $4, active_at = $5
      where id = $1 and active_at is null and ended_at is null returning id`,
    [id, credentials.passwordHash, credentials.totpRow, credentials.totpStep, house.clock.now()],
  )
  if (changed.length === 0) throw new Refusal('conflict', { why: 'nobody who is invited' })
}

/** Uses a TOTP step up; false when it, or a later one, was used before or the employee is not active any more. */
export async function takeTotpStep(tx: Tx, id: string, step: number): Promise<boolean> {
  const taken = await tx.query(
    `update employee set totp_step = $2
      where id = $1 and active_at is not null and ended_at is null and (totp_step is null or totp_step < $2)
      returning id`,
    [id, step],
  )
  return taken.length === 1
}

/**
 * Ends an employment and returns when it ended; of one that has ended already, when that was. From the commit on no
 * session and no sign-in of this employee counts. Throws `conflict` for the last officer, who would leave the company
 * without anybody to invite another.
 */
export async function endEmployment(tx: Tx, house: House, id: string): Promise<{ at: Date; first: boolean }> {
  const officers = await tx.query<{ id: string }>(
    `select id from employee where role = 'officer' and active_at is not null and ended_at is null
      order by id for update`,
  )
  const before = await tx.one<{ ended_at: Date | null }>(
    'select ended_at from employee where id = $1 for update',
    [id],
  )
  if (before.ended_at !== null) return { at: before.ended_at, first: false }
  if (officers.length === 1 && officers[0]!.id === id)
    throw new Refusal('conflict', { detail: { reason: 'last_officer' } })
  const at = house.clock.now()
  await tx.query('update employee set ended_at = $2, password_hash = null where id = $1', [id, at])
  return { at, first: true }
}
