import { CannotVerify, noteText } from '../../kit/custode-verify.mjs'
import { Problem } from './problem.ts'

/** The keeper's key of this moment, as the server tells it. */
export interface ToldKey {
  note: string
  slot: number
  vkey: string
}
type Bytes = Uint8Array<ArrayBuffer>

/** Whose values these are, as the keeper knows them. */
export interface Owner {
  alias: string
  /** The trail of their log, as this browser knows it or is told: the envelope opens into this log alone. */
  trail: number
  /** A checkpoint of the log that this browser has kept: its key must vouch for the key that is told. Null for none. */
  checkpoint: string | null
}

/** The values of one compartment, by the codes of their fields; null takes one back. */
export interface Sealable {
  compartment: string
  /** The version of the notice under which they agreed. */
  form: number
  values: Record<string, unknown>
  /** By the same codes: what each was judged by, so that the keeper judges by nothing else. */
  rules: Record<string, SealingRule>
}

/** A type of the catalogue, and the limits that the keeper knows of it. */
export interface SealingRule {
  type: string
  most?: number
  least?: number
  options?: string[]
}

/** Values that nobody but the keeper can read, as they are sent. */
export interface Envelope {
  compartment: string
  fields: string[]
  nonce: string
  key: number
  envelope: string
}

/** The library is needed by few pages, and by them when the first form is open. */
export const loadHpke = () => import('@hpke/core')

/** Whether this browser can do what sealing takes; where it cannot, nothing may be typed in vain. */
export async function canSeal(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey('X25519', false, ['deriveBits'])
    return true
  } catch {
    return false
  }
}

/**
 * Seals values to the keeper's key of this moment (HPKE, RFC 9180; docs/formats.md, "Sealed intake"). Nothing is sent. Throws a
 * `Problem`: `cannot_seal` for a browser without X25519 or Ed25519, `key_unproven` for a key that the log does not vouch
 * for, `key_over` for one whose time is over by this device's clock.
 */
export async function sealValues(
  told: ToldKey,
  owner: Owner,
  { compartment, form, values, rules }: Sealable,
): Promise<Envelope> {
  if (!(await canSeal())) throw new Problem('cannot_seal', 0)
  const { log, publicKey } = await keyIn(told, owner)
  const fields = Object.keys(values)
  const nonce = base64url(crypto.getRandomValues(new Uint8Array(16)))
  const parts = [label, log, owner.alias, owner.trail, compartment, form, nonce, canonical(rules)]
  // Blanks at the end, so that its length does not tell how long a value is.
  const text = JSON.stringify(values)
  const plain = utf8(text.padEnd(Math.ceil((utf8(text).length + 1) / 256) * 256))
  const sealed = await sealTo(publicKey, plain, framed(parts))
  return { compartment, fields, nonce, key: told.slot, envelope: base64(sealed) }
}

/** What is wrong where the key cannot be had. */
export const asClosed = ({ code, status }: Problem): Problem =>
  status >= 500 || code === 'unreachable' ? new Problem('intake_closed', status) : new Problem(code, status)

const label = 'custode intake 1'
const pattern =
  /^custode intake key 1\nlog (\S{1,200})\nslot (\d{1,15})\nkey ([A-Za-z0-9+/]{43}=)\nuntil (\d{1,15})\n$/

/** The key in a note that the log has signed: the log whose checkpoint is held here, where one is. */
async function keyIn(
  { note, slot, vkey }: ToldKey,
  { checkpoint }: Owner,
): Promise<{ log: string; publicKey: Bytes }> {
  const text = await signedText(note, vkey, checkpoint)
  const [, log = '', said, key = '', until] = pattern.exec(text ?? '') ?? []
  if (Number(said) !== slot || !vkey.startsWith(`${log}+`)) throw new Problem('key_unproven', 0)
  if (Number(until) <= Date.now()) throw new Problem('key_over', 0)
  return { log, publicKey: Uint8Array.from(atob(key), char => char.charCodeAt(0)) }
}

async function signedText(note: string, vkey: string, checkpoint: string | null): Promise<string | null> {
  try {
    if (checkpoint !== null && (await noteText(checkpoint, vkey)) === null) return null
    return await noteText(note, vkey)
  } catch (error) {
    throw error instanceof CannotVerify ? new Problem('cannot_seal', 0) : error
  }
}

/** DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, base mode: the encapsulated key, the ciphertext and its tag. */
async function sealTo(publicKey: Bytes, plain: Bytes, aad: Bytes): Promise<Bytes> {
  const { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } = await loadHpke().catch(() => {
    throw new Problem('unreachable', 0)
  })
  const suite = new CipherSuite({
    ...{ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() },
  })
  const recipientPublicKey = await suite.kem.deserializePublicKey(publicKey.buffer)
  const sender = await suite.createSenderContext({ recipientPublicKey, info: utf8(label).buffer })
  const ciphertext = await sender.seal(plain.buffer, aad.buffer)
  return joined([new Uint8Array(sender.enc), new Uint8Array(ciphertext)])
}

/** RFC 8785 for what a rule is made of: names in order, no blanks. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const pairs = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${pairs.map(([name, part]) => `${JSON.stringify(name)}:${canonical(part)}`).join()}}`
}

const utf8 = (text: string): Bytes => Uint8Array.from(new TextEncoder().encode(text))

function joined(parts: Bytes[]): Bytes {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** Parts joined so that no two lists give the same bytes: each after its length (u16), numbers as u64, big endian. */
function framed(parts: (string | number)[]): Bytes {
  const framedParts = parts.flatMap(part => {
    const bytes = typeof part === 'string' ? utf8(part) : new Uint8Array(8)
    if (typeof part === 'number') new DataView(bytes.buffer).setBigUint64(0, BigInt(part))
    const length = new Uint8Array(2)
    new DataView(length.buffer).setUint16(0, bytes.length)
    return [length, bytes]
  })
  return joined(framedParts)
}

const base64 = (bytes: Bytes): string => btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''))
const base64url = (bytes: Bytes): string =>
  base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
