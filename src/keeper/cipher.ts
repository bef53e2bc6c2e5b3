import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
  randomFillSync,
} from 'node:crypto'

/**
 * AES-256-GCM (NIST SP 800-38D) as everything the keeper seals uses it: `nonce 12 | ciphertext | tag 16`, with a
 * random nonce. A key seals far fewer than 2^32 messages: a slot belongs to one compartment of one subject, a page
 * or book key seals one thing.
 */
export const nonceLength = 12
export const tagLength = 16
export const sealedOverhead = nonceLength + tagLength

// One call of the random generator for many nonces: asking for 12 bytes at a time costs 34 times as much.
const pool = Buffer.alloc(12 * 1024)
let used = pool.length

function newNonce(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const nonce = Buffer.from(pool.subarray(used, used + nonceLength))
  used += nonceLength
  return nonce
}

/** The key object of 32 random bytes; the bytes are wiped, so that the key stays outside JavaScript's memory. */
export function keyOf(bytes: Buffer): KeyObject {
  const key = createSecretKey(bytes)
  bytes.fill(0)
  return key
}

/** Seals `plain`. A nonce is given by test vectors only: the same nonce twice under one key breaks the seal. */
export function seal(key: KeyObject, plain: Uint8Array, aad: Uint8Array, nonce = newNonce()): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
  cipher.setAAD(aad)
  const text = cipher.update(plain)
  cipher.final()
  return Buffer.concat([nonce, text, cipher.getAuthTag()])
}

/** What was sealed, or null when the key, the `aad` or a byte is another than when it was sealed. */
export function unseal(key: KeyObject, sealed: Buffer, aad: Uint8Array): Buffer | null {
  if (sealed.length < sealedOverhead) return null
  const end = sealed.length - tagLength
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceLength), {
    authTagLength: tagLength,
  })
  decipher.setAAD(aad)
  decipher.setAuthTag(sealed.subarray(end))
  const plain = decipher.update(sealed.subarray(nonceLength, end))
  try {
    decipher.final()
  } catch {
    plain.fill(0)
    return null
  }
  return plain
}

/**
 * Parts joined so that no two different lists give the same bytes: each part is preceded by its length (u16).
 * Numbers are eight bytes, big endian.
 */
export function framed(...parts: (string | number | Uint8Array)[]): Buffer {
  const bytes = Buffer.allocUnsafe(parts.reduce<number>((sum, part) => sum + 2 + lengthOf(part), 0))
  let at = 0
  for (const part of parts) {
    const length = lengthOf(part)
    at = bytes.writeUInt16BE(length, at)
    if (typeof part === 'number') bytes.writeBigUInt64BE(BigInt(part), at)
    else if (typeof part === 'string') bytes.write(part, at, 'utf8')
    else bytes.set(part, at)
    at += length
  }
  return bytes
}

const lengthOf = (part: string | number | Uint8Array): number =>
  typeof part === 'number' ? 8 : typeof part === 'string' ? Buffer.byteLength(part) : part.length
