import { createHash, randomBytes, randomUUID } from 'node:crypto'

/** A random id (UUID version 4): says nothing of whom it names or when it was made. */
export const newId = (): string => randomUUID()

/** A random secret, base64url; 32 bytes unless told. Only its hash is ever stored. */
export const newToken = (bytes = 32): string => randomBytes(bytes).toString('base64url')

export const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest()

const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** A name for screens that tells nothing: `K7-4QX9`. Random, so it cannot be computed from anything. */
export function newAlias(): string {
  const letters = [...randomBytes(6)].map(byte => alphabet[byte % alphabet.length])
  return `${letters.slice(0, 2).join('')}-${letters.slice(2).join('')}`
}
