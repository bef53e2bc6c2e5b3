import { canonical, commitmentOf } from './entry.ts'
import { leafHash, verifyInclusion } from './merkle.ts'
import { base64, type Checkpoint, parseVkey, verifyCheckpoint } from './note.ts'
import type { EntryBody, ProofReply, TrailEntry } from './requests.ts'

/*
 * What outsiders need to check the log without trusting the keeper: signed notes and verifier keys (C2SP signed-note
 * and tlog-checkpoint), Merkle proofs (RFC 6962), a whole folder, one entry, one subject's export. Needs no secret. For
 * a witness also how it signs (C2SP tlog-cosignature) and how it keeps what it has signed.
 */
export {
  cosign,
  cosignaturesOf,
  formatWitnessKey,
  parseWitnessKey,
  readCosignature,
  textOf,
  type Witness,
  type WitnessSigner,
  witnessSigner,
} from './cosignature.ts'
export { findFile, unfinished, writeDurably } from './durable-file.ts'
export { canonical, commitmentOf } from './entry.ts'
export { reach } from './failpoint.ts'
export { type TrailHead, verifyHead } from './head.ts'
export { emptyRoot, leafHash, verifyConsistency, verifyInclusion } from './merkle.ts'
export {
  base64,
  type Checkpoint,
  keyOf,
  parseCheckpointText,
  parseVkey,
  type Verifier,
  verifyCheckpoint,
} from './note.ts'
export { parseTilePath } from './tile.ts'
export { Turn } from './turn.ts'
export { type LogVerdict, verifyLog } from './verify.ts'
export {
  type CheckpointFolder,
  type HeldCheckpoint,
  type KeeperVerdict,
  verifyKeeper,
} from './verify-keeper.ts'

/** A body as it was committed to: with the log's own parts. */
export type CommittedBody = EntryBody & { version: number; time: string; seq: number; prev: string | null }

export type EntryVerdict =
  | { ok: true; body: CommittedBody; checkpoint: Checkpoint }
  | { ok: false; entry: number; what: string }

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

function refused(error: unknown): { ok: false; entry: number; what: string } {
  if (error instanceof Unproven) return { ok: false, entry: error.entry, what: error.message }
  // What has not even the shape of an entry fails in some other way first.
  return { ok: false, entry: 0, what: 'this is not an export of log entries' }
}

/**
 * Checks one entry offline: its body against its commitment, and the commitment against the signed tree. `vkey` pins
 * the log's key; without it the proof's own is believed. Hashes of a proof are base64. Never throws.
 */
export function verifyEntry(entry: TrailEntry, proofs: ProofReply, vkey?: string): EntryVerdict {
  try {
    const checkpoint = signedBy(proofs, vkey)
    return { ok: true, body: proven(entry, proofs, checkpoint), checkpoint }
  } catch (error) {
    return refused(error)
  }
}

/**
 * Checks one subject's export offline: each entry as `verifyEntry` does, and the chain of `seq` and `prev`, in which
 * no entry may be missing. What came after the last entry handed over cannot be seen from the bundle. Never throws.
 */
export function verifyBundle({ entries, proofs }: Bundle, vkey?: string): BundleVerdict {
  try {
    const checkpoint = signedBy(proofs, vkey)
    let previous: { index: number; seq: number; commitment: string } | null = null
    let firstSeq: number | null = null
    for (const entry of entries) {
      const { seq, prev } = proven(entry, proofs, checkpoint)
      const { index, commitment } = entry
      if (previous !== null && (seq !== previous.seq + 1 || prev !== previous.commitment)) {
        throw new Unproven(index, 'an entry before it is missing or another')
      }
      if (previous !== null && index <= previous.index) throw new Unproven(index, 'it is out of order')
      if ((seq === 1) !== (prev === null))
        throw new Unproven(index, 'its place in the chain contradicts itself')
      firstSeq ??= seq
      previous = { index, seq, commitment }
    }
    return { ok: true, entries: entries.length, size: checkpoint.size, firstSeq }
  } catch (error) {
    return refused(error)
  }
}

function signedBy(proofs: ProofReply, vkey = proofs.vkey): Checkpoint {
  const verifier = proofs.vkey === vkey ? parseVkey(vkey) : null
  const checkpoint = verifier === null ? null : verifyCheckpoint(proofs.checkpoint, verifier)
  if (checkpoint === null) throw new Unproven(0, 'the checkpoint is not signed by the key of the log')
  return checkpoint
}

function proven(entry: TrailEntry, { proofs }: ProofReply, checkpoint: Checkpoint): CommittedBody {
  const { index, body, commitment } = entry
  const salt = base64(entry.salt)
  if (salt?.length !== 32 || commitmentOf(salt, Buffer.from(body, 'utf8')).toString('hex') !== commitment) {
    throw new Unproven(index, 'the body is not the one that was committed to')
  }
  const hashes = proofs.find(proof => proof.index === index)?.hashes
  if (hashes === undefined) throw new Unproven(index, 'it has no proof')
  const path = hashes.map(text => base64(text) ?? Buffer.alloc(0))
  const leaf = leafHash(Buffer.from(commitment, 'hex'))
  if (!verifyInclusion(leaf, index, checkpoint.size, path, checkpoint.root)) {
    throw new Unproven(index, 'it is not in the log at this place')
  }
  const parsed = JSON.parse(body) as CommittedBody
  if (canonical(parsed) !== body) throw new Unproven(index, 'the body is not in canonical form')
  return parsed
}
