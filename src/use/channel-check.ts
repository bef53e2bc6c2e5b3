import { listCatalogue } from '../collection/catalogue.ts'
import type { Language } from '../collection/notice.ts'
import type { House } from '../core/house.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import type { Attempts } from '../identity/attempts.ts'
import { useChannelCode } from '../identity/channel-code.ts'
import type { Session } from '../identity/session.ts'
import { requireChannelCode, sendChannelCode } from './channel-proof.ts'
import { portalGrant } from './portal-grant.ts'
import type { Value } from './reading.ts'
import { type Rewriting, rewritingUnder } from './value-rewriting.ts'

const unheld = () => new Refusal('invalid', { fields: [{ field: 'field', code: 'unknown' }] })

interface Held {
  address: string
  value: Value
  compartment: string
  put: Rewriting['put']
}

/** An address of one's own in a field of that type, other than the one to sign in with, which signing in proves. */
async function readHeld(house: House, session: Session, code: string): Promise<Held> {
  const field = (await listCatalogue(house.database)).find(one => one.code === code && one.type === 'email')
  if (field === undefined || code === 'email') throw unheld()
  const key = await portalGrant(house, session)
  const { values, put } = await rewritingUnder(house, key, session.subject, [code])
  const value = values[code]
  if (typeof value?.value !== 'string') throw unheld()
  if (value.disputed !== undefined) throw new Refusal('conflict', { why: 'in doubt' })
  return { address: value.value, value, compartment: field.compartment, put }
}

/**
 * Sends a code to an address that the customer has given in a further field of that type. Refuses `invalid` for a field that
 * holds no such address, `conflict` for one that is in doubt, and `rate_limited`.
 */
export async function askForCheckCode(
  house: House,
  session: Session,
  code: string,
  about: { language: Language; sent: Attempts },
): Promise<{ id: string; until: Date }> {
  const { address, compartment } = await readHeld(house, session, code)
  return sendChannelCode(house, session, { field: code, address, compartment }, about)
}

/**
 * Verifies such an address, as it is held now, by the code that was sent to it: one that was changed meanwhile is not
 * proved. Refuses `wrong_code`, and what `askForCheckCode` refuses.
 */
export async function checkByCode(
  house: House,
  session: Session,
  code: string,
  given: { id: string; digits: string },
): Promise<void> {
  const { subject, actor } = session
  const { address, value, put } = await readHeld(house, session, code)
  await requireChannelCode(house, session, { subject, field: code, address }, given)
  const at = house.clock.now().toISOString()
  const verified: Value = { ...value, verified: { method: 'code', at, by: 'customer' } }
  await change(house, async (tx, note) => {
    await tx.one('select 1 from subject where id = $1 for update', [subject])
    await useChannelCode(tx, house, given.id)
    const floors = await put(tx, new Map([[code, verified]]))
    const detail = { method: 'code', code: given.id }
    await note(subject, { kind: 'verification', actor, fields: [code], result: 'done', detail }, floors)
  })
}
