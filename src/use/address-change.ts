import { requireAct } from '../collection/act.ts'
import { getCatalogueField } from '../collection/catalogue.ts'
import { requireConsent } from '../collection/consent.ts'
import type { Language } from '../collection/notice.ts'
import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId, newToken, sha256 } from '../core/ids.ts'
import { addJob, type Jobs } from '../core/jobs.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { addressToken, findAddress, lockAddresses, ownToken, swapAddress } from '../identity/address.ts'
import type { Attempts } from '../identity/attempts.ts'
import { useChannelCode } from '../identity/channel-code.ts'
import { requireOrganisation } from '../identity/organisation.ts'
import { requireLive, type Session } from '../identity/session.ts'
import { slotFor } from '../storage/keeping.ts'
import { writeLetter } from '../storage/letter.ts'
import { lift } from '../storage/restriction.ts'
import { changedLetter } from './address-letter.ts'
import { requireChannelCode, sendChannelCode } from './channel-proof.ts'
import { endCorrection } from './correction.ts'
import { endSessionsOf } from './grant.ts'
import { portalGrant } from './portal-grant.ts'
import type { Value } from './reading.ts'
import { scheduleReminders } from './reminder.ts'
import { rewriting, rewritingUnder } from './value-rewriting.ts'

/** For so long whoever reads the address before can take the change back. */
const daysToTakeBack = 7
const field = 'email'
const place = { field, compartment: 'contact' }

/**
 * Sends a code to the address that the customer wants to sign in with from now on, whoever it belongs to: the answer is the
 * same. Refuses `level_needed`, `invalid` (`unchanged`) for the address they have, and `rate_limited`.
 */
export async function askForAddressChange(
  house: House,
  session: Session,
  email: string,
  about: { language: Language; sent: Attempts },
): Promise<{ id: string; until: Date }> {
  await requireAct(house, session, 'change_address')
  const owner = await findAddress(house.database, 'email', await addressToken(house, 'email', email))
  if (owner?.subject === session.subject)
    throw new Refusal('invalid', { fields: [{ field: 'email', code: 'unchanged' }] })
  return sendChannelCode(house, session, { ...place, address: email }, about)
}

export interface NewAddress {
  email: string
  id: string
  digits: string
  language: Language
}

/**
 * Changes the address that a customer signs in with, once they have shown that they read the new one: index, value and
 * provenance in one transaction. The address before is written to at once, with a link that takes the change back for seven
 * days; every other session ends, and no code that was sent before lets anybody in. Refuses `level_needed`, `wrong_code`,
 * `conflict` where somebody else has the address, which only who reads it is told, or where another change came first, and
 * `search_rebuilding`.
 */
export async function changeAddress(house: House, session: Session, wanted: NewAddress): Promise<Date> {
  const { subject, actor } = session
  const { email, id, digits, language } = wanted
  await requireAct(house, session, 'change_address')
  await requireChannelCode(house, session, { subject, field, address: email }, { id, digits })
  const token = await addressToken(house, 'email', email)
  const { values, put } = await rewritingUnder(house, await portalGrant(house, session), subject, [field])
  const held = values[field]
  if (typeof held?.value !== 'string') throw new Refusal('erased', { why: 'no address is held' })
  const from = held.value
  const { name } = await requireOrganisation(house.database)
  const link = newToken()
  const now = house.clock.now()
  const until = new Date(now.getTime() + daysToTakeBack * 86_400_000)
  // Whoever else is in is put out first: cut off after that, nothing is changed and can be asked for again.
  await endSessionsOf(house, subject, actor, session.id)
  await change(house, async (tx, note) => {
    const slot = await holdAddress(tx, subject, token)
    // Whoever was put out meanwhile changes nothing any more.
    await requireLive(tx, session)
    await useChannelCode(tx, house, id)
    const one = newId()
    await swapAddress(tx, token, { subject, compartment: place.compartment, slot })
    await tx.query(
      'insert into address_change (id, subject, slot, hash, made_at, until) values ($1, $2, $3, $4, $5, $6)',
      [one, subject, slot, sha256(link), now, until],
    )
    const floors = await put(tx, new Map([[field, changedValue(held, email, { change: one, now, until })]]))
    await forgetCodes(tx, house, subject)
    await lift(tx, subject, [field])
    const asked = await getCatalogueField(tx, field)
    await scheduleReminders(tx, house, subject, { changed: [asked], given: [asked] })
    // After the #, so that no server on the way is told, and whoever only fetches the page changes nothing.
    const mail = changedLetter(language, name, from, `${house.publicUrl}/address#${link}`)
    const recipient = {
      ...{ subject, slot: await slotFor(tx, subject, 'messages') },
      basis: await requireConsent(tx, subject, 'service'),
    }
    const letter = await writeLetter(tx, house, recipient, { kind: 'address', until, mail })
    await addSettling(tx, one, until)
    await note(
      subject,
      { kind: 'address', actor, fields: [field], result: 'done', detail: { change: one, letter } },
      floors,
    )
    await endCorrection(tx, house, note, { subject, by: actor })
  })
  // And whoever came in between the two.
  await endSessionsOf(house, subject, actor, session.id)
  return until
}

