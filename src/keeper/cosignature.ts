import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto'
import { base64, keyOf, namePattern, rawKey } from './note.ts'

/** A witness as it is known to others: its name and its Ed25519 key, for cosignatures alone. */
export interface Witness {
  name: string
  /** SHA-256(name || 0x0A || 0x04 || public key), first 4 bytes. */
  id: Buffer
  key: KeyObject
}

export interface WitnessSigner extends Witness {
  privateKey: KeyObject
}

/** A witness's statement: at this time (milliseconds since 1970, whole seconds) this was the largest tree it had seen. */
export interface Cosignature {
  witness: string
  time: number
}

const cosignatureV1 = 4
const signatureLength = 64
const blobLength = 4 + 8 + signatureLength

const idOf = (name: string, raw: Uint8Array): Buffer =>
  hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(cosignatureV1), raw]), 'buffer').subarray(
    0,
    4,
  )

/** Throws RangeError for a name that a signed note cannot carry. */
export function witnessSigner(name: string, privateKey: KeyObject): WitnessSigner {
  if (!namePattern.test(name)) throw new RangeError('a name that a signed note cannot carry')
  const key = createPublicKey(privateKey)
  return { name, id: idOf(name, rawKey(key)), key, privateKey }
}

/** The verifier key string `name+id+base64(0x04 || public key)`. */
export function formatWitnessKey({ name, id, key }: Witness): string {
  return `${name}+${id.toString('hex')}+${Buffer.concat([Buffer.of(cosignatureV1), rawKey(key)]).toString('base64')}`
}

/** Null when the text is not the verifier key string of a witness, or its id does not fit. */
export function parseWitnessKey(text: string): Witness | null {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(text) ?? []
  const typed = encoded === undefined ? null : base64(encoded)
  if (name === undefined || !namePattern.test(name) || typed?.length !== 33 || typed[0] !== cosignatureV1)
    return null
  const raw = typed.subarray(1)
  const right = idOf(name, raw)
  return right.toString('hex') === id ? { name, id: right, key: keyOf(raw) } : null
}

const message = (text: string, seconds: number): Buffer =>
  Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`)

/** The text that signatures of a note sign, or null when it is none. */
export function textOf(note: string): string | null {
  const blank = note.lastIndexOf('\n\n')
  return blank < 0 || !note.endsWith('\n') ? null : note.slice(0, blank + 1)
}

/** The signature line, with its newline, of a witness under a checkpoint's text (C2SP tlog-cosignature, Ed25519). */
export function cosign(text: string, signer: WitnessSigner, now: number): string {
  const seconds = Math.floor(now / 1000)
  const time = Buffer.alloc(8)
  time.writeBigUInt64BE(BigInt(seconds))
  const blob = Buffer.concat([signer.id, time, sign(null, message(text, seconds), signer.privateKey)])
  return `— ${signer.name} ${blob.toString('base64')}\n`
}

/** What one of these witnesses says in a signature line under this text; null unless it is right and from one of them. */
export function readCosignature(
  text: string,
  line: string,
  witnesses: readonly Witness[],
): Cosignature | null {
  const [, name, encoded] = /^— (\S+) (\S+)$/u.exec(line.replace(/\n$/, '')) ?? []
  const blob = encoded === undefined ? null : base64(encoded)
  if (blob?.length !== blobLength) return null
  const witness = witnesses.find(one => one.name === name && one.id.equals(blob.subarray(0, 4)))
  if (witness === undefined) return null
  const seconds = blob.readBigUInt64BE(4)
  if (seconds > BigInt(Math.floor(Number.MAX_SAFE_INTEGER / 1000))) return null
  if (!verify(null, message(text, Number(seconds)), witness.key, blob.subarray(12))) return null
  return { witness: witness.name, time: Number(seconds) * 1000 }
}

/** What the witnesses among these have said under a note; a line that is wrong or of a stranger counts for nothing. */
export function cosignaturesOf(note: string, witnesses: readonly Witness[]): Cosignature[] {
  const text = textOf(note)
  if (text === null) return []
  const lines = note.slice(text.length + 1, -1).split('\n')
  const found = lines.map(line => readCosignature(text, line, witnesses)).filter(one => one !== null)
  return found.filter((one, at) => found.findIndex(other => other.witness === one.witness) === at)
}
