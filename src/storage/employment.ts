import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { addAddress, addressToken } from '../identity/address.ts'
import { type NewCredentials, requireNewCredentials } from '../identity/credentials.ts'
import {
  activateEmployee,
  type Employee,
  getEmployee,
  type Language,
  makeEmployee,
  type Role,
} from '../identity/employee.ts'
import { getInvited, makeInvitation, takeInvitation } from '../identity/invitation.ts'
import { findOrganisation } from '../identity/organisation.ts'
import { hashPassword } from '../identity/password.ts'
import { makeSession, type SessionRoom } from '../identity/session.ts'
import { type Basis, keep } from './keeping.ts'

/** The declared basis of an employee's values: the contract of employment. */
const contract: Basis = { fields: ['work_email', 'totp'] }

export interface Hired {
  name: string
  email: string
  role: Role
  language: Language
}

export interface Begun {
  employee: Employee
  room: SessionRoom
  session: { id: string; token: string; until: Date }
}

export interface Invited {
  employee: Employee
  invitation: { token: string; until: Date }
}

/**
 * Makes an employee: a row with the work name, the address sealed, and its fingerprint (`addressToken`) to sign in
 * with. Throws `invalid` for an address that another employee has.
 */
export async function hire(tx: Tx, house: House, hired: Hired, token: Buffer): Promise<Employee> {
  const employee = await makeEmployee(tx, house, hired)
  const slot = await employmentSlot(tx, employee.id)
  try {
    await addAddress(tx, 'employee-email', token, { subject: employee.id, compartment: 'employment', slot })
  } catch (error) {
    if (error instanceof Refusal && error.code === 'conflict')
      throw new Refusal('conflict', { fields: [{ field: 'email', code: 'invalid' }], cause: error })
    throw error
  }
  const value = { value: hired.email, source: 'officer', at: house.clock.now().toISOString() } as const
  await keep(tx, house, contract, employee.id, employee.id, { work_email: value })
  return employee
}

async function employmentSlot(database: Queryable, employee: string): Promise<number> {
  const { number } = await database.one<{ number: number }>(
    `select number from slot where subject = $1 and compartment = 'employment'`,
    [employee],
  )
  return number
}

/**
 * Gives an invited employee the password and the second factor they chose, and begins their first session. The secret
 * of the factor lies in a box of its own row, so that a sign-in opens nothing else.
 */
export async function begin(
  tx: Tx,
  house: House,
  employee: Employee,
  chosen: { passwordHash: string; totpSecret: string; totpStep: number },
): Promise<Begun> {
  const totpRow = newId()
  const value = { value: chosen.totpSecret, source: 'employee', at: house.clock.now().toISOString() } as const
  await keep(tx, house, contract, employee.id, totpRow, { totp: value })
  await activateEmployee(tx, house, employee.id, { ...chosen, totpRow })
  const room: SessionRoom = employee.role === 'officer' ? 'office' : 'work'
  const proof = { by: 'password' as const, at: house.clock.now() }
  return { employee, room, session: await makeSession(tx, house, room, employee.id, proof) }
}

/** Invites somebody to work here. The token is shown once. Throws `conflict` for an address that an employee has. */
export async function inviteEmployee(house: House, by: string, hired: Hired): Promise<Invited> {
  const token = await addressToken(house, 'employee-email', hired.email)
  return change(house, async (tx, note) => {
    const employee = await hire(tx, house, hired, token)
    const invitation = await makeInvitation(tx, house, employee.id)
    await noteInvited(note, employee, by)
    return { employee, invitation }
  })
}

/** A new token for somebody who has not come yet; the one before is worth nothing from then on. */
export async function inviteAgain(house: House, by: string, id: string): Promise<Invited> {
  return change(house, async (tx, note) => {
    const { state: _state, ...employee } = await getEmployee(tx, id)
    const invitation = await makeInvitation(tx, house, id)
    await noteInvited(note, employee, by)
    return { employee, invitation }
  })
}

type Note = Parameters<Parameters<typeof change>[1]>[1]

async function noteInvited(note: Note, employee: Employee, actor: string): Promise<void> {
  const act = newId()
  const detail = { employee: employee.pseudonym, role: employee.role }
  await note(employee.id, { kind: 'employee.invited', act, actor, result: 'done', detail })
  await note(null, { kind: 'employee.invited', act, actor, result: 'done', detail })
}

/**
 * Uses an invitation up: from then on the employee can sign in, and is. Throws `not_found` for a token that is
 * unknown, used or over, and `invalid` with the faults of the credentials; the token is then still good.
 */
export async function acceptInvitation(
  house: House,
  given: NewCredentials & { token: string },
): Promise<Begun> {
  const invited = await getInvited(house.database, house.clock.now(), given.token)
  const organisation = await findOrganisation(house.database)
  const totpStep = requireNewCredentials(given, [organisation?.name ?? '', invited.name], house.clock.now())
  const passwordHash = await hashPassword(given.password)
  return change(house, async (tx, note) => {
    const employee = await takeInvitation(tx, house, given.token)
    const begun = await begin(tx, house, employee, { passwordHash, totpSecret: given.totp_secret, totpStep })
    await noteBegun(note, begun)
    return begun
  })
}

async function noteBegun(note: Note, { employee, room }: Begun): Promise<void> {
  const act = newId()
  const actor = employee.pseudonym
  const detail = { employee: actor, role: employee.role }
  await note(employee.id, { kind: 'employee.accepted', act, actor, result: 'done', detail })
  await note(null, { kind: 'employee.accepted', act, actor, result: 'done', detail })
  await note(employee.id, { kind: 'session', act, actor, result: 'done', detail: { room } })
}
