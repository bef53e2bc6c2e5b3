import { createPrivateKey, type KeyObject } from 'node:crypto'

// The fixed beginning of an Ed25519 private key in PKCS #8 (RFC 8410).
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The private key of a 32-byte seed (RFC 8032); the seed is wiped. */
export function signingKey(seed: Buffer): KeyObject {
  const der = Buffer.concat([pkcs8Head, seed])
  seed.fill(0)
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  der.fill(0)
  return key
}
