import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto'
import { tagLength } from './cipher.ts'

/*
 * Hybrid Public Key Encryption, RFC 9180: base mode, one message per encapsulation, DHKEM(X25519, HKDF-SHA256) and
 * HKDF-SHA256. What is sealed is `enc 32 | ciphertext | tag 16`.
 */
export type Aead = 'aes-256-gcm' | 'aes-128-gcm'

export const hpkeOverhead = 32 + tagLength
const kemId = Buffer.from([0x00, 0x20])
const kdfId = Buffer.from([0x00, 0x01])
const aeads = {
  'aes-128-gcm': { id: Buffer.from([0x00, 0x01]), keyLength: 16 },
  'aes-256-gcm': { id: Buffer.from([0x00, 0x02]), keyLength: 32 },
} as const

const version = Buffer.from('HPKE-v1')
const kemSuite = Buffer.concat([Buffer.from('KEM'), kemId])
const empty = Buffer.alloc(0)

const hmac = (key: Buffer, data: Buffer) => createHmac('sha256', key).update(data).digest()

/** RFC 5869, 2.3, for one or two blocks. */
function expand(key: Buffer, info: Buffer, length: number): Buffer {
  const first = hmac(key, Buffer.concat([info, Buffer.of(1)]))
  return first.subarray(0, length)
}

const labeledExtract = (salt: Buffer, suite: Buffer, label: string, ikm: Buffer) =>
  hmac(salt.length === 0 ? Buffer.alloc(32) : salt, Buffer.concat([version, suite, Buffer.from(label), ikm]))

function labeledExpand(key: Buffer, suite: Buffer, label: string, info: Buffer, length: number): Buffer {
  const head = Buffer.allocUnsafe(2)
  head.writeUInt16BE(length)
  return expand(key, Buffer.concat([head, version, suite, Buffer.from(label), info]), length)
}

/** RFC 9180, 4.1. */
function sharedSecret(dh: Buffer, enc: Buffer, publicKey: Buffer): Buffer {
  const prk = labeledExtract(empty, kemSuite, 'eae_prk', dh)
  return labeledExpand(prk, kemSuite, 'shared_secret', Buffer.concat([enc, publicKey]), 32)
}

/** RFC 9180, 5.1, mode_base. */
function schedule(secret: Buffer, info: Buffer, aead: Aead): { key: Buffer; nonce: Buffer } {
  const { id, keyLength } = aeads[aead]
  const suite = Buffer.concat([Buffer.from('HPKE'), kemId, kdfId, id])
  const pskIdHash = labeledExtract(empty, suite, 'psk_id_hash', empty)
  const infoHash = labeledExtract(empty, suite, 'info_hash', info)
  const context = Buffer.concat([Buffer.of(0), pskIdHash, infoHash])
  const prk = labeledExtract(secret, suite, 'secret', empty)
  return {
    key: labeledExpand(prk, suite, 'key', context, keyLength),
    nonce: labeledExpand(prk, suite, 'base_nonce', context, 12),
  }
}

const pkcs8Head = Buffer.from('302e020100300506032b656e04220420', 'hex')
const spkiHead = Buffer.from('302a300506032b656e032100', 'hex')

/** An X25519 key of 32 bytes (RFC 7748, RFC 8410); the bytes of a private one are wiped. */
export function x25519PrivateKey(bytes: Buffer): KeyObject {
  const der = Buffer.concat([pkcs8Head, bytes])
  bytes.fill(0)
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  der.fill(0)
  return key
}

const publicKeyOf = (bytes: Buffer): KeyObject =>
  createPublicKey({ key: Buffer.concat([spkiHead, bytes]), format: 'der', type: 'spki' })

/** The 32 bytes of the public half. */
export function x25519PublicBytes(key: KeyObject): Buffer {
  const half = key.type === 'private' ? createPublicKey(key) : key
  return half.export({ format: 'der', type: 'spki' }).subarray(spkiHead.length)
}

/** Seals one message to a public key. `ephemeral` is for test vectors only. */
export function hpkeSeal(
  publicKey: Buffer,
  message: { info: Buffer; aad: Buffer; plain: Buffer },
  aead: Aead = 'aes-256-gcm',
  ephemeral: KeyObject = generateKeyPairSync('x25519').privateKey,
): Buffer {
  const enc = x25519PublicBytes(ephemeral)
  const dh = diffieHellman({ privateKey: ephemeral, publicKey: publicKeyOf(publicKey) })
  const { key, nonce } = schedule(sharedSecret(dh, enc, publicKey), message.info, aead)
  dh.fill(0)
  const cipher = createCipheriv(aead, key, nonce, { authTagLength: tagLength })
  cipher.setAAD(message.aad)
  const text = Buffer.concat([cipher.update(message.plain), cipher.final()])
  key.fill(0)
  return Buffer.concat([enc, text, cipher.getAuthTag()])
}

/** The message, or null when it was not sealed to this key with this `info` and `aad`, or was changed. */
export function hpkeOpen(
  privateKey: KeyObject,
  sealed: Buffer,
  { info, aad }: { info: Buffer; aad: Buffer },
  aead: Aead = 'aes-256-gcm',
): Buffer | null {
  if (sealed.length < hpkeOverhead) return null
  const enc = sealed.subarray(0, 32)
  try {
    const dh = diffieHellman({ privateKey, publicKey: publicKeyOf(enc) })
    const { key, nonce } = schedule(sharedSecret(dh, enc, x25519PublicBytes(privateKey)), info, aead)
    dh.fill(0)
    const decipher = createDecipheriv(aead, key, nonce, { authTagLength: tagLength })
    key.fill(0)
    decipher.setAAD(aad)
    decipher.setAuthTag(sealed.subarray(-tagLength))
    return Buffer.concat([decipher.update(sealed.subarray(32, -tagLength)), decipher.final()])
  } catch {
    // A point of small order, or a tag that does not fit: which of these is nobody's business.
    return null
  }
}
