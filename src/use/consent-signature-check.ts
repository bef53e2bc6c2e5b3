import { createHash, createPublicKey, verify } from 'node:crypto'
import * as z from 'zod'
import { type ConsentSignature, signatureDigest, statementHash } from '../collection/consent-statement.ts'
import type { CommittedBody } from '../keeper/checkpoint.ts'

const text = z.string().min(1)

/** What a passkey signed, as a receipt carries it. */
export const signatureSchema = z.looseObject({
  ...{ statement: text, authenticatorData: text, clientDataJSON: text, signature: text, publicKey: text },
})

/** Who signed an agreement: a passkey, or the server for a channel that was verified; `declined`: though there was a passkey. */
export type SignedBy =
  | {
      by: 'passkey'
      /** The address of the page on which it was signed. */
      origin: string
      /** SHA-256 of the public key, in hexadecimal digits, and since when it was the customer's. */
      key: string
      since: string
    }
  | { by: 'server'; declined: boolean }

type Fault = { what: string }

/**
 * Checks offline that a passkey has signed what the entry of an agreement says, and that `added` is the entry in which this
 * passkey was added to the same customer's account before (WebAuthn Level 3, section 7.2, steps that need no server). The entry
 * commits to all of it by one hash. Never throws for what it is given.
 */
export function checkSignature(
  signed: ConsentSignature,
  given: CommittedBody,
  added: CommittedBody,
): SignedBy | Fault {
  const { statement, publicKey } = signed
  if (given.detail?.signature !== signatureDigest(signed)) return no('it is not the one in the log entry')
  const said = parsed(statement)
  const fault = saysOther(said, given)
  if (fault !== null) return no(`it is for ${fault}`)
  const client = parsed(bytes(signed.clientDataJSON).toString())
  if (client?.type !== 'webauthn.get' || typeof client.origin !== 'string')
    return no('it was not made to sign in or agree')
  if (client.challenge !== statementHash(statement).toString('base64url'))
    return no('another statement was signed')
  const data = bytes(signed.authenticatorData)
  const host = hostOf(client.origin)
  if (host === null || !data.subarray(0, 32).equals(sha256(Buffer.from(host))))
    return no('it was made for another address')
  // User present (0x01) and user verified (0x04).
  if (((data[32] ?? 0) & 0x05) !== 0x05) return no('nobody was verified at the device')
  if (!fits(signed, data)) return no('the signature does not fit')
  const key = sha256(bytes(publicKey)).toString('hex')
  if (added.kind !== 'passkey' || added.detail?.key !== key) return no('it is by another passkey')
  if (added.subject !== given.subject || added.seq >= given.seq)
    return no('the passkey was not this customer’s then')
  return { by: 'passkey', origin: client.origin, key, since: added.time }
}

const no = (what: string): Fault => ({ what: `its signature: ${what}` })
const bytes = (text: string): Buffer => Buffer.from(text, 'base64url')
const sha256 = (of: Buffer): Buffer => createHash('sha256').update(of).digest()

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).hostname : null
}

/** In what the statement differs from the entry, or null. */
function saysOther(
  said: Record<string, unknown> | null,
  { subject, purpose, fields, detail }: CommittedBody,
) {
  if (said?.statement !== 'custode-consent/1') return 'no agreement'
  if (said.subject !== subject) return 'somebody else’s agreement'
  if (said.consent !== detail?.consent || said.renews !== (detail?.renews ?? null)) return 'another agreement'
  if (said.purpose !== purpose) return 'another purpose'
  if (JSON.stringify(said.fields) !== JSON.stringify([...(fields ?? [])].sort())) return 'other fields'
  const { notice, language, sha256 } = detail ?? {}
  if (said.notice !== notice || said.language !== language || said.sha256 !== sha256) return 'another notice'
  return said.despite_signal === (detail?.despite_signal ?? false) ? null : 'another word of the browser'
}

/** ES256 as DER, Ed25519 and RS256: as `algorithms` of the passkeys asks for. */
function fits({ clientDataJSON, signature, publicKey }: ConsentSignature, data: Buffer): boolean {
  try {
    const key = createPublicKey({ key: bytes(publicKey), format: 'der', type: 'spki' })
    const signed = Buffer.concat([data, sha256(bytes(clientDataJSON))])
    return verify(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', signed, key, bytes(signature))
  } catch {
    return false
  }
}
