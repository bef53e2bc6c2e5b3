import { requireConsent } from '../collection/consent.ts'
import type { Language } from '../collection/notice.ts'
import type { House } from '../core/house.ts'
import { sha256 } from '../core/ids.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { addressToken, swapAddress } from '../identity/address.ts'
import { requireOrganisation } from '../identity/organisation.ts'
import { removePasskeysOf } from '../identity/passkey.ts'
import { slotFor } from '../storage/keeping.ts'
import { writeLetter } from '../storage/letter.ts'
import { lift } from '../storage/restriction.ts'
import { forgetCodes, holdAddress } from './address-change.ts'
import { takenBackLetter } from './address-letter.ts'
import { endCorrection } from './correction.ts'
import { endSessionsOf } from './grant.ts'
import type { Value } from './reading.ts'
import { rewriting } from './value-rewriting.ts'

const field = 'email'
const daysToSend = 3

/**
 * Takes a change of the address to sign in with back, for whoever holds the link that was sent to the address before: that
 * one lets in again, with what was known of it; everybody who is signed in is put out, passkeys are removed, since one of
 * them may be a thief's, and the address that was given is told. Also after further changes, which go with it. Refuses
 * `not_found` alike for a link that is unknown, used or too old, and `conflict` where somebody else has the address by now.
 */
export async function takeBackAddress(house: House, link: string, language: Language): Promise<void> {
  const row = await house.database.maybe<{ id: string; subject: string }>(
    `select c.id, c.subject from address_change c join subject s on s.id = c.subject
      where c.hash = $1 and c.undone_at is null and c.until > $2 and s.kind = 'customer'`,
    [sha256(link), house.clock.now()],
  )
  if (row === null) throw new Refusal('not_found', { why: 'no such link' })
  const { id, subject } = row
  const { name } = await requireOrganisation(house.database)
  await rewriting(house, subject, [field], async ({ values, put }) => {
    const held = values[field]
    const back = backTo(held, id)
    if (back === null) throw new Refusal('not_found', { why: 'nothing to go back to' })
    const token = await addressToken(house, 'email', String(back.value))
    // Cut off after the change, nobody must be in whom it was to put out.
    await endSessionsOf(house, subject, 'customer')
    await change(house, async (tx, note) => {
      const slot = await holdAddress(tx, subject, token)
      const now = house.clock.now()
      const undone = await tx.query(
        'update address_change set undone_at = $2 where id = $1 and undone_at is null returning 1',
        [id, now],
      )
      if (undone.length === 0) throw new Refusal('not_found', { why: 'used meanwhile' })
      await swapAddress(tx, token, { subject, compartment: 'contact', slot })
      const floors = await put(tx, new Map([[field, back]]))
      await forgetCodes(tx, house, subject)
      await removePasskeysOf(tx, subject)
      // What is right was settled when the address was changed, and a doubt since then was about the one that goes.
      await lift(tx, subject, [field])
      const recipient = {
        ...{ subject, slot: await slotFor(tx, subject, 'messages') },
        basis: await requireConsent(tx, subject, 'service'),
      }
      const until = new Date(now.getTime() + daysToSend * 86_400_000)
      const mail = takenBackLetter(language, name, String(held!.value))
      const letter = await writeLetter(tx, house, recipient, { kind: 'address', until, mail })
      const detail = { change: id, letter }
      await note(
        subject,
        { kind: 'address.reversal', actor: 'customer', fields: [field], result: 'done', detail },
        floors,
      )
      await endCorrection(tx, house, note, { subject, by: 'customer' })
    })
  })
  // And after it: whoever was put out before could come in again by the address that was given, until it was taken back.
  await endSessionsOf(house, subject, 'customer')
}

/** The value as it was before this change, with what can still be taken back before it. */
function backTo(held: Value | undefined, id: string): Value | null {
  const former = held?.former ?? []
  const at = former.findIndex(one => one.change === id)
  const found = former[at]
  if (found === undefined) return null
  const before = former.slice(0, at)
  return { ...found.value, ...(before.length === 0 ? {} : { former: before }) }
}
