import { listCatalogue } from '../collection/catalogue.ts'
import { requireConsent } from '../collection/consent.ts'
import { findCustomer, findResting, raiseLevel } from '../collection/customer.ts'
import { countingRecord } from '../collection/merge.ts'
import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { change, noteOnly } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { tryCode, useCode } from '../identity/code.ts'
import { makeSession } from '../identity/session.ts'
import type { Floor } from '../keeper/client.ts'
import { replace } from '../storage/keeping.ts'
import { type Grant, withJobGrant } from './grant.ts'
import { type OpenedBox, read, type Value } from './reading.ts'

export interface SignedIn {
  kind: 'customer' | 'applicant'
  /** The address with all but its first letter and its domain hidden. */
  subject: string
  email: string
  session: { id: string; token: string; until: Date }
}

/**
 * Signs in whoever holds a code. Refuses `wrong_code` alike for a wrong, used, old and unknown one; a wrong try of a
 * live code is noted in the trail of its owner. Who holds the code of a record that rests is signed in to the one that stays, and
 * both trails say so. A customer whom an import brought has their address verified by it.
 */
export async function signIn(house: House, id: string, digits: string): Promise<SignedIn> {
  const tried = await tryCode(house, id, digits)
  // A guardian's code lets in by the guardian's door alone.
  if (tried.subject === null || tried.guardian) throw new Refusal('wrong_code')
  const { subject } = tried
  const customer =
    (await findCustomer(house.database, subject)) ?? (await findResting(house.database, subject))
  const kind = customer === null ? ('applicant' as const) : ('customer' as const)
  if (!tried.right) {
    const detail = { code: id }
    await noteOnly(house, subject, { kind: 'session.refused', actor: kind, result: 'refused', detail })
    throw new Refusal('wrong_code')
  }
  // The box is written anew then, so all that lies in it is opened.
  const unverified = customer?.level === 0
  const fields = unverified ? await fieldsBeside(house, 'email') : ['email']
  return withOwnAddress(house, subject, fields, async (grant, box) => {
    const session = await change(house, async (tx, note) => {
      await useCode(tx, house, id)
      const floors = unverified ? await verifyAddress(tx, house, grant, { ...box, subject }) : []
      const detail = unverified ? { detail: { level: 1 } } : {}
      await note(subject, { kind: 'session', actor: kind, result: 'done', ...detail }, floors)
      // Nobody merges the record or makes two of it again before this is done: its row is locked by the note.
      const counts = await countingRecord(tx, subject)
      if (counts !== subject)
        await note(counts, { kind: 'session', actor: kind, result: 'done', detail: { by: 'resting' } })
      const proof = { by: 'code' as const, at: house.clock.now() }
      return { ...(await makeSession(tx, house, 'portal', counts, proof)), counts }
    })
    const { counts, ...made } = session
    return { kind, subject: counts, email: masked(emailIn(box)), session: made }
  })
}

/** Every field that is sealed together with this one. */
async function fieldsBeside(house: House, code: string): Promise<string[]> {
  const catalogue = await listCatalogue(house.database)
  const compartment = catalogue.find(field => field.code === code)?.compartment
  return catalogue.filter(field => field.compartment === compartment).map(field => field.code)
}

/** Writes into the box of the address that its owner has shown to read what is sent there. */
async function verifyAddress(
  tx: Tx,
  house: House,
  grant: Grant,
  box: OpenedBox & { subject: string },
): Promise<Floor[]> {
  const basis = await requireConsent(tx, box.subject, 'service')
  await raiseLevel(tx, box.subject, 1)
  await tx.query('select enter($1, $2)', [grant.id, grant.secret])
  const at = house.clock.now().toISOString()
  const email: Value = { ...box.values.email!, verified: { method: 'code', at } }
  return [await replace(tx, house, basis, box, { ...box.values, email })]
}

/** The address of somebody who is joining, as they proved it. */
export function readOwnEmail(house: House, subject: string): Promise<string> {
  return withOwnAddress(house, subject, ['email'], async (_grant, box) => emailIn(box))
}

/** Opens the box of somebody's own address, under a grant made for their sign-in that ends with the work. */
async function withOwnAddress<T>(
  house: House,
  subject: string,
  fields: readonly string[],
  work: (grant: Grant, box: OpenedBox) => Promise<T>,
): Promise<T> {
  const wanted = {
    ...{ kind: 'signin' as const, subjects: [subject], fields, compartments: ['contact'] },
    ...{ purpose: 'sign-in', minutes: 1, most: 1 },
  }
  return withJobGrant(house, wanted, async grant => {
    const [box] = await read(house, grant, subject, { ...wanted, rows: [subject] })
    if (box === undefined) throw new Refusal('erased', { why: 'no address under this grant' })
    return work(grant, box)
  })
}

function emailIn(box: OpenedBox): string {
  const value = box.values.email?.value
  if (typeof value !== 'string') throw new Refusal('erased', { why: 'a box without an address' })
  return value
}

/** `a…@example.org`: enough to see which mailbox it is, for somebody who knows it. */
export function masked(email: string): string {
  const at = email.lastIndexOf('@')
  return `${[...email.slice(0, at)][0] ?? ''}…${email.slice(at)}`
}
