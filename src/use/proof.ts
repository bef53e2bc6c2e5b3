import { requireConsent } from '../collection/consent.ts'
import type { Language } from '../collection/notice.ts'
import type { House } from '../core/house.ts'
import { change, noteOnly } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { makeCode, tryCode, useCode } from '../identity/code.ts'
import { requireOrganisation } from '../identity/organisation.ts'
import { type Shown, usePasskey, verifyShown } from '../identity/passkey.ts'
import type { Session } from '../identity/session.ts'
import { noteProof, type SessionProof } from '../identity/session-proof.ts'
import { codeLetter } from '../storage/code-letter.ts'
import { writeLetter } from '../storage/letter.ts'
import { sendGuardianCode } from './guardian-session.ts'
import { masked, readOwnEmail } from './portal-session.ts'

export interface SentCode {
  id: string
  until: Date
  /** Where it went, with all but the first letter and the domain hidden. */
  email: string
}

/**
 * Sends a code to the customer's own address, so that they show again that it is them. It is a code like that of a sign-in,
 * and counts among the five of an hour. Refuses `rate_limited`.
 */
export async function sendOwnCode(house: House, session: Session, language: Language): Promise<SentCode> {
  const { subject, actor } = session
  if (session.guardian) {
    const sent = await sendGuardianCode(house, subject, language)
    return { ...sent, email: masked(sent.email) }
  }
  const email = await readOwnEmail(house, subject)
  const organisation = await requireOrganisation(house.database)
  return change(house, async (tx, note) => {
    await tx.one('select 1 from subject where id = $1 for update', [subject])
    const basis = await requireConsent(tx, subject, 'service')
    const { number: slot } = await tx.one<{ number: number }>(
      `select number from slot where subject = $1 and compartment = 'messages'`,
      [subject],
    )
    const code = await makeCode(tx, house, subject, slot)
    const mail = codeLetter(language, organisation.name, email, code.digits)
    const letter = await writeLetter(
      tx,
      house,
      { subject, slot, basis },
      {
        ...{ kind: 'code', until: code.until, mail },
      },
    )
    await note(subject, { kind: 'code', actor, result: 'done', detail: { code: code.id, letter } })
    return { id: code.id, until: code.until, email: masked(email) }
  })
}

/**
 * Notes in the session that its person has just shown a code sent to them. Refuses `wrong_code` alike for a wrong, used and
 * old one and for somebody else's; a wrong try of one's own is noted in the trail.
 */
export async function proveByCode(
  house: House,
  session: Session,
  id: string,
  digits: string,
): Promise<SessionProof> {
  await requireRightCode(house, session, id, digits)
  return change(house, async (tx, note) => {
    await useCode(tx, house, id)
    const proof = await noteProof(tx, house, session.id, 'code')
    await note(session.subject, {
      ...{ kind: 'proof', actor: session.actor, result: 'done', detail: { by: 'code' } },
    })
    return proof
  })
}

/** Counts a try of one's own code and refuses `wrong_code` unless it is right; `useCode` must follow. */
export async function requireRightCode(
  house: House,
  { subject, actor, guardian }: Session,
  id: string,
  digits: string,
): Promise<void> {
  const tried = await tryCode(house, id, digits)
  if (tried.right && tried.subject === subject && tried.guardian === guardian) return
  if (tried.subject === subject)
    await noteOnly(house, subject, { kind: 'proof.refused', actor, result: 'refused', detail: { code: id } })
  throw new Refusal('wrong_code')
}

/** Notes in the session that its person has just shown a passkey of theirs. Refuses `wrong_passkey`. */
export async function proveByPasskey(house: House, session: Session, shown: Shown): Promise<SessionProof> {
  const { id, room, subject, actor } = session
  const proven = await verifyShown(house, { act: 'prove', room, session: id }, shown)
  if (proven.subject !== subject || session.guardian)
    throw new Refusal('wrong_passkey', { why: 'somebody else’s' })
  return change(house, async (tx, note) => {
    await usePasskey(tx, house, proven)
    const proof = await noteProof(tx, house, id, 'passkey')
    const detail = { by: 'passkey', passkey: proven.id }
    await note(subject, { kind: 'proof', actor, result: 'done', detail })
    return proof
  })
}
