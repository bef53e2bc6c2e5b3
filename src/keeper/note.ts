import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto'

/** A signer's name and Ed25519 public key, as a C2SP verifier key string tells them. */
export interface Verifier {
  name: string
  /** SHA-256(name || 0x0A || 0x01 || public key), first 4 bytes. */
  id: Buffer
  key: KeyObject
}

export interface Signer extends Verifier {
  privateKey: KeyObject
}

/** What a checkpoint says about a log at one size. */
export interface Checkpoint {
  origin: string
  size: number
  /** 32 bytes: the RFC 6962 root of the first `size` leaves. */
  root: Buffer
  /** 32 bytes: the running hash after the first `size` entries; null in a checkpoint of another kind of log. */
  running: Buffer | null
}

const ed25519 = 1
/** What a name in a signed note may be. */
export const namePattern = /^[^\s+\p{Cc}]{1,200}$/u
// The fixed beginning of every Ed25519 public key in DER (RFC 8410).
const derHead = Buffer.from('302a300506032b6570032100', 'hex')
const sizePattern = /^(0|[1-9][0-9]{0,15})$/

/** The raw 32 bytes of an Ed25519 public key. */
export function rawKey(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(derHead.length)
}

/** The key object of 32 raw bytes. */
export function keyOf(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([derHead, raw]), format: 'der', type: 'spki' })
}

/** Key id of the C2SP signed-note format. */
export function keyId(name: string, raw: Uint8Array): Buffer {
  const bytes = Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), Buffer.from([ed25519]), raw])
  return hash('sha256', bytes, 'buffer').subarray(0, 4)
}

/** Throws RangeError for a name that a signed note cannot carry: with blanks or a plus sign, empty or overlong. */
export function signerOf(name: string, privateKey: KeyObject): Signer {
  if (!namePattern.test(name)) throw new RangeError('a name that a signed note cannot carry')
  const key = createPublicKey(privateKey)
  return { name, id: keyId(name, rawKey(key)), key, privateKey }
}

/** The verifier key string `name+id+base64(0x01 || public key)`. */
export function formatVkey(verifier: Verifier): string {
  const typed = Buffer.concat([Buffer.from([ed25519]), rawKey(verifier.key)])
  return `${verifier.name}+${verifier.id.toString('hex')}+${typed.toString('base64')}`
}

/** Null when the text is not the verifier key string of an Ed25519 key, or its id does not fit. */
export function parseVkey(text: string): Verifier | null {
  const first = text.indexOf('+')
  const second = text.indexOf('+', first + 1)
  if (first < 1 || second < 0) return null
  const name = text.slice(0, first)
  const typed = base64(text.slice(second + 1))
  if (!namePattern.test(name) || typed === null || typed.length !== 33 || typed[0] !== ed25519) return null
  const raw = typed.subarray(1)
  const id = keyId(name, raw)
  if (id.toString('hex') !== text.slice(first + 1, second)) return null
  return { name, id, key: keyOf(raw) }
}

/** Strict: null unless encoding again gives the same text. */
export function base64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : null
}

/** The signed text of a checkpoint (C2SP tlog-checkpoint) with one extension line, `running` and 64 hex digits. */
export function checkpointText(at: Checkpoint): string {
  const lines = [at.origin, String(at.size), at.root.toString('base64')]
  if (at.running !== null) lines.push(`running ${at.running.toString('hex')}`)
  return `${lines.join('\n')}\n`
}

/** A signed note (C2SP signed-note): the text, an empty line, one signature line. Text must end in a newline. */
export function signNote(text: string, signer: Signer): string {
  const signature = sign(null, Buffer.from(text, 'utf8'), signer.privateKey)
  return `${text}\n— ${signer.name} ${Buffer.concat([signer.id, signature]).toString('base64')}\n`
}

/** The signed text, or null unless this verifier signed it. Signatures of others are passed over. */
export function verifyNote(note: string, verifier: Verifier): string | null {
  const blank = note.lastIndexOf('\n\n')
  if (blank < 0 || !note.endsWith('\n')) return null
  const text = note.slice(0, blank + 1)
  const lines = note.slice(blank + 2, -1).split('\n')
  let signed = false
  for (const line of lines) {
    const parts = /^— (\S+) (\S+)$/u.exec(line)
    const blob = parts?.[2] === undefined ? null : base64(parts[2])
    if (parts === null || blob === null || blob.length < 5) return null
    if (parts[1] !== verifier.name || !blob.subarray(0, 4).equals(verifier.id)) continue
    if (!verify(null, Buffer.from(text, 'utf8'), verifier.key, blob.subarray(4))) return null
    signed = true
  }
  return signed ? text : null
}

/** What the text says, or null when it is not a checkpoint's. */
export function parseCheckpointText(text: string): Checkpoint | null {
  if (!text.endsWith('\n')) return null
  const [origin, size, root, ...rest] = text.slice(0, -1).split('\n')
  if (origin === undefined || size === undefined || root === undefined) return null
  const bytes = base64(root)
  if (!namePattern.test(origin) || !sizePattern.test(size) || bytes?.length !== 32) return null
  if (!Number.isSafeInteger(Number(size)) || rest.includes('')) return null
  const running = rest.map(line => /^running ([0-9a-f]{64})$/.exec(line)?.[1]).find(hex => hex !== undefined)
  return { origin, size: Number(size), root: bytes, running: running ? Buffer.from(running, 'hex') : null }
}

/** The checkpoint, or null unless this verifier signed it and is its origin. */
export function verifyCheckpoint(note: string, verifier: Verifier): Checkpoint | null {
  const text = verifyNote(note, verifier)
  const checkpoint = text === null ? null : parseCheckpointText(text)
  return checkpoint?.origin === verifier.name ? checkpoint : null
}
