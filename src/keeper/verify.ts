import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonical, commitmentOf } from './entry.ts'
import { DamagedLog, scanLog } from './log-file.ts'
import { leafHash, verifyInclusion } from './merkle.ts'
import { base64, parseVkey, verifyCheckpoint } from './note.ts'
import type { ProofReply, TrailEntry } from './requests.ts'

export type LogVerdict =
  | {
      ok: true
      size: number
      /** base64, as in the checkpoint. */
      root: string
      checkpoint: string
      vkey: string
      /** Bytes of an unfinished batch at the very end, which was never acknowledged. */
      torn: number
    }
  | { ok: false; entry: number; what: string }

export interface LogVerification {
  /** The verifier key known from elsewhere; without it the one in the folder is believed. */
  vkey?: string
  /** A signed checkpoint known from elsewhere: the log must contain it. It alone shows that an end was cut off. */
  checkpoint?: string
}

/**
 * Checks every byte of a log's folder without any secret. Never throws for what it finds in the files: it names the
 * first entry that is not as it was written. May be run while the keeper writes.
 */
export async function verifyLog(folder: string, against: LogVerification = {}): Promise<LogVerdict> {
  try {
    const text = (await readFile(join(folder, 'vkey'), 'utf8')).replace(/\n$/, '')
    if (against.vkey !== undefined && against.vkey !== text) {
      throw new DamagedLog(0, 'the log is signed by another key')
    }
    const verifier = parseVkey(text)
    if (verifier === null) throw new DamagedLog(0, 'the file vkey holds no verifier key')
    const scanned = await scanLog(folder, verifier, { known: against.checkpoint ?? null, visit: () => {} })
    if (scanned.note === null) throw new DamagedLog(0, 'the log has no beginning')
    const root = scanned.tree.root().toString('base64')
    return { ok: true, size: scanned.size, root, checkpoint: scanned.note, vkey: text, torn: scanned.torn }
  } catch (error) {
    if (error instanceof DamagedLog) return { ok: false, entry: error.entry, what: error.what }
    if (error instanceof Error && 'code' in error) {
      return { ok: false, entry: 0, what: `the files cannot be read (${String(error.code)})` }
    }
    throw error
  }
}

export type BundleVerdict =
  | { ok: true; entries: number; size: number; firstSeq: number | null }
  | { ok: false; entry: number; what: string }

/** One subject's entries, oldest first, and the proofs that they are in the log. */
export interface Bundle {
  entries: TrailEntry[]
  proofs: ProofReply
}

class Unproven extends Error {
  override readonly name = 'Unproven'
  readonly entry: number

  constructor(entry: number, what: string) {
    super(what)
    this.entry = entry
  }
}

/**
 * Checks one subject's export offline: each body against its commitment, each commitment against the signed tree, and
 * the chain of `seq` and `prev`, in which no entry may be missing. `vkey` pins the log's key; without it the bundle's
 * own is believed. What is after the last entry handed over cannot be seen from the bundle.
 */
export function verifyBundle(bundle: Bundle, vkey?: string): BundleVerdict {
  try {
    return checkBundle(bundle, vkey)
  } catch (error) {
    if (error instanceof Unproven) return { ok: false, entry: error.entry, what: error.message }
    // Whatever is no bundle at all fails in some other way first.
    return { ok: false, entry: 0, what: 'this is not an export of log entries' }
  }
}

function checkBundle({ entries, proofs }: Bundle, vkey = proofs.vkey): BundleVerdict {
  const verifier = proofs.vkey === vkey ? parseVkey(vkey) : null
  const checkpoint = verifier === null ? null : verifyCheckpoint(proofs.checkpoint, verifier)
  if (checkpoint === null) throw new Unproven(0, 'the checkpoint is not signed by the key of the log')
  const hashesOf = new Map(proofs.proofs.map(proof => [proof.index, proof.hashes]))
  let previous: { index: number; seq: number; commitment: string } | null = null
  let firstSeq: number | null = null
  for (const entry of entries) {
    const { seq, prev } = checkEntry(entry)
    if (previous !== null && entry.index <= previous.index) throw new Unproven(entry.index, 'not in order')
    if (previous !== null && (seq !== previous.seq + 1 || prev !== previous.commitment)) {
      throw new Unproven(entry.index, 'an entry before it is missing or another')
    }
    if ((seq === 1) !== (prev === null)) throw new Unproven(entry.index, 'the chain does not begin here')
    const hashes = hashesOf.get(entry.index)
    if (hashes === undefined) throw new Unproven(entry.index, 'it has no proof')
    const leaf = leafHash(Buffer.from(entry.commitment, 'hex'))
    const path = hashes.map(text => base64(text) ?? Buffer.alloc(0))
    if (!verifyInclusion(leaf, entry.index, checkpoint.size, path, checkpoint.root)) {
      throw new Unproven(entry.index, 'it is not in the log at this place')
    }
    firstSeq ??= seq
    previous = { index: entry.index, seq, commitment: entry.commitment }
  }
  return { ok: true, entries: entries.length, size: checkpoint.size, firstSeq }
}

/** The chain's part of a body, once the body is known to be what was committed to. */
function checkEntry(entry: TrailEntry): { seq: number; prev: string | null } {
  const salt = base64(entry.salt)
  const bytes = Buffer.from(entry.body, 'utf8')
  if (salt?.length !== 32 || commitmentOf(salt, bytes).toString('hex') !== entry.commitment) {
    throw new Unproven(entry.index, 'the body is not the one that was committed to')
  }
  const body = JSON.parse(entry.body) as { seq: number; prev: string | null }
  if (canonical(body) !== entry.body) throw new Unproven(entry.index, 'the body is not in canonical form')
  return body
}
