#!/usr/bin/env node
// Checks a customer's own log of Custode, without Custode and without a connection. One file, nothing to install:
//
//   node custode-verify.mjs custode-K7-4QX9-log.json
//
// Node 20 or later, or any browser that knows Ed25519. What it does is written down in docs/verification.md; the formats
// are RFC 6962 (the tree) and C2SP signed-note, tlog-checkpoint and tlog-cosignature (what is signed).

/**
 * @typedef {{ index: number, body: string, salt: string, commitment: string, proof: string[] }} Entry
 * @typedef {{ checkpoint: string, witnesses: string[], hashes: string[] }} Witnessed
 * @typedef {{ format: string, vkey: string, entries: Entry[], checkpoint: string, head?: string,
 *   since?: { size: number, hashes: string[] } | null, witnessed?: Witnessed | null }} Trail
 * @typedef {{ version: number, time: string, seq: number, prev: string | null, subject: string, kind: string,
 *   actor: string, result: string }} Body
 * @typedef {{ name: string, id: string, key: Awaited<ReturnType<typeof crypto.subtle.importKey>> }} Verifier
 * @typedef {{ log: string, trail: number, seq: number, commitment: string, index: number }} Head
 * @typedef {{ size: number, root: Uint8Array<ArrayBuffer> }} Checkpoint
 * @typedef {{ name: string, time: number, size: number, given: boolean }} Seen
 */

/**
 * What is known from elsewhere or was kept from an earlier time. `head` and `checkpoint` are signed notes; `bundle` is a
 * whole earlier file; `key` and `witnesses` are verifier keys.
 * @typedef {{ key?: string, head?: string, checkpoint?: string, bundle?: unknown, witnesses?: string[] }} Known
 */

/**
 * @typedef {{ ok: true, format: string, about: string, log: string, vkey: string, keyGiven: boolean, entries: number,
 *   first: string, last: string, line: number, size: number, headed: boolean, readings: number, readers: number,
 *   refused: number, heldSeq: number | null, heldSize: number | null, seen: Seen[] }} Proven
 * @typedef {{ ok: false, code: string, entry: number | null, seq: number | null, values: Record<string, string | number> }} Failed
 */

/** One thing that is wrong: what, and with which entry. */
class Fault extends Error {
  /**
   * @param {string} code
   * @param {Record<string, string | number>} values
   * @param {number | null} entry
   * @param {number | null} seq
   */
  constructor(code, values = {}, entry = null, seq = null) {
    super(code)
    this.code = code
    this.values = values
    this.entry = entry
    this.seq = seq
  }
}

/** This browser or Node cannot check Ed25519 signatures at all: nothing was found wrong, and nothing proven. */
export class CannotVerify extends Error {}

// ---- bytes

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** @param {string} text @returns {Bytes} */
const utf8 = text => new TextEncoder().encode(text)
/** @param {Uint8Array} bytes */
const hex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
/** @param {Uint8Array} a @param {Uint8Array} b */
const same = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at])

/** Strict: null unless encoding again gives the same text. @param {string} text @returns {Bytes | null} */
function base64(text) {
  try {
    const found = atob(text)
    return btoa(found) === text ? Uint8Array.from(found, char => char.charCodeAt(0)) : null
  } catch {
    return null
  }
}

/** @param {...Uint8Array} parts @returns {Bytes} */
function joined(...parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** @param {Bytes} bytes @returns {Promise<Bytes>} */
const sha256 = async bytes => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))