/**
 * Locks the address that a customer has, the one they are to have and their row, in this order, as signing in and joining
 * do; nobody else may have it. Refuses `conflict`, also where their own has changed meanwhile.
 */
export async function holdAddress(tx: Tx, subject: string, token: Buffer): Promise<number> {
  const before = await ownToken(tx, subject)
  await lockAddresses(tx, before === null ? [token] : [before, token])
  await tx.one('select 1 from subject where id = $1 for update', [subject])
  const now = await ownToken(tx, subject)
  if ((before ?? token).equals(now ?? token) === false)
    throw new Refusal('conflict', { why: 'changed meanwhile' })
  const owner = await findAddress(tx, 'email', token)
  if (owner !== null && owner.subject !== subject)
    throw new Refusal('conflict', { why: 'somebody has this address', detail: { taken: true } })
  return slotFor(tx, subject, place.compartment)
}

function changedValue(
  { former, disputed: _doubt, awaiting: _seen, ...before }: Value,
  email: string,
  { change, now, until }: { change: string; now: Date; until: Date },
): Value {
  const at = now.toISOString()
  const kept = (former ?? []).filter(one => one.until > at)
  return {
    ...{ value: email, source: 'customer', at, verified: { method: 'code', at, by: 'customer' } },
    former: [...kept, { change, until: until.toISOString(), value: before }],
  }
}

/** Codes on their way to an address that is theirs no longer let nobody in. */
export const forgetCodes = (tx: Tx, house: House, subject: string) =>
  tx.query('update code set used_at = $2 where subject = $1 and used_at is null', [
    subject,
    house.clock.now(),
  ])

/** Has the address before forgotten, once the days are over in which the change can be taken back. */
export const addSettling = (tx: Tx, change: string, until: Date): Promise<void> =>
  addJob(tx, 'address.settling', { change }, { key: `address.settling:${change}`, runAt: until })

/** Forgets the address before, once the days are over in which the change can be taken back. Done once, it is done. */
export async function settleAddress(house: House, id: string): Promise<void> {
  const row = await house.database.maybe<{ subject: string }>(
    'select subject from address_change where id = $1 and until <= $2',
    [id, house.clock.now()],
  )
  if (row === null) return
  const { subject } = row
  const now = house.clock.now().toISOString()
  await rewriting(house, subject, [field], async ({ values, put }) => {
    const { former, ...held } = values[field] ?? {}
    const kept = (former ?? []).filter(one => one.until > now)
    await change(house, async (tx, note) => {
      await tx.one('select 1 from subject where id = $1 for update', [subject])
      await tx.query('delete from address_change where id = $1', [id])
      if (former === undefined) return
      const settled = { ...held, ...(kept.length === 0 ? {} : { former: kept }) } as Value
      const floors = await put(tx, new Map([[field, settled]]))
      const detail = { change: id }
      await note(
        subject,
        { kind: 'address.settled', actor: 'system', fields: [field], result: 'done', detail },
        floors,
      )
    })
  })
}

export const addressChangeJobs = (house: House): Jobs => ({
  'address.settling': {
    entry: 'address.settled',
    work: async ids => {
      if (ids.change !== undefined) await settleAddress(house, ids.change)
    },
  },
})
