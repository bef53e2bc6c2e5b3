import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'

const iterations = 4096

/**
 * What PostgreSQL keeps of a password, so that the password itself is in no statement: RFC 5802 with SHA-256, in the
 * form of `pg_authid.rolpassword`. The password must be ASCII, since nothing is normalised here.
 */
export function scramVerifier(password: string): string {
  if (!/^[!-~]+$/.test(password)) throw new Error('a password of ours is printable ASCII')
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest()
  const stored = createHash('sha256').update(hmac('Client Key')).digest('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${hmac('Server Key').toString('base64')}`
}
