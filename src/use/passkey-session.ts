import { findCustomer } from '../collection/customer.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { findCredentials } from '../identity/employee.ts'
import { type Proven, type Shown, usePasskey, verifyShown } from '../identity/passkey.ts'
import { makeSession } from '../identity/session.ts'
import type { Signed } from './employee-session.ts'

/**
 * Signs in a customer by a passkey alone: it is theirs, it asked for a finger, a face or a PIN, and it signs for our address
 * only. Refuses `wrong_passkey` alike for an unknown, removed and wrong one and for an employee's.
 */
export async function signInByPasskey(house: House, shown: Shown): Promise<Signed['session']> {
  const proven = await verifyShown(house, { act: 'enter', room: 'portal', session: null }, shown)
  const { subject, id: passkey } = proven
  return change(house, async (tx, note) => {
    await usePasskey(tx, house, proven)
    const customer = await findCustomer(tx, subject)
    if (customer === null) throw new Refusal('wrong_passkey', { why: 'no customer' })
    await note(subject, {
      ...{ kind: 'session', actor: 'customer', result: 'done', detail: { by: 'passkey', passkey } },
    })
    return makeSession(tx, house, 'portal', subject, proof(house))
  })
}

/**
 * Signs in an employee by a passkey in place of password and code: having it and being verified by it are two factors.
 * Refuses `wrong_passkey` as above, and `wrong_role` for an employee at the office's door.
 */
export async function signInStaffByPasskey(
  house: House,
  room: 'work' | 'office',
  shown: Shown,
): Promise<Signed> {
  const proven = await verifyShown(house, { act: 'enter', room, session: null }, shown)
  const employee = await requireEmployee(house, proven)
  if (room === 'office' && employee.role !== 'officer') throw new Refusal('wrong_role')
  return change(house, async (tx, note) => {
    await usePasskey(tx, house, proven)
    const session = await makeSession(tx, house, room, employee.id, proof(house))
    const detail = { room, by: 'passkey', passkey: proven.id }
    const { pseudonym: actor } = employee
    await note(employee.id, { kind: 'session', act: newId(), actor, result: 'done', detail })
    return { employee, session }
  })
}

async function requireEmployee(house: House, { subject }: Proven): Promise<Signed['employee']> {
  const known = await findCredentials(house.database, subject)
  if (known === null) throw new Refusal('wrong_passkey', { why: 'nobody who works here' })
  const { password_hash: _hash, totp_row: _row, ...employee } = known
  return employee
}

const proof = (house: House) => ({ by: 'passkey' as const, at: house.clock.now() })