/** The one spelling of a JSON value (RFC 8785, of whole numbers only). @param {unknown} value @returns {string} */
function canonical(value) {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new Fault('spelling')
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${pairs.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`
}

// ---- the tree (RFC 9162, section 2.1)

/** @param {Bytes} data */
const leafHash = data => sha256(joined(Uint8Array.of(0), data))
/** @param {Bytes} left @param {Bytes} right */
const nodeHash = (left, right) => sha256(joined(Uint8Array.of(1), left, right))

/** @param {string[]} hashes @returns {Bytes[] | null} */
function pathOf(hashes) {
  const path = hashes.map(base64)
  return path.every(node => node?.length === 32) ? /** @type {Bytes[]} */ (path) : null
}

/** @param {Bytes} leaf @param {number} index @param {Checkpoint} checkpoint @param {string[]} hashes */
async function isIncluded(leaf, index, { size, root }, hashes) {
  const path = pathOf(hashes)
  if (path === null || index >= size) return false
  let [node, position, last] = [leaf, index, size - 1]
  for (const sibling of path) {
    if (last === 0) return false
    if (position % 2 === 1 || position === last) {
      node = await nodeHash(sibling, node)
      while (position % 2 === 0 && position !== 0) [position, last] = [position / 2, Math.floor(last / 2)]
    } else node = await nodeHash(node, sibling)
    ;[position, last] = [Math.floor(position / 2), Math.floor(last / 2)]
  }
  return last === 0 && same(node, root)
}

/** Whether the larger tree begins with the whole smaller one. @param {Checkpoint} from @param {Checkpoint} to @param {string[]} hashes */
async function isExtended(from, to, hashes) {
  const proof = pathOf(hashes)
  if (proof === null || from.size > to.size) return false
  if (from.size === to.size) return proof.length === 0 && same(from.root, to.root)
  if (from.size === 0) return proof.length === 0 && same(from.root, await sha256(new Uint8Array(0)))
  const [first, ...rest] = Number.isInteger(Math.log2(from.size)) ? [from.root, ...proof] : proof
  if (first === undefined) return false
  let [position, last] = [from.size - 1, to.size - 1]
  while (position % 2 === 1) [position, last] = [Math.floor(position / 2), Math.floor(last / 2)]
  let [older, newer] = [first, first]
  for (const node of rest) {
    if (last === 0) return false
    if (position % 2 === 1 || position === last) {
      older = await nodeHash(node, older)
      newer = await nodeHash(node, newer)
      while (position % 2 === 0 && position !== 0) [position, last] = [position / 2, Math.floor(last / 2)]
    } else newer = await nodeHash(newer, node)
    ;[position, last] = [Math.floor(position / 2), Math.floor(last / 2)]
  }
  return last === 0 && same(older, from.root) && same(newer, to.root)
}

// ---- what is signed

const [logKey, witnessKey] = [1, 4]

/** A verifier key of this type, or null. @param {string} text @param {number} type @returns {Promise<Verifier | null>} */
async function keyOf(text, type) {
  const [, name = '', id, encoded = ''] = /^([^\s+]{1,200})\+([0-9a-f]{8})\+(\S+)$/u.exec(text) ?? []
  const typed = base64(encoded)
  if (typed?.length !== 33 || typed[0] !== type) return null
  if (hex(await sha256(joined(utf8(`${name}\n`), typed))).slice(0, 8) !== id) return null
  try {
    const key = await crypto.subtle.importKey('raw', typed.slice(1), 'Ed25519', false, ['verify'])
    return { name, id, key }
  } catch (error) {
    if (/** @type {Error} */ (error).name === 'NotSupportedError') throw new CannotVerify()
    return null
  }
}

/** @param {Verifier} verifier @param {Bytes} signature @param {Bytes} message */
const isSigned = ({ key }, signature, message) => crypto.subtle.verify('Ed25519', key, signature, message)

/** A note's text and its signature lines; null when it is none. @param {string} note */
function partsOf(note) {
  const blank = note.lastIndexOf('\n\n')
  if (blank < 0 || !note.endsWith('\n')) return null
  const lines = note.slice(blank + 2, -1).split('\n')
  const signatures = lines.map(line => {
    const [, name = '', encoded = ''] = /^— (\S+) (\S+)$/u.exec(line) ?? []
    const blob = base64(encoded)
    return blob === null || blob.length < 5 ? null : { name, id: hex(blob.slice(0, 4)), blob: blob.slice(4) }
  })
  if (!signatures.every(one => one !== null)) return null
  return { text: note.slice(0, blank + 1), signatures }
}

/** The text of a note that this key has signed, or null. @param {string} note @param {Verifier} verifier */
async function signedText(note, verifier) {
  const parts = partsOf(note)
  const own = parts?.signatures.filter(({ name, id }) => name === verifier.name && id === verifier.id) ?? []
  if (parts === null || own.length === 0) return null
  for (const { blob } of own) if (!(await isSigned(verifier, blob, utf8(parts.text)))) return null
  return parts.text
}

/**
 * The text of a note that the log of this verifier key has signed, or null. Throws `CannotVerify` where there is no Ed25519.
 * @param {string} note @param {string} vkey
 */
export async function noteText(note, vkey) {
  const log = await keyOf(vkey, logKey)
  return log === null ? null : signedText(note, log)
}

/** @param {string} note @param {Verifier} verifier @returns {Promise<Checkpoint | null>} */
async function checkpointOf(note, verifier) {
  const text = await signedText(note, verifier)
  const [, origin, size, encoded = ''] =
    /^(\S+)\n(0|[1-9]\d{0,15})\n(\S+)\n(?:.+\n)*$/u.exec(text ?? '') ?? []
  const root = base64(encoded)
  if (origin !== verifier.name || root?.length !== 32 || !Number.isSafeInteger(Number(size))) return null
  return { size: Number(size), root }
}

const headPattern =
  /^custode trail head 1\nlog (\S+)\ntrail (0|[1-9]\d{0,14})\nseq ([1-9]\d{0,14})\ncommitment ([0-9a-f]{64})\nindex (0|[1-9]\d{0,14})\n$/

/** @param {string} note @param {Verifier} verifier @returns {Promise<Head | null>} */
async function headOf(note, verifier) {
  const text = await signedText(note, verifier)
  const [, log = '', trail, seq, commitment = '', index] = headPattern.exec(text ?? '') ?? []
  if (log !== verifier.name) return null
  return { log, trail: Number(trail), seq: Number(seq), commitment, index: Number(index) }
}

/** When a witness cosigned this note, in milliseconds; null when it did not, or not rightly. @param {string} note @param {Verifier} witness */
async function cosignedAt(note, witness) {
  const parts = partsOf(note)
  const line = parts?.signatures.find(({ name, id }) => name === witness.name && id === witness.id)
  if (parts === null || line?.blob.length !== 8 + 64) return null
  const seconds = new DataView(line.blob.buffer).getBigUint64(0)
  const message = utf8(`cosignature/v1\ntime ${seconds}\n${parts.text}`)
  return (await isSigned(witness, line.blob.slice(8), message)) ? Number(seconds) * 1000 : null
}

// ---- the shape of a file

/** @param {unknown} value @returns {value is string} */
const isText = value => typeof value === 'string'
/** @param {unknown} value @returns {value is string[]} */
const areTexts = value => Array.isArray(value) && value.every(isText)
/** @param {unknown} value @returns {value is number} */
const isCount = value => Number.isSafeInteger(value) && Number(value) >= 0

/** What each part of a bundle must be. @type {Record<string, (value: unknown) => boolean>} */
const bundleParts = {
  format: isText,
  vkey: isText,
  entries: value => Array.isArray(value) && value.length > 0,
  checkpoint: isText,
  head: isText,
  witnessed: value =>
    value === null || has(value, { checkpoint: isText, witnesses: areTexts, hashes: areTexts }),
  since: value => value === null || has(value, { size: isCount, hashes: areTexts }),
}
const entryParts = { index: isCount, body: isText, salt: isText, commitment: isText, proof: areTexts }
/** Exports from before trails had heads are without these; the rest of an export is no part of the log. */
const exportParts = ['vkey', 'entries', 'checkpoint', 'head', 'witnessed']

/** An object with exactly these parts. @param {unknown} value @param {Record<string, (value: unknown) => boolean>} parts @returns {boolean} */
function has(value, parts) {
  if (typeof value !== 'object' || value === null) return false
  const given = /** @type {Record<string, unknown>} */ (value)
  if (Object.keys(given).some(name => !Object.hasOwn(parts, name))) return false
  return Object.entries(parts).every(([name, fits]) => Object.hasOwn(given, name) && fits(given[name]))
}

/**
 * What a file says of itself, without a sign that could look like a line of ours.
 * @param {string} text
 */
const printable = text => text.replace(/[^!-~]/g, '?').slice(0, 256)

/** @param {unknown} given @returns {Trail} */
function trailOf(given) {
  const file = /** @type {Record<string, unknown>} */ (
    typeof given === 'object' && given !== null ? given : {}
  )
  const isExport = file.format === 'custode-export/1'
  if (!isExport && file.format !== 'custode-log-bundle/1') throw new Fault('format')
  const names = isExport
    ? ['format', ...exportParts]
    : [...new Set([...Object.keys(bundleParts), ...Object.keys(file)])]
  for (const name of names) {
    const mayLack = isExport && ['head', 'witnessed'].includes(name) && !Object.hasOwn(file, name)
    const fits = Object.hasOwn(bundleParts, name) && bundleParts[name]?.(file[name]) === true
    if (!mayLack && !fits) throw new Fault('part', { name })
  }
  const entries = /** @type {unknown[]} */ (file.entries)
  const wrong = entries.findIndex(entry => !has(entry, entryParts))
  if (wrong !== -1) throw new Fault('part', { name: `entries[${wrong}]` })
  return /** @type {Trail} */ (/** @type {unknown} */ (file))
}

// ---- what is checked

/**
 * Checks a customer's bundle (`custode-log-bundle/1`) or export (`custode-export/1`): that the log has signed it, that
 * each entry stands in the log as it was written, that none is missing from the first up to the signed head, and that
 * all of it continues what is `known` from earlier. What it proves and what not, `explain` puts into words. Throws
 * `CannotVerify` where there is no Ed25519, and nothing else.
 * @param {unknown} given @param {Known} known @returns {Promise<Proven | Failed>}
 */
export async function verifyBundle(given, known = {}) {
  if (globalThis.crypto?.subtle === undefined) throw new CannotVerify()
  try {
    return await checked(trailOf(given), known)
  } catch (error) {
    // Nested so deeply that it cannot be walked: no log writes that.
    const fault = error instanceof RangeError ? new Fault('format') : error
    if (!(fault instanceof Fault)) throw error
    const { code, entry, seq, values } = fault
    return { ok: false, code, entry, seq, values }
  }
}

/** @param {Trail} trail @param {Known} known @returns {Promise<Proven>} */
async function checked(trail, known) {
  if (known.key !== undefined && known.key !== trail.vkey) throw new Fault('otherKey')
  const log = await keyOf(trail.vkey, logKey)
  if (log === null) throw new Fault('key')
  const checkpoint = await checkpointOf(trail.checkpoint, log)
  if (checkpoint === null) throw new Fault('checkpoint')
  const bodies = await chainOf(trail.entries, checkpoint)
  const [begin, end] = /** @type {[Body, Body]} */ ([bodies[0], bodies.at(-1)])
  const earlier = known.bundle === undefined ? null : await heldFile(known.bundle)
  const head = trail.head === undefined ? null : await endOf(trail.entries, trail.head, log)
  const seen = await seenBy(trail, checkpoint, log, known)
  const heldSeq = await continues(trail, head, log, { note: known.head ?? earlier?.head, earlier })
  const heldSize = await extendsHeld(trail, checkpoint, log, known.checkpoint ?? earlier?.checkpoint, known)
  const readings = bodies.filter(body => body.kind === 'reading' && body.actor.startsWith('st_'))
  return {
    ...{
      ok: true,
      format: trail.format,
      about: printable(begin.subject),
      log: printable(log.name),
      vkey: trail.vkey,
    },
    ...{ keyGiven: known.key !== undefined, entries: bodies.length, headed: head !== null },
    ...{ first: begin.time, last: end.time, size: checkpoint.size, line: trail.entries.at(-1)?.index ?? 0 },
    ...{ readings: readings.length, readers: new Set(readings.map(body => body.actor)).size },
    ...{ refused: bodies.filter(body => body.result === 'refused').length, heldSeq, heldSize, seen },
  }
}

/** The bodies of entries that are all in the log, about one subject, from the first on without a gap. @param {Entry[]} entries @param {Checkpoint} checkpoint */
async function chainOf(entries, checkpoint) {
  /** @type {Body[]} */
  const bodies = []
  for (const [at, entry] of entries.entries()) bodies.push(await bodyOf(entry, checkpoint, at + 1))
  /** @type {Entry | null} */
  let before = null
  for (const [at, entry] of entries.entries()) {
    const { seq, prev, subject } = /** @type {Body} */ (bodies[at])
    /** @param {string} code @param {Record<string, string | number>} values */
    const fault = (code, values = {}) => new Fault(code, values, entry.index, at + 1)
    if (seq > at + 1 && bodies.some(body => body.seq === at + 1)) throw fault('order')
    if (seq > at + 1) throw fault('gap', { missing: seq - at - 1 })
    if (seq < at + 1) throw fault('twice')
    if (prev !== (before?.commitment ?? null)) throw fault('previous')
    if (before !== null && entry.index <= before.index) throw fault('order')
    if (subject !== bodies[0]?.subject) throw fault('subject')
    before = entry
  }
  return bodies
}

/** @param {Entry} entry @param {Checkpoint} checkpoint @param {number} nth @returns {Promise<Body>} */
async function bodyOf({ index, body, salt, commitment, proof }, checkpoint, nth) {
  /** @param {string} code */
  const fault = code => new Fault(code, {}, index, nth)
  const random = base64(salt)
  if (random?.length !== 32) throw fault('commitment')
  const committed = await sha256(joined(random, utf8(body)))
  if (hex(committed) !== commitment) throw fault('commitment')
  if (!(await isIncluded(await leafHash(committed), index, checkpoint, proof))) throw fault('place')
  try {
    const parsed = JSON.parse(body)
    const { version, seq, time, subject, kind, actor, result } = parsed
    const isBody = version === 1 && isCount(seq) && areTexts([time, subject, kind, actor, result])
    if (isBody && canonical(parsed) === body) return parsed
  } catch {
    // Told like any other spelling.
  }
  throw fault('spelling')
}

/** The signed head of these entries. @param {Entry[]} entries @param {string} note @param {Verifier} log */
async function endOf(entries, note, log) {
  const head = await headOf(note, log)
  if (head === null) throw new Fault('head')
  const { seq, index, commitment } = head
  if (seq > entries.length) throw new Fault('cut', { head: seq, entries: entries.length }, index, seq)
  if (seq < entries.length) throw new Fault('beyond', { head: seq }, entries[seq]?.index, seq + 1)
  const last = entries[seq - 1]
  if (index !== last?.index || commitment !== last.commitment)
    throw new Fault('otherEnd', {}, last?.index, seq)
  return head
}

/** A file held from earlier, in order by itself. @param {unknown} given */
async function heldFile(given) {
  const verdict = await verifyBundle(given)
  if (!verdict.ok) throw new Fault('heldFile')
  return trailOf(given)
}

/**
 * That the entries begin with those held from earlier; how many these are.
 * @param {Trail} trail @param {Head | null} end @param {Verifier} log
 * @param {{ note: string | undefined, earlier: Trail | null }} held
 */
async function continues(trail, end, log, { note, earlier }) {
  const { length } = trail.entries
  for (const [at, { index, commitment }] of (earlier?.entries ?? []).entries()) {
    const now = trail.entries[at]
    if (now === undefined) throw new Fault('heldLonger', { held: at + 1, entries: length }, index, at + 1)
    if (now.index !== index || now.commitment !== commitment)
      throw new Fault('heldFork', {}, now.index, at + 1)
  }
  if (note === undefined) return earlier === null ? null : earlier.entries.length
  const held = await headOf(note, log)
  if (held === null) throw new Fault('heldHead')
  if (end !== null && held.trail !== end.trail) throw new Fault('heldTrail')
  const { seq, index, commitment } = held
  const now = trail.entries[seq - 1]
  if (now === undefined) throw new Fault('heldLonger', { held: seq, entries: length }, index, seq)
  if (now.index !== index || now.commitment !== commitment) throw new Fault('heldFork', {}, now.index, seq)
  return seq
}

/**
 * That the log contains the one of a checkpoint held from earlier; the size of that, or null where nothing shows it and
 * nobody asked for it by a checkpoint of its own.
 * @param {Trail} trail @param {Checkpoint} now @param {Verifier} log @param {string | undefined} note @param {Known} known
 */
async function extendsHeld(trail, now, log, note, known) {
  if (note === undefined) return null
  const held = await checkpointOf(note, log)
  if (held === null) throw new Fault('heldCheckpoint')
  const values = { held: held.size, size: now.size }
  if (held.size > now.size) throw new Fault('heldLarger', values)
  const hashes = held.size === now.size ? [] : trail.since?.size === held.size ? trail.since.hashes : null
  if (hashes === null && known.checkpoint === undefined) return null
  if (hashes === null) throw new Fault('unproven', values)
  if (!(await isExtended(held, now, hashes))) throw new Fault('fork', values)
  return held.size
}

/** Which witnesses have seen this log: each that the file names must have, and each that was given. @param {Trail} trail @param {Checkpoint} now @param {Verifier} log @param {Known} known */
async function seenBy({ witnessed = null, checkpoint }, now, log, known) {
  const given = known.witnesses ?? []
  /** @type {{ note: string, keys: string[], size: number }[]} */
  const notes = []
  if (witnessed !== null) {
    const then = await checkpointOf(witnessed.checkpoint, log)
    if (then === null) throw new Fault('witnessedCheckpoint')
    if (!(await isExtended(then, now, witnessed.hashes)))
      throw new Fault('witnessedFork', { size: then.size })
    const lines = partsOf(witnessed.checkpoint)?.signatures.length
    if (lines !== witnessed.witnesses.length + 1) throw new Fault('witnessedCheckpoint')
    notes.push({ note: witnessed.checkpoint, keys: witnessed.witnesses, size: then.size })
  }
  // Fetched from a witness itself, it bears what that one has signed.
  const held = known.checkpoint === undefined ? null : await checkpointOf(known.checkpoint, log)
  if (held !== null) notes.push({ note: known.checkpoint ?? '', keys: [], size: held.size })
  notes.push({ note: checkpoint, keys: [], size: now.size })
  /** @type {Map<string, Seen>} */
  const seen = new Map()
  for (const { note, keys, size } of notes) {
    for (const text of new Set([...keys, ...given])) {
      const witness = await keyOf(text, witnessKey)
      if (witness === null) throw new Fault('witnessKey', { witness: text })
      const time = await cosignedAt(note, witness)
      if (time === null && keys.includes(text)) throw new Fault('cosignature', { witness: witness.name })
      if (time !== null && !seen.has(text))
        seen.set(text, { name: witness.name, time, size, given: given.includes(text) })
    }
  }
  const unseen = given.find(text => !seen.has(text))
  if (unseen !== undefined) throw new Fault('noCosignature', { witness: unseen.replace(/\+.*/, '') })
  return [...seen.values()]
}

// ---- in words

/** @param {string} time */
const moment = time => `${time.slice(0, 16).replace('T', ' ')} UTC`
/** @param {number} count @param {string} one @param {string} many */
const counted = (count, one, many) => `${count} ${count === 1 ? one : many}`

/**
 * @typedef {object} Words
 * @property {(failed: Failed) => string} where
 * @property {Record<string, string>} faults
 * @property {(found: Proven) => string[]} proved
 * @property {(found: Proven) => string[]} unproved
 * @property {string} inOrder
 * @property {string} notInOrder
 * @property {string} proves
 * @property {string} provesNot
 * @property {string} cannot
 * @property {string} unreadable
 * @property {string} usage
 */

/** @type {Words} */
const english = {
  where: ({ entry, seq }) =>
    entry === null ? '' : `Line ${entry} of the log${seq === null ? '' : ` (entry ${seq} of this file)`}: `,
  faults: {
    format: 'This is neither a log bundle nor an export of Custode.',
    part: 'A part of the file is missing, unknown or of another kind: {name}.',
    key: 'The key of the log in the file is no key, or was changed.',
    otherKey: 'The file names another key of the log than the one you gave.',
    checkpoint: 'The checkpoint in the file is not signed by the key of the log.',
    commitment: 'what it says was changed: text and salt no longer give the number the log holds.',
    place: 'it is not in the signed log at this place.',
    spelling: 'its text is not spelled as the log spells it.',
    order: 'it is out of order.',
    gap: 'entries before it are missing: {missing}.',
    twice: 'it stands here twice.',
    previous: 'it does not continue the entry before it: one of the two was replaced.',
    subject: 'it is about somebody else.',
    head: 'The head, which says where the entries end, is not signed by the key of the log.',
    cut: 'entries are missing up to this one: the signed head counts {head}, the file holds {entries}.',
    beyond: 'it is beyond the signed head, which counts {head} entries.',
    otherEnd: 'it is not the entry that the signed head names as the last.',
    heldFile: 'The earlier file is itself not in order.',
    heldHead:
      'The earlier head is not signed by the key in this file: it is of another log, or the key was replaced.',
    heldTrail: 'The earlier head is of the entries of somebody else.',
    heldLonger:
      'it was there earlier ({held} entries) and is missing now ({entries}). Either this file is the older one, or entries were taken out.',
    heldFork: 'it is another entry than the one that stood here earlier: the log was rewritten.',
    heldCheckpoint: 'The earlier checkpoint is not signed by the key in this file.',
    heldLarger:
      'The log had {held} entries and has {size} now. Either this file is the older one, or the log was cut.',
    unproven:
      'The file does not show that the log continues the {held} entries of the earlier checkpoint. Fetch it with /api/v1/portal/log-bundle?from={held}',
    fork: 'The log does not contain the {held} entries of the earlier checkpoint as they were: it was rewritten.',
    witnessedCheckpoint:
      'The checkpoint that witnesses cosigned is not signed by the log and each of them alone.',
    witnessedFork: 'The log does not contain the {size} entries that witnesses saw: it was rewritten.',
    witnessKey: 'This is no key of a witness: {witness}',
    cosignature: 'The cosignature of the witness {witness} is not right.',
    noCosignature: 'The witness {witness}, whose key you gave, has cosigned nothing here.',
  },
  proved: found => [
    `${counted(found.entries, 'entry', 'entries')} about ${found.about}, from ${moment(found.first)} to ${moment(found.last)}: none is missing from the first up to ${found.headed ? `the signed head (line ${found.line} of the log)` : 'the last in this file'}.`,
    `Each stands in the log ${found.log} at its place, as it was written. The log had ${counted(found.size, 'entry', 'entries')}.`,
    `They tell of ${counted(found.readings, 'reading', 'readings')} by ${counted(found.readers, 'employee', 'employees')}, and of ${counted(found.refused, 'refused attempt', 'refused attempts')}.`,
    ...(found.heldSeq === null
      ? []
      : [`They begin with the ${counted(found.heldSeq, 'entry', 'entries')} held from earlier, unchanged.`]),
    ...(found.heldSize === null
      ? []
      : [
          `The whole log still contains the ${counted(found.heldSize, 'entry', 'entries')} it had earlier, unchanged.`,
        ]),
    ...found.seen.map(
      ({ name, time, size, given }) =>
        `The witness ${name}${given ? '' : ' (its key is from the file)'} saw this same log with ${counted(size, 'entry', 'entries')} on ${moment(new Date(time).toISOString())}.`,
    ),
  ],
  unproved: found => [
    found.headed
      ? 'Whether something happened that the company never wrote down, or wrote after the last of these entries and withholds.'
      : 'Whether there are later entries: the file has no signed head.',
    ...(found.keyGiven
      ? []
      : [
          `Whose log it is: the key came with the entries. Compare it with the one that the company publishes: ${found.vkey}`,
        ]),
    ...(found.heldSeq === null
      ? [
          'Whether these entries replace others you were shown earlier: there was nothing from earlier to compare. What you keep today can be compared next time.',
        ]
      : []),
    ...(found.seen.some(({ given }) => given)
      ? []
      : ['Whether others are shown the same log: that takes a witness whose key you know.']),
    'How often somebody looked within ten minutes: the same reading is then one entry.',
    ...(found.format === 'custode-export/1'
      ? ['The other parts of the export: only the entries are in the log.']
      : []),
  ],
  inOrder: 'In order',
  notInOrder: 'NOT in order',
  proves: 'What it proves',
  provesNot: 'What it does not prove',
  cannot: 'Ed25519 signatures cannot be checked here: it takes Node 20 or later.',
  unreadable: 'cannot be read',
  usage: `usage: node custode-verify.mjs FILE [--head FILE] [--checkpoint FILE] [--key VKEY] [--witness VKEY]... [--language en|it]

FILE is a log bundle or an export. --head is what you hold from earlier: an older bundle or export, a receipt, or a head.
--checkpoint is an earlier checkpoint of the log, --key its key and --witness that of a witness, known from elsewhere.
Ends with 0 when everything is in order, with 1 when anything is not, with 2 when it cannot be checked.`,
}

/** @type {Words} */
const italian = {
  where: ({ entry, seq }) =>
    entry === null
      ? ''
      : `Riga ${entry} del registro${seq === null ? '' : ` (voce ${seq} di questo file)`}: `,
  faults: {
    format: 'Questo non è né un estratto del registro né un’esportazione di Custode.',
    part: 'Una parte del file manca, è sconosciuta o è di altro tipo: {name}.',
    key: 'La chiave del registro nel file non è una chiave, o è stata cambiata.',
    otherKey: 'Il file indica una chiave del registro diversa da quella che hai dato.',
    checkpoint: 'Il punto di controllo nel file non è firmato con la chiave del registro.',
    commitment: 'ciò che dice è stato cambiato: testo e sale non danno più il numero che sta nel registro.',
    place: 'non si trova in questo posto del registro firmato.',
    spelling: 'il suo testo non è scritto come lo scrive il registro.',
    order: 'è fuori ordine.',
    gap: 'prima di essa mancano delle voci: {missing}.',
    twice: 'qui compare due volte.',
    previous: 'non continua la voce che la precede: una delle due è stata sostituita.',
    subject: 'riguarda un’altra persona.',
    head: 'La testa, che dice dove finiscono le voci, non è firmata con la chiave del registro.',
    cut: 'fino a questa mancano delle voci: la testa firmata ne conta {head}, il file ne contiene {entries}.',
    beyond: 'è oltre la testa firmata, che conta {head} voci.',
    otherEnd: 'non è la voce che la testa firmata indica come ultima.',
    heldFile: 'Il file di prima non è esso stesso in ordine.',
    heldHead:
      'La testa di prima non è firmata con la chiave di questo file: è di un altro registro, o la chiave è stata sostituita.',
    heldTrail: 'La testa di prima è delle voci di un’altra persona.',
    heldLonger:
      'prima c’era ({held} voci) e ora manca ({entries}). O questo file è il più vecchio, o sono state tolte delle voci.',
    heldFork: 'è una voce diversa da quella che stava qui prima: il registro è stato riscritto.',
    heldCheckpoint: 'Il punto di controllo di prima non è firmato con la chiave di questo file.',
    heldLarger:
      'Il registro aveva {held} voci e ora ne ha {size}. O questo file è il più vecchio, o il registro è stato tagliato.',
    unproven:
      'Il file non mostra che il registro continua le {held} voci del punto di controllo di prima. Scaricalo con /api/v1/portal/log-bundle?from={held}',
    fork: 'Il registro non contiene più com’erano le {held} voci del punto di controllo di prima: è stato riscritto.',
    witnessedCheckpoint:
      'Il punto di controllo controfirmato non è firmato dal registro e soltanto dai testimoni indicati.',
    witnessedFork: 'Il registro non contiene le {size} voci viste dai testimoni: è stato riscritto.',
    witnessKey: 'Questa non è la chiave di un testimone: {witness}',
    cosignature: 'La controfirma del testimone {witness} non è giusta.',
    noCosignature: 'Il testimone {witness}, di cui hai dato la chiave, non ha controfirmato nulla qui.',
  },
  proved: found => [
    `${counted(found.entries, 'voce', 'voci')} su ${found.about}, dal ${moment(found.first)} al ${moment(found.last)}: non ne manca nessuna dalla prima fino ${found.headed ? `alla testa firmata (riga ${found.line} del registro)` : 'all’ultima di questo file'}.`,
    `Ognuna si trova al suo posto nel registro ${found.log}, così come è stata scritta. Il registro aveva ${counted(found.size, 'voce', 'voci')}.`,
    `Raccontano ${counted(found.readings, 'lettura', 'letture')} da parte di ${counted(found.readers, 'impiegato', 'impiegati')} e ${counted(found.refused, 'tentativo rifiutato', 'tentativi rifiutati')}.`,
    ...(found.heldSeq === null
      ? []
      : [
          `Cominciano con ${found.heldSeq === 1 ? 'la voce conservata' : `le ${found.heldSeq} voci conservate`} da prima, senza cambiamenti.`,
        ]),
    ...(found.heldSize === null
      ? []
      : [
          `L’intero registro contiene ancora, senza cambiamenti, ${counted(found.heldSize, 'voce che aveva', 'voci che aveva')} prima.`,
        ]),
    ...found.seen.map(
      ({ name, time, size, given }) =>
        `Il testimone ${name}${given ? '' : ' (la sua chiave viene dal file)'} ha visto questo stesso registro con ${counted(size, 'voce', 'voci')} il ${moment(new Date(time).toISOString())}.`,
    ),
  ],
  unproved: found => [
    found.headed
      ? 'Se è successo qualcosa che l’azienda non ha mai scritto, o che ha scritto dopo l’ultima di queste voci e non mostra.'
      : 'Se ci sono voci successive: il file non ha una testa firmata.',
    ...(found.keyGiven
      ? []
      : [
          `Di chi è il registro: la chiave è arrivata insieme alle voci. Confrontala con quella che l’azienda pubblica: ${found.vkey}`,
        ]),
    ...(found.heldSeq === null
      ? [
          'Se queste voci ne sostituiscono altre che ti sono state mostrate prima: non c’era nulla di precedente con cui confrontarle. Ciò che conservi oggi si potrà confrontare la prossima volta.',
        ]
      : []),
    ...(found.seen.some(({ given }) => given)
      ? []
      : [
          'Se agli altri viene mostrato lo stesso registro: per questo serve un testimone di cui conosci la chiave.',
        ]),
    'Quante volte qualcuno ha guardato nell’arco di dieci minuti: la stessa lettura è allora una sola voce.',
    ...(found.format === 'custode-export/1'
      ? ['Le altre parti dell’esportazione: nel registro ci sono soltanto le voci.']
      : []),
  ],
  inOrder: 'In ordine',
  notInOrder: 'NON in ordine',
  proves: 'Che cosa dimostra',
  provesNot: 'Che cosa non dimostra',
  cannot: 'Qui non è possibile verificare firme Ed25519: serve Node 20 o successivo.',
  unreadable: 'non si può leggere',
  usage: `uso: node custode-verify.mjs FILE [--head FILE] [--checkpoint FILE] [--key VKEY] [--witness VKEY]... [--language en|it]

FILE è un estratto del registro o un’esportazione. --head è ciò che conservi da prima: un estratto o un’esportazione più
vecchi, una ricevuta, o una testa. --checkpoint è un punto di controllo precedente del registro, --key la sua chiave e
--witness quella di un testimone, conosciute per altra via. Termina con 0 quando tutto è in ordine, con 1 quando qualcosa
non lo è, con 2 quando non si può verificare.`,
}

const languages = { en: english, it: italian }

/**
 * A verdict in sentences: what is proved and what is not, or the one thing that is wrong.
 * @param {Proven | Failed} verdict @param {'en' | 'it'} language
 * @returns {{ proved: string[], unproved: string[], wrong: string | null }}
 */
export function explain(verdict, language) {
  const words = languages[language]
  if (verdict.ok) return { proved: words.proved(verdict), unproved: words.unproved(verdict), wrong: null }
  const { code, values } = verdict
  const what = (words.faults[code] ?? code).replace(/\{(\w+)\}/g, (_, name) => String(values[name]))
  return { proved: [], unproved: [], wrong: words.where(verdict) + what }
}

// ---- as a command

/** What a page does not have. */
const node =
  /** @type {{ process?: { argv: string[], env: Record<string, string | undefined>, exitCode: number } }} */ (
    /** @type {unknown} */ (globalThis)
  ).process

/** Node's own modules, by a name that no bundler follows into a page. @param {string} name */
const nodeModule = name => import(/* @vite-ignore */ `node:${name}`)

/** What an earlier file gives: an older bundle or export, a receipt, or the note itself. @param {string} text @returns {Known} */
function heldIn(text) {
  if (!text.trimStart().startsWith('{')) return { head: text }
  const file = JSON.parse(text)
  return file.custode_receipt === 1 ? { head: String(file.head) } : { bundle: file }
}

/** @param {string[]} argv @returns {Promise<number>} */
async function command(argv) {
  const { parseArgs } = await nodeModule('util')
  const { readFile } = await nodeModule('fs/promises')
  const env = node?.env ?? {}
  let language = /^it/i.test(env.LC_ALL || env.LC_MESSAGES || env.LANG || '') ? 'it' : 'en'
  let words = languages[/** @type {'en' | 'it'} */ (language)]
  let asked
  try {
    const text = /** @type {const} */ ({ type: 'string' })
    const options = {
      head: text,
      checkpoint: text,
      key: text,
      witness: { ...text, multiple: true },
      language: text,
    }
    asked = parseArgs({ args: argv, allowPositionals: true, options })
  } catch {
    console.error(words.usage)
    return 2
  }
  const { head, checkpoint, key, witness } = asked.values
  language = asked.values.language ?? language
  words = languages[language === 'it' ? 'it' : 'en']
  if (asked.positionals.length !== 1 || !Object.hasOwn(languages, language)) {
    console.error(words.usage)
    return 2
  }
  /** @template T @param {string} path @param {(text: string) => T} parse @returns {Promise<T>} */
  const read = async (path, parse) => {
    try {
      return parse(await readFile(path, 'utf8'))
    } catch {
      throw new Error(`${path} ${words.unreadable}`)
    }
  }
  try {
    const [file] = asked.positionals
    const verdict = await verifyBundle(await read(file, JSON.parse), {
      ...(key === undefined ? {} : { key: key.trim() }),
      ...(witness === undefined ? {} : { witnesses: witness }),
      ...(head === undefined ? {} : await read(head, heldIn)),
      ...(checkpoint === undefined ? {} : { checkpoint: await read(checkpoint, String) }),
    })
    const { proved, unproved, wrong } = explain(verdict, language === 'it' ? 'it' : 'en')
    if (wrong !== null) {
      console.error(`${words.notInOrder}: ${file}\n${wrong}`)
      return 1
    }
    const list = (/** @type {string[]} */ lines) => lines.map(line => `  - ${line}`).join('\n')
    console.log(
      `${words.inOrder}: ${file}\n\n${words.proves}\n${list(proved)}\n\n${words.provesNot}\n${list(unproved)}`,
    )
    return 0
  } catch (error) {
    console.error(error instanceof CannotVerify ? words.cannot : /** @type {Error} */ (error).message)
    return 2
  }
}

/** Whether Node was started with this very file. */
async function isCommand() {
  const started = node?.argv?.[1]
  if (started === undefined) return false
  const { realpath } = await nodeModule('fs/promises')
  const { pathToFileURL } = await nodeModule('url')
  return import.meta.url === pathToFileURL(await realpath(started).catch(() => started)).href
}

void isCommand().then(async yes => {
  if (yes && node !== undefined) node.exitCode = await command(node.argv.slice(2))
})
