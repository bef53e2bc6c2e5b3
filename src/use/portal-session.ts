import { findCustomer, raiseLevel } from '../collection/customer.ts'
import type { House } from '../core/house.ts'
import { change, noteOnly } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { tryCode, useCode } from '../identity/code.ts'
import { makeSession } from '../identity/session.ts'
import { withJobGrant } from './grant.ts'
import { read } from './reading.ts'

export interface SignedIn {
  kind: 'customer' | 'applicant'
  /** The address with all but its first letter and its domain hidden. */
  email: string
  session: { id: string; token: string; until: Date }
}

/**
 * Signs in whoever holds a code. Refuses `wrong_code` alike for a wrong, used, old and unknown one; a wrong try of a
 * live code is noted in the trail of its owner.
 */
export async function signIn(house: House, id: string, digits: string): Promise<SignedIn> {
  const tried = await tryCode(house, id, digits)
  if (tried.subject === null) throw new Refusal('wrong_code')
  const { subject } = tried
  const kind = await kindOf(house, subject)
  if (!tried.right) {
    const detail = { code: id }
    await noteOnly(house, subject, { kind: 'session.refused', actor: kind, result: 'refused', detail })
    throw new Refusal('wrong_code')
  }
  const session = await change(house, async (tx, note) => {
    await useCode(tx, house, id)
    if (kind === 'customer') await raiseLevel(tx, subject, 1)
    await note(subject, { kind: 'session', actor: kind, result: 'done' })
    return makeSession(tx, house, 'portal', subject)
  })
  return { kind, email: masked(await readOwnEmail(house, subject)), session }
}

async function kindOf(house: House, subject: string): Promise<'customer' | 'applicant'> {
  return (await findCustomer(house.database, subject)) === null ? 'applicant' : 'customer'
}

/** The address of somebody who is signing in or joining, read under a grant made for that and ended at once. */
export async function readOwnEmail(house: House, subject: string): Promise<string> {
  const wanted = {
    ...{ kind: 'signin' as const, subjects: [subject], fields: ['email'], compartments: ['contact'] },
    ...{ purpose: 'sign-in', minutes: 1, most: 1 },
  }
  const boxes = await withJobGrant(house, wanted, grant =>
    read(house, grant, subject, { ...wanted, rows: [subject] }),
  )
  const value = boxes[0]?.values.email?.value
  if (typeof value !== 'string') throw new Refusal('erased', { why: 'no address under this grant' })
  return value
}

/** `a…@example.org`: enough to see which mailbox it is, for somebody who knows it. */
export function masked(email: string): string {
  const at = email.lastIndexOf('@')
  return `${[...email.slice(0, at)][0] ?? ''}…${email.slice(at)}`
}
