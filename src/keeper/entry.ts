import { createCipheriv, createDecipheriv, hash, type KeyObject, randomFillSync } from 'node:crypto'
import { KeeperRefusal } from './refusal.ts'
import type { EntryBody } from './requests.ts'

/** When an entry was written, and its place in its subject's own chain. */
export interface Chained {
  /** Milliseconds since 1970. */
  time: number
  /** Counted from 1 for each subject. */
  seq: number
  /** Commitment of the subject's entry before this one; null for the first. */
  prev: Buffer | null
}

/** Where a sealed body belongs; bound into its seal, so it opens nowhere else. */
export interface SealedPlace {
  logId: string
  index: number
  trailSlot: number
}

/** Fills a new buffer of this many bytes with random ones. */
export type Random = (bytes: number) => Buffer

export interface OpenedBody {
  body: string
  salt: Buffer
  commitment: Buffer
}

const malformed = (why: string) => new KeeperRefusal('malformed', { why })
const deepest = 16
const longestBody = 256 * 1024
const bodyKeys = new Set([
  'kind',
  'act',
  'actor',
  'subject',
  'task',
  'grant',
  'purpose',
  'fields',
  'result',
  'policy',
  'until',
  'detail',
])
/** All parts of a body, the log's own too, in the order of RFC 8785. */
const order = [...bodyKeys, 'version', 'time', 'seq', 'prev'].sort()
const [versionAt, timeAt, seqAt, prevAt] = ['version', 'time', 'seq', 'prev'].map(name =>
  order.indexOf(name),
) as [number, number, number, number]
/** What the log's own parts take at most. */
const longestChain = 256
const requiredKeys = ['kind', 'act', 'actor', 'subject', 'result'] as const
const kindPattern = /^[A-Za-z0-9._:-]{1,48}$/
// Ids, numbers, codes and times need no more; names, addresses and sentences do not fit through.
const codePattern = /^[!-?A-~]{0,256}$/
/** A code that JSON spells as it is. */
const plainCode = /^[!#-?A-[\]-~]{0,256}$/
/** Text that JSON spells as it is. */
const unescaped = /^[ !#-[\]-~]*$/

/**
 * The one spelling of a JSON value (RFC 8785, JSON Canonicalization Scheme) for strings, safe integers, booleans,
 * null, arrays and plain objects. Throws `malformed` for anything else: fractions, undefined, lone surrogates, dates.
 */
export function canonical(value: unknown, depth = 0): string {
  if (value === null || value === true || value === false) return String(value)
  if (typeof value === 'string') {
    if (unescaped.test(value)) return `"${value}"`
    if (!value.isWellFormed()) throw malformed('text with half a character')
    return JSON.stringify(value)
  }
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw malformed('a number that is not a safe integer')
    return JSON.stringify(value)
  }
  if (depth >= deepest) throw malformed('nested too deeply')
  if (Array.isArray(value)) return `[${Array.from(value, item => canonical(item, depth + 1)).join(',')}]`
  if (!isPlain(value)) throw malformed('a value that JSON does not have')
  // The default order of sort() is that of UTF-16 code units, as RFC 8785 section 3.2.3 asks.
  const pairs = Object.keys(value)
    .sort()
    .map(key => `${canonical(key)}:${canonical(value[key], depth + 1)}`)
  return `{${pairs.join(',')}}`
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/**
 * Throws `malformed`, naming the place and never the value, where a text is not an id, number, code or time. Names are
 * the caller's too, so they are told by their position.
 */
export function requireCodes(value: unknown, where: string, depth = 0): void {
  if (typeof value === 'string') {
    if (!codePattern.test(value)) throw malformed(`${where} is not a code`)
    return
  }
  if (typeof value !== 'object' || value === null) return
  if (depth >= deepest) throw malformed('nested too deeply')
  if (Array.isArray(value)) {
    for (const item of value) requireCodes(item, where, depth + 1)
  } else if (isPlain(value)) {
    for (const [at, [key, item]] of Object.entries(value).entries()) {
      requireCodes(key, `a name in ${where}`, depth + 1)
      requireCodes(item, bodyKeys.has(key) && depth === 0 ? `${where}.${key}` : `${where}[${at}]`, depth + 1)
    }
  }
}

/**
 * Checks what a caller wants to have written. Throws `malformed` for an unknown or missing part and for any text
 * that could be more than a code: a body names fields and never holds what is in them.
 */
export function requireBody(body: EntryBody): void {
  requireParts(body)
  requireCodes(body, 'body')
}

function requireParts(body: EntryBody): void {
  if (!isPlain(body)) throw malformed('an entry without a body')
  for (const key of Object.keys(body)) if (!bodyKeys.has(key)) throw malformed('an unknown part of a body')
  for (const key of requiredKeys) if (typeof body[key] !== 'string') throw malformed(`a body without ${key}`)
  if (!kindPattern.test(body.kind)) throw malformed('kind')
}

/** The parts of a body as they are spelled, one for each of `order`; empty where the body has no such part. */
export type Spelled = readonly string[]

/** Checks a body and spells it, all but what the log adds. Throws `malformed` as `requireBody` does, and for a long one. */
export function spell(body: EntryBody): Spelled {
  requireParts(body)
  const given = body as unknown as Record<string, unknown>
  const parts = order.map(name => (Object.hasOwn(given, name) ? spelledPart(name, given[name]) : ''))
  parts[versionAt] = '"version":1'
  // Codes are ASCII: as many bytes as characters.
  const length = parts.reduce((sum, part) => sum + part.length + 1, longestChain)
  if (length > longestBody) throw malformed('a body longer than 256 KiB')
  return parts
}

function spelledPart(name: string, value: unknown): string {
  if (typeof value === 'string' && plainCode.test(value)) return `"${name}":"${value}"`
  requireCodes(value, `body.${name}`, 1)
  return `"${name}":${canonical(value, 1)}`
}

/** The exact bytes that are committed to: the canonical JSON of the body with its place in the chain. */
export function bodyBytes(spelled: Spelled, { time, seq, prev }: Chained): Buffer {
  const parts = [...spelled]
  parts[timeAt] = `"time":"${new Date(time).toISOString()}"`
  parts[seqAt] = `"seq":${seq}`
  parts[prevAt] = prev === null ? '"prev":null' : `"prev":"${prev.toString('hex')}"`
  return Buffer.from(`{${parts.filter(part => part !== '').join(',')}}`, 'latin1')
}

/** What is sealed and committed to: 32 random bytes of salt, and the body. */
export function salted(salt: Uint8Array, body: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(salt.length + body.length)
  bytes.set(salt)
  bytes.set(body, salt.length)
  return bytes
}

/** SHA-256(salt || body). Without the 32 random bytes of salt nobody can try whether a guessed body fits. */
export function commitmentOf(salt: Uint8Array, body: Uint8Array): Buffer {
  return commitmentTo(salted(salt, body))
}

/** SHA-256 of what `salted` has put together. */
export const commitmentTo = (saltedBody: Uint8Array): Buffer => hash('sha256', saltedBody, 'buffer')

const label = 'custode entry 1\0'

function associated({ index, trailSlot, logId }: SealedPlace): Buffer {
  const id = Buffer.from(logId, 'utf8')
  const bytes = Buffer.allocUnsafe(label.length + 12 + id.length)
  bytes.write(label, 0, 'latin1')
  bytes.writeUIntBE(index, label.length, 6)
  bytes.writeUIntBE(trailSlot, label.length + 6, 6)
  bytes.set(id, label.length + 12)
  return bytes
}

/** `nonce 12 | AES-256-GCM of (salt 32 | body) | tag 16` under the subject's trail slot. */
export function sealBody(key: KeyObject, place: SealedPlace, saltedBody: Buffer, random: Random): Buffer {
  const nonce = random(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(associated(place))
  return Buffer.concat([nonce, cipher.update(saltedBody), cipher.final(), cipher.getAuthTag()])
}

/** Throws `bad_box` when the bytes were not sealed for this place under this key. */
export function openBody(key: KeyObject, place: SealedPlace, sealed: Buffer): OpenedBody {
  if (sealed.length < 12 + 32 + 16) throw new KeeperRefusal('bad_box', { why: `entry ${place.index}` })
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 })
    decipher.setAAD(associated(place))
    decipher.setAuthTag(sealed.subarray(sealed.length - 16))
    const plain = Buffer.concat([decipher.update(sealed.subarray(12, sealed.length - 16)), decipher.final()])
    const salt = plain.subarray(0, 32)
    const body = plain.subarray(32)
    return { body: body.toString('utf8'), salt, commitment: commitmentTo(plain) }
  } catch {
    throw new KeeperRefusal('bad_box', { why: `entry ${place.index}` })
  }
}

const pool = Buffer.alloc(44 * 256)
let drawn = pool.length

/** Random bytes, drawn from the system in larger portions because each call to it costs more than a seal. */
export const random: Random = bytes => {
  if (drawn + bytes > pool.length) {
    randomFillSync(pool)
    drawn = 0
  }
  const taken = Buffer.from(pool.subarray(drawn, drawn + bytes))
  pool.fill(0, drawn, drawn + bytes)
  drawn += bytes
  return taken
}
