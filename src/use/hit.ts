import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import type { House } from '../core/house.ts'
import { Refusal } from '../core/refusal.ts'
import type { Session } from '../identity/session.ts'

/** How long a hit may be come back to. */
const minutes = 30

/**
 * Whom a search has found, as the employee's page may hold it: sealed to the session that found them, so that it names nobody,
 * is of use in no other session, and lies in no table. Of two searches no two are alike.
 */
export function sealHit(house: House, session: Pick<Session, 'token'>, subject: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyOf(session), nonce)
  const until = house.clock.now().getTime() + minutes * 60_000
  const sealed = Buffer.concat([cipher.update(`${subject} ${until}`, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url')
}

/** Whose hit it is. Refuses `not_found` alike for one of another session, one that is too old, and what is none. */
export function openHit(house: House, session: Pick<Session, 'token'>, hit: string): string {
  const [subject, until] = read(keyOf(session), Buffer.from(hit, 'base64url')).split(' ')
  if (subject === undefined || !(Number(until) > house.clock.now().getTime()))
    throw new Refusal('not_found', { why: 'a hit that is too old' })
  return subject
}

function read(key: Buffer, bytes: Buffer): string {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
    decipher.setAuthTag(bytes.subarray(-16))
    return decipher.update(bytes.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8')
  } catch (cause) {
    throw new Refusal('not_found', { cause, why: 'no hit of this session' })
  }
}

const keyOf = ({ token }: Pick<Session, 'token'>): Buffer =>
  createHmac('sha256', token).update('custode search hit 1').digest()
