import { readdir, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { readKept } from './kept-file.ts'
import { parseCheckpointText, parseVkey, verifyCheckpoint } from './note.ts'
import { KeeperRefusal } from './refusal.ts'
import { type LogVerdict, verifyLog } from './verify.ts'

/** Whoever keeps the newest checkpoint in a folder: a `file` custodian, or a place, which has the whole log as well. */
export interface CheckpointFolder {
  name: string
  folder: string
}

/** A checkpoint that somebody elsewhere holds: an earlier verifier, a customer, a witness. */
export interface HeldCheckpoint {
  name: string
  note: string
}

export interface Compared {
  name: string
  /** How many entries it knows; the log has them all. */
  size: number
  /** Whether it lies outside the keeper's folder: then it shows too that the key is the one the log began with. */
  elsewhere: boolean
}

/** Somebody knows more entries than the log has (`cut off`), or other ones (`forked`). */
export interface Disagreement {
  how: 'cut off' | 'forked'
  /** The first entry that is missing, or one that is another: a checkpoint alone does not tell the first of these. */
  entry: number
  what: string
}

export interface KeeperVerdict {
  /** The log is as it was written, extends what everybody knows who could be asked, and nothing of theirs is damaged. */
  ok: boolean
  /** The log's own bytes, whatever others know. */
  log: LogVerdict
  compared: Compared[]
  disagreements: Disagreement[]
  /** What was found damaged at others. */
  damaged: { name: string; what: string }[]
  /** Who could not be asked, and why. */
  unasked: { name: string; why: string }[]
}

interface OwnLog {
  folder: string
  /** No segment is left of it. */
  gone: boolean
  verdict: LogVerdict
}

interface Known {
  name: string
  /** Null where it is known without a folder. */
  folder: string | null
  notes: string[]
  /** The folder of a copy of the log that is whole in itself. */
  copy: string | null
  damage: string[]
}

/**
 * Checks the log in a keeper's folder, and that it extends what each of `others` knows: the checkpoint it keeps and the
 * copy of the log it has, which is checked byte by byte as well; and what is `held` elsewhere. Without `vkey` the key in the folder is tried, which
 * proves something only where one of those compared is `elsewhere`: its checkpoint states the running hash, and that
 * begins with the key. All others are read first, so that a keeper at work can only have gone on since. Reads only,
 * needs no secret, and never throws for what it finds in files.
 */
export async function verifyKeeper(
  keeper: string,
  about: { vkey?: string; others?: readonly CheckpointFolder[]; held?: readonly HeldCheckpoint[] } = {},
): Promise<KeeperVerdict> {
  const others = about.others ?? [{ name: 'the custodian file', folder: join(keeper, 'custodian') }]
  const all: Known[] = (about.held ?? []).map(({ name, note }) => {
    const damage = Number.isNaN(sizeOf(note)) ? ['it is no checkpoint'] : []
    return { name, folder: null, notes: damage.length > 0 ? [] : [note], copy: null, damage }
  })
  const unasked: KeeperVerdict['unasked'] = []
  for (const other of others) {
    const known = await ask(other)
    if (typeof known === 'string') unasked.push({ name: other.name, why: known })
    else all.push(known)
  }
  const folder = join(keeper, 'log')
  const log = await verifyLog(folder, about.vkey === undefined ? {} : { vkey: about.vkey })
  const own: OwnLog = { folder, gone: !(await hasSegments(folder).catch(() => true)), verdict: log }
  const compared: Compared[] = []
  const disagreements: Disagreement[] = []
  for (const known of all) {
    const differs = await findDisagreement(own, known)
    if (differs !== null) disagreements.push(differs)
    else if (log.ok && known.notes.length > 0)
      compared.push({
        ...{ name: known.name, size: Math.max(...known.notes.map(sizeOf)) },
        elsewhere: known.folder === null || (await isOutside(known.folder, keeper)),
      })
  }
  const damaged = all.flatMap(({ name, damage }) => damage.map(what => ({ name, what })))
  const ok = log.ok && disagreements.length + damaged.length === 0
  return { ok, log, compared, disagreements, damaged, unasked }
}

/** What such a folder knows, or in a few words why it could not be asked. */
async function ask({ name, folder }: CheckpointFolder): Promise<Known | string> {
  const known: Known = { name, folder, notes: [], copy: null, damage: [] }
  try {
    await askCopy(known, join(folder, 'log'))
    await askKept(known, join(folder, 'checkpoint'))
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    return `it cannot be read (${String(error.code)})`
  }
  return known.notes.length + known.damage.length === 0 ? 'it keeps nothing' : known
}

async function askCopy(known: Known, folder: string): Promise<void> {
  if (!(await hasSegments(folder))) return
  const verdict = await verifyLog(folder)
  if (!verdict.ok) {
    known.damage.push(`its copy of the log at entry ${verdict.entry}: ${verdict.what}`)
    return
  }
  known.copy = folder
  known.notes.push(verdict.checkpoint)
}

async function askKept(known: Known, path: string): Promise<void> {
  const damage = 'what it keeps is no checkpoint'
  try {
    const kept = await readKept(path)
    if (kept === null) return
    if (Number.isNaN(sizeOf(kept.note))) known.damage.push(damage)
    else known.notes.push(kept.note)
  } catch (error) {
    if (!(error instanceof KeeperRefusal)) throw error
    known.damage.push(damage)
  }
}

/** In what the log differs from what somebody knows; null when it extends it, or is damaged by itself. */
async function findDisagreement(own: OwnLog, known: Known): Promise<Disagreement | null> {
  const { verdict } = own
  for (const note of known.notes) {
    const size = sizeOf(note)
    const cutOff = `${known.name} knows ${size} entries; its end was taken away, or it is an older copy`
    if (own.gone) return { how: 'cut off', entry: 0, what: cutOff }
    if (!verdict.ok) return null
    if (!isSignedBy(verdict.vkey, note))
      return {
        how: 'forked',
        entry: 0,
        what: `${known.name} knows ${size} entries that the key of this log has not signed`,
      }
    const joined = await verifyLog(own.folder, { checkpoint: note })
    if (joined.ok) continue
    const forked = `${known.name} knows ${size} other entries; they part here or before`
    if (size <= verdict.size) return { how: 'forked', entry: joined.entry, what: forked }
    // A copy that goes on further but not from here has parted from it before its end.
    const parted =
      known.copy === null ? null : await verifyLog(known.copy, { checkpoint: verdict.checkpoint })
    return parted === null || parted.ok
      ? { how: 'cut off', entry: verdict.size, what: cutOff }
      : { how: 'forked', entry: parted.entry, what: forked }
  }
  return null
}

function isSignedBy(vkey: string, note: string): boolean {
  const verifier = parseVkey(vkey)
  return verifier !== null && verifyCheckpoint(note, verifier) !== null
}

/** How many entries a note is of; NaN when it is no checkpoint at all. */
function sizeOf(note: string): number {
  return parseCheckpointText(note.slice(0, note.indexOf('\n\n') + 1))?.size ?? Number.NaN
}

/** Whether any segment lies in a folder, which need not exist. */
async function hasSegments(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).some(name => name.endsWith('.log'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}

async function isOutside(folder: string, keeper: string): Promise<boolean> {
  const [inner, outer] = await Promise.all([realpath(folder), realpath(keeper)])
  return inner !== outer && !inner.startsWith(`${outer}${sep}`)
}
