import { createHash } from 'node:crypto'
import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { Refusal } from '../core/refusal.ts'
import { usePasskey as countUse, type Proven, spkiOf } from '../identity/passkey.ts'
import { type Language, noticeHash } from './notice.ts'
import type { PurposeCode } from './purpose.ts'

/** What a customer says by agreeing, whole: the fields sorted, and the hash of the very words they were shown. */
export interface Said {
  /** The customer's alias. */
  subject: string
  consent: string
  purpose: PurposeCode
  fields: readonly string[]
  notice: number
  language: Language
  despite_signal: boolean
  renews: string | null
  /** When they were asked to sign it. */
  at: Date
}

/**
 * The statement as it is signed: one text, of which the passkey's challenge is the SHA-256. The id of the consent is in it, so
 * a signature can stand for no other.
 */
export async function statementOf(database: Queryable, said: Said): Promise<string> {
  const { subject, consent, purpose, fields, notice, language, despite_signal, renews, at } = said
  return JSON.stringify({
    ...{ statement: 'custode-consent/1', subject, consent, purpose, fields: [...fields].sort() },
    ...{ notice, language, sha256: await noticeHash(database, notice, language) },
    ...{ despite_signal, renews, at: at.toISOString() },
  })
}

export const statementHash = (statement: string): Buffer => createHash('sha256').update(statement).digest()

/** What was signed, and how, as a receipt carries it: base64url but for the statement. */
export interface ConsentSignature {
  statement: string
  authenticatorData: string
  clientDataJSON: string
  signature: string
  /** SubjectPublicKeyInfo. */
  publicKey: string
}

/** What the log commits to: all of a signature in one hash, in hexadecimal digits. */
export const signatureDigest = (signed: ConsentSignature): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        ...[signed.statement, signed.authenticatorData, signed.clientDataJSON],
        ...[signed.signature, signed.publicKey],
      ]),
    )
    .digest('hex')

/**
 * Keeps the signature of a consent that was just written, and counts the use of the passkey. Refuses `wrong_passkey` where what was signed is not what is
 * agreed to now: the catalogue, the notice or the browser's word changed meanwhile.
 */
export async function keepSignature(
  tx: Tx,
  house: House,
  said: Omit<Said, 'at'>,
  proven: Proven,
): Promise<void> {
  const { challenge, publicKey, response } = proven
  const statement = await statementOf(tx, { ...said, at: challenge.at })
  if (!statementHash(statement).equals(challenge.bytes))
    throw new Refusal('wrong_passkey', { why: 'something else was signed' })
  const bytes = (text: string) => Buffer.from(text, 'base64url')
  await tx.query(
    `insert into consent_signature (consent, statement, authenticator_data, client_data, signature, public_key)
     values ($1, $2, $3, $4, $5, $6)`,
    [
      ...[said.consent, statement, bytes(response.authenticatorData), bytes(response.clientDataJSON)],
      ...[bytes(response.signature), spkiOf(publicKey)],
    ],
  )
  await countUse(tx, house, proven)
}

/** The signature of a consent, or null for one that no passkey has signed. */
export async function findSignature(database: Queryable, consent: string): Promise<ConsentSignature | null> {
  const row = await database.maybe<{
    statement: string
    authenticator_data: Buffer
    client_data: Buffer
    signature: Buffer
    public_key: Buffer
  }>(
    `select statement, authenticator_data, client_data, signature, public_key from consent_signature where consent = $1`,
    [consent],
  )
  if (row === null) return null
  return {
    statement: row.statement,
    authenticatorData: row.authenticator_data.toString('base64url'),
    clientDataJSON: row.client_data.toString('base64url'),
    signature: row.signature.toString('base64url'),
    publicKey: row.public_key.toString('base64url'),
  }
}
