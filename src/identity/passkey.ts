import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { brokenConstraint, type Queryable, type Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import { type Asked, type BytesOf, type Challenge, makeChallenge, takeChallenge } from './challenge.ts'
import { algorithms, keyFromCose } from './passkey-key.ts'
import { requireLive, type Session } from './session.ts'

/** What a passkey is kept on, as its owner says: a word of ours, since a name of theirs would be a personal value. */
export const places = ['phone', 'computer', 'security_key', 'password_manager'] as const
export type Place = (typeof places)[number]

/** A passkey as its owner sees it. */
export interface Passkey {
  id: string
  kept_on: Place
  /** Whether the authenticator copies it to other devices of its owner. */
  synced: boolean
  made_at: Date
  used_at: Date | null
}

/** More than anybody needs; somebody who is in by mistake cannot fill a table. */
const most = 20

const rpId = (house: House): string => new URL(house.publicUrl).hostname
const base64url = (bytes: Buffer): string => bytes.toString('base64url')
const wrong = (why: string, cause?: unknown) => new Refusal('wrong_passkey', { why, cause })

const columns = 'id, kept_on, synced, made_at, used_at'

/** Somebody's passkeys, the oldest first. */
export const listPasskeys = (database: Queryable, subject: string): Promise<Passkey[]> =>
  database.query<Passkey>(`select ${columns} from passkey where subject = $1 order by made_at, id`, [subject])

export const hasPasskey = async (database: Queryable, subject: string): Promise<boolean> =>
  (await database.maybe('select 1 from passkey where subject = $1 limit 1', [subject])) !== null

export interface AddingOptions {
  id: string
  options: PublicKeyCredentialCreationOptionsJSON
}

/**
 * What the browser asks an authenticator for to make a passkey: one that is found without an address (discoverable), and
 * that asks its person for a finger, a face or a PIN each time. It learns the alias and the company's name, no name of theirs.
 */
export async function askToAdd(house: House, session: Session, organisation: string): Promise<AddingOptions> {
  const known = await house.database.query<{ credential: Buffer; transports: string[] }>(
    'select credential, transports from passkey where subject = $1',
    [session.subject],
  )
  if (known.length >= most) throw new Refusal('conflict', { detail: { reason: 'enough', most } })
  const { id, bytes } = await house.database.transaction(tx =>
    makeChallenge(tx, house, { act: 'add', room: session.room, session: session.id }),
  )
  const options = await generateRegistrationOptions({
    ...{ rpName: organisation, rpID: rpId(house), userName: session.alias, userDisplayName: session.alias },
    userID: new Uint8Array(Buffer.from(session.subject.replaceAll('-', ''), 'hex')),
    challenge: new Uint8Array(bytes),
    attestationType: 'none',
    supportedAlgorithmIDs: algorithms,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: known.map(({ credential, transports }) => ({
      id: base64url(credential),
      transports,
    })),
  })
  return { id, options }
}

export interface Adding {
  challenge: string
  keptOn: Place
  /** A `RegistrationResponseJSON`, judged by the library. */
  response: object
}

/** A new credential as it is verified: of the challenge that this session was given, for our address, with its person verified. */
export async function verifyNew(house: House, session: Session, { challenge, response }: Adding) {
  const { id: sessionId, room } = session
  const { bytes } = await takeChallenge(house, challenge, { act: 'add', room, session: sessionId })
  const verified = await verifyRegistrationResponse({
    response: response as RegistrationResponseJSON,
    ...{ expectedChallenge: base64url(bytes), expectedOrigin: house.publicUrl },
    ...{ expectedRPID: rpId(house), requireUserVerification: true, supportedAlgorithmIDs: algorithms },
  }).catch((error: unknown) => {
    throw wrong('what the authenticator made does not fit', error)
  })
  if (!verified.verified) throw wrong('what the authenticator made does not fit')
  const { credential, credentialBackedUp } = verified.registrationInfo
  return {
    credential: Buffer.from(credential.id, 'base64url'),
    publicKey: Buffer.from(credential.publicKey),
    counter: credential.counter,
    transports: (credential.transports ?? []).filter(one => /^[a-z-]{2,20}$/.test(one)).slice(0, 10),
    synced: credentialBackedUp,
  }
}

/** Stores a verified passkey. Refuses `conflict` for one that is known already, and `erased` for somebody who has left. */
export async function addPasskey(
  tx: Tx,
  house: House,
  session: Session,
  keptOn: Place,
  made: Awaited<ReturnType<typeof verifyNew>>,
): Promise<Passkey> {
  const { subject, kind } = session
  await tx.one('select 1 from subject where id = $1 for update', [subject])
  // Whoever was put out meanwhile leaves no way in behind.
  await requireLive(tx, session)
  const compartment = kind === 'employee' ? 'employment' : 'contact'
  const slot = await tx.maybe<{ number: number }>(
    'select number from slot where subject = $1 and compartment = $2',
    [subject, compartment],
  )
  if (slot === null) throw new Refusal('erased', { why: 'no slot for a passkey' })
  const id = newId()
  try {
    return await tx.one<Passkey>(
      `insert into passkey
         (id, subject, compartment, slot, credential, public_key, counter, transports, kept_on, synced, made_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning ${columns}`,
      [
        ...[id, subject, compartment, slot.number, made.credential, made.publicKey, made.counter],
        ...[made.transports, keptOn, made.synced, house.clock.now()],
      ],
    )
  } catch (error) {
    if (brokenConstraint(error) === 'passkey_credential_key')
      throw new Refusal('conflict', { why: 'known already', cause: error })
    throw error
  }
}

/** Removes one of somebody's passkeys: from the commit on it lets nobody in. Somebody else's is `not_found`. */
export async function removePasskey(tx: Tx, subject: string, id: string): Promise<void> {
  const removed = await tx.maybe('delete from passkey where id = $1 and subject = $2 returning id', [
    id,
    subject,
  ])
  if (removed === null) throw new Refusal('not_found')
}

/** Removes every passkey of somebody who works here no more. */
export const removePasskeysOf = async (tx: Tx, subject: string): Promise<void> => {
  await tx.query('delete from passkey where subject = $1', [subject])
}

/** Removes every passkey that somebody was given from this moment on. */
export const removePasskeysSince = async (tx: Tx, subject: string, since: Date): Promise<void> => {
  await tx.query('delete from passkey where subject = $1 and made_at >= $2', [subject, since])
}

export interface EnteringOptions {
  id: string
  options: PublicKeyCredentialRequestOptionsJSON
}

/**
 * What the browser asks an authenticator to sign. Before signing in no passkey is named, so the answer is alike for
 * everybody; within a session (`of`) those of its person. `bytesOf`: what is signed is no random number.
 */
export async function askToSign(
  house: House,
  asked: Asked,
  of: string | null,
  bytesOf?: BytesOf,
): Promise<EnteringOptions> {
  const { id, bytes } = await house.database.transaction(tx => makeChallenge(tx, house, asked, bytesOf))
  const own =
    of === null
      ? []
      : await house.database.query<{ credential: Buffer; transports: string[] }>(
          'select credential, transports from passkey where subject = $1',
          [of],
        )
  const options = await generateAuthenticationOptions({
    ...{ rpID: rpId(house), userVerification: 'required', challenge: new Uint8Array(bytes) },
    allowCredentials: own.map(({ credential, transports }) => ({ id: base64url(credential), transports })),
  })
  return { id, options }
}

export interface Shown {
  challenge: string
  /** An `AuthenticationResponseJSON`, judged by the library. */
  response: { id: string }
}

/** A passkey that has just signed, whose it is, and what it signed. */
export interface Proven {
  id: string
  subject: string
  counter: number
  challenge: Challenge
  /** COSE. */
  publicKey: Buffer
  /** In base64url, as the authenticator gave it. */
  response: { authenticatorData: string; clientDataJSON: string; signature: string }
}

interface Stored {
  id: string
  subject: string
  credential: Buffer
  public_key: Buffer
  counter: number
}

/**
 * Whose passkey has signed the challenge. Refuses `wrong_passkey` alike for an unknown or removed one, a signature that does
 * not fit, a person who was not verified, and a counter that has not grown (a copy of the passkey exists). `usePasskey`
 * must follow in the transaction of what it is for.
 */
export async function verifyShown(
  house: House,
  asked: Asked,
  { challenge, response }: Shown,
): Promise<Proven> {
  const taken = await takeChallenge(house, challenge, asked)
  const stored = await house.database.maybe<Stored>(
    'select id, subject, credential, public_key, counter from passkey where credential = $1',
    [Buffer.from(response.id, 'base64url')],
  )
  if (stored === null) throw wrong('unknown')
  const verified = await verifyAuthenticationResponse({
    response: response as AuthenticationResponseJSON,
    ...{ expectedChallenge: base64url(taken.bytes), expectedOrigin: house.publicUrl },
    ...{ expectedRPID: rpId(house), requireUserVerification: true },
    credential: {
      id: base64url(stored.credential),
      publicKey: new Uint8Array(stored.public_key),
      counter: stored.counter,
    },
  }).catch((error: unknown) => {
    throw wrong('the signature does not fit', error)
  })
  if (!verified.verified) throw wrong('the signature does not fit')
  return {
    ...{ id: stored.id, subject: stored.subject, challenge: taken, publicKey: stored.public_key },
    ...{ counter: verified.authenticationInfo.newCounter },
    response: (response as AuthenticationResponseJSON).response,
  }
}

/**
 * Writes down that a passkey was used. Refuses `wrong_passkey` where it was removed meanwhile, or another use has counted
 * further. Authenticators that do not count say 0 for ever.
 */
export async function usePasskey(tx: Tx, house: House, { id, counter }: Proven): Promise<void> {
  const used = await tx.maybe(
    `update passkey set counter = $2, used_at = $3
      where id = $1 and (counter < $2 or (counter = 0 and $2::bigint = 0)) returning id`,
    [id, counter, house.clock.now()],
  )
  if (used === null) throw wrong('removed or used meanwhile')
}

/** A public key as everything but an authenticator knows it: SubjectPublicKeyInfo (RFC 5280). */
export const spkiOf = (publicKey: Buffer): Buffer =>
  keyFromCose(publicKey).export({ type: 'spki', format: 'der' })
