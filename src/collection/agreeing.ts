import type { House } from '../core/house.ts'
import { Refusal } from '../core/refusal.ts'
import {
  askToSign,
  type EnteringOptions,
  hasPasskey,
  type Proven,
  type Shown,
  verifyShown,
} from '../identity/passkey.ts'
import type { Session } from '../identity/session.ts'
import { foreseeConsent, type PortalEvidence } from './consent.ts'
import { statementHash, statementOf } from './consent-statement.ts'
import type { PurposeCode } from './purpose.ts'

/** What somebody is about to agree to; `renews`: in place of this agreement of theirs. */
export interface Intent {
  purpose: PurposeCode
  evidence: PortalEvidence
  renews: string | null
}

export interface AskedToSign extends EnteringOptions {
  /** What is signed: the page shows nothing else, and its hash is the challenge. */
  statement: string
}

/**
 * What a customer's passkey is asked to sign when they agree: the statement of exactly that, and no other use of the passkey.
 * Refuses `conflict` for whoever has no passkey, who agrees without, and what agreeing refuses of the notice.
 */
export async function askToSignAgreement(
  house: House,
  { id: session, room, subject, alias, guardian }: Session,
  intent: Intent,
): Promise<AskedToSign> {
  if (guardian || !(await hasPasskey(house.database, subject)))
    throw new Refusal('conflict', { detail: { reason: 'no_passkey' } })
  const { purpose, evidence, renews } = intent
  const foreseen = await house.database.transaction(tx => foreseeConsent(tx, { subject, ...intent }))
  const asked = { act: 'agree' as const, room, session }
  let statement = ''
  const options = await askToSign(house, asked, subject, async (consent, at) => {
    statement = await statementOf(house.database, {
      ...{ subject: alias, consent, purpose, fields: foreseen.fields, renews, at },
      ...{ notice: evidence.version, language: evidence.language, despite_signal: foreseen.despite },
    })
    return statementHash(statement)
  })
  return { ...options, statement }
}

/** A passkey of this customer that has signed an agreement of this session. Refuses `wrong_passkey`; also for somebody else's. */
export async function verifyAgreement(house: House, session: Session, shown: Shown): Promise<Proven> {
  const { id, room, subject } = session
  const proven = await verifyShown(house, { act: 'agree', room, session: id }, shown)
  if (proven.subject !== subject) throw new Refusal('wrong_passkey', { why: 'somebody else’s' })
  return proven
}
