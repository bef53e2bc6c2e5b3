/**
 * How others check the log without trusting the keeper: signed notes and verifier keys (C2SP signed-note and
 * tlog-checkpoint), Merkle proofs (RFC 6962), a whole folder, one subject's export. Needs no secret.
 */
import { commitmentOf } from './entry.ts'
import { leafHash, verifyInclusion } from './merkle.ts'
import { base64, type Checkpoint, parseVkey, verifyCheckpoint } from './note.ts'
import type { ProofReply, TrailEntry } from './requests.ts'

export { commitmentOf } from './entry.ts'
export { leafHash, verifyConsistency, verifyInclusion } from './merkle.ts'
export {
  type Checkpoint,
  formatVkey,
  parseVkey,
  type Verifier,
  verifyCheckpoint,
  verifyNote,
} from './note.ts'
export { type Bundle, type LogVerdict, verifyBundle, verifyLog } from './verify.ts'

export type EntryVerdict = { ok: true; checkpoint: Checkpoint } | { ok: false; what: string }

/** Checks one entry: its body against its commitment, and the commitment against the signed tree. */
export function verifyEntry(entry: TrailEntry, proof: ProofReply, vkey: string): EntryVerdict {
  const verifier = parseVkey(vkey)
  const checkpoint = verifier === null ? null : verifyCheckpoint(proof.checkpoint, verifier)
  if (checkpoint === null) return { ok: false, what: 'the checkpoint is not signed by the key of the log' }
  const salt = base64(entry.salt)
  const commitment = Buffer.from(entry.commitment, 'hex')
  if (salt?.length !== 32 || !commitmentOf(salt, Buffer.from(entry.body, 'utf8')).equals(commitment)) {
    return { ok: false, what: 'the body is not the one that was committed to' }
  }
  const hashes = proof.proofs.find(one => one.index === entry.index)?.hashes ?? []
  const path = hashes.map(text => base64(text) ?? Buffer.alloc(0))
  if (!verifyInclusion(leafHash(commitment), entry.index, checkpoint.size, path, checkpoint.root)) {
    return { ok: false, what: 'it is not in the log at this place' }
  }
  return { ok: true, checkpoint }
}
