import { requireConsent } from '../collection/consent.ts'
import type { Language } from '../collection/notice.ts'
import type { House } from '../core/house.ts'
import { change, noteOnly } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { addressToken } from '../identity/address.ts'
import type { Attempts } from '../identity/attempts.ts'
import { type Channel, makeChannelCode, tryChannelCode } from '../identity/channel-code.ts'
import { requireOrganisation } from '../identity/organisation.ts'
import type { Session } from '../identity/session.ts'
import { slotFor } from '../storage/keeping.ts'
import { writeLetter } from '../storage/letter.ts'
import { channelLetter } from './channel-letter.ts'

/**
 * Sends a code to an address of this field's, whoever it belongs to: only who reads it learns anything. `sent` counts what
 * went to one address, whoever asked. Refuses `rate_limited` after five of one customer or to one address within an hour.
 */
export async function sendChannelCode(
  house: House,
  session: Session,
  { field, address, compartment }: { field: string; address: string; compartment: string },
  { language, sent }: { language: Language; sent: Attempts },
): Promise<{ id: string; until: Date }> {
  const { subject, actor } = session
  sent.take((await addressToken(house, 'email', address)).toString('base64'))
  const { name } = await requireOrganisation(house.database)
  return change(house, async (tx, note) => {
    await tx.one('select 1 from subject where id = $1 for update', [subject])
    const basis = await requireConsent(tx, subject, 'service')
    const place = { compartment, slot: await slotFor(tx, subject, compartment) }
    const code = await makeChannelCode(tx, house, { subject, field, address }, place)
    const recipient = { subject, slot: await slotFor(tx, subject, 'messages'), basis }
    const mail = channelLetter(language, name, address, code.digits)
    const letter = await writeLetter(tx, house, recipient, { kind: 'code', until: code.until, mail })
    const detail = { code: code.id, letter }
    await note(subject, { kind: 'code', actor, fields: [field], result: 'done', detail })
    return { id: code.id, until: code.until }
  })
}

/**
 * Counts a try of one's own code for this address and refuses `wrong_code` unless it is right, alike for a wrong, used and
 * old one, another address's and somebody else's; `useChannelCode` must follow. A wrong try is noted in the trail.
 */
export async function requireChannelCode(
  house: House,
  { actor }: Session,
  channel: Channel,
  { id, digits }: { id: string; digits: string },
): Promise<void> {
  const { live, right } = await tryChannelCode(house, channel, id, digits)
  if (right) return
  if (live)
    await noteOnly(house, channel.subject, {
      ...{ kind: 'proof.refused', actor, fields: [channel.field], result: 'refused', detail: { code: id } },
    })
  throw new Refusal('wrong_code')
}
