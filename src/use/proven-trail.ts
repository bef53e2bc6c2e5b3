import * as z from 'zod'
import type { House } from '../core/house.ts'
import { Refusal } from '../core/refusal.ts'
import { parseVkey, verifyCheckpoint } from '../keeper/checkpoint.ts'
import type { ProofReply } from '../keeper/client.ts'
import { type CosignedCheckpoint, findCosigned } from './cosigned-checkpoint.ts'
import type { Key } from './reading.ts'
import { readTrail } from './trail.ts'

/** A whole trail with what proves it without us. */
export const provenTrail = {
  /** The verifier key of the log (C2SP signed-note). */
  vkey: z.string(),
  /** Every entry, oldest first; hashes of its proof are base64, from the leaf upwards. */
  entries: z.array(
    z.object({
      index: z.int(),
      body: z.string(),
      salt: z.string(),
      commitment: z.string(),
      proof: z.array(z.string()),
    }),
  ),
  /** The signed note that every proof leads to. */
  checkpoint: z.string(),
  /** The signed note that says with which entry the trail ends. */
  head: z.string(),
  /** The newest checkpoint that witnesses have cosigned, by whom, and that the one above extends it. */
  witnessed: z
    .object({ checkpoint: z.string(), witnesses: z.array(z.string()), hashes: z.array(z.string()) })
    .nullable(),
}
const schema = z.object(provenTrail)
export type ProvenTrail = z.infer<typeof schema>

/**
 * A trail from its first entry to its signed head, all proven by one checkpoint. The reading has its own entry, which
 * is among them when it is the first within ten minutes. Throws the keeper's refusals.
 */
export async function readProvenTrail(house: House, key: Key, trailSlot: number): Promise<ProvenTrail> {
  const before = await readTrail(house, key, trailSlot)
  // After the reading, so that it is covered; what was written in between is read as well, and what came later left out.
  const head = await house.keeper.head(trailSlot)
  if (head === null) throw new Error('a trail that was read has no head')
  const since = await readTrail(house, key, trailSlot, before.at(-1)?.index)
  const last = Number(/^index (\d+)$/m.exec(head)?.[1])
  const entries = [...before, ...since].filter(entry => entry.index <= last)
  const indices = entries.map(entry => entry.index)
  // Before the proofs, so that their checkpoint is not the shorter one.
  const cosigned = await findCosigned(house, await house.keeper.checkpoint())
  const { proofs, checkpoint, vkey } = await provenTogether(house, indices)
  const hashes = new Map(proofs.map(proof => [proof.index, proof.hashes]))
  return {
    ...{ vkey, checkpoint, head, witnessed: await witnessedBy(house, { checkpoint, vkey }, cosigned) },
    entries: entries.map(entry => ({ ...entry, proof: hashes.get(entry.index) ?? [] })),
  }
}

/** Where the log is shorter than what was cosigned there is no proof, and whoever checks it is told so. */
async function witnessedBy(
  house: House,
  log: Pick<ProvenTrail, 'checkpoint' | 'vkey'>,
  cosigned: CosignedCheckpoint | null,
): Promise<ProvenTrail['witnessed']> {
  if (cosigned === null) return null
  const { note, size, witnesses } = cosigned
  return { checkpoint: note, witnesses, hashes: (await provenSince(house, log, size))?.hashes ?? [] }
}

/** The proof (base64) that the log as it is in `checkpoint` extends the one of `from` entries; null if that is longer. */
export async function provenSince(
  house: House,
  { checkpoint, vkey }: Pick<ProvenTrail, 'checkpoint' | 'vkey'>,
  from: number,
): Promise<{ size: number; hashes: string[] } | null> {
  const verifier = parseVkey(vkey)
  const now = verifier === null ? null : verifyCheckpoint(checkpoint, verifier)
  if (now === null) throw new Error('the keeper has not signed its own checkpoint')
  if (from > now.size) return null
  return { size: from, hashes: await house.keeper.consistency(from, now.size) }
}

const mostAtOnce = 200

/** Proofs that all lead to one checkpoint, however many. While the log grows in between they are asked for again. */
async function provenTogether(house: House, indices: readonly number[]): Promise<ProofReply> {
  for (let attempt = 1; attempt <= 10; attempt++) {
    const parts: number[][] = []
    for (let at = 0; at < indices.length; at += mostAtOnce) parts.push(indices.slice(at, at + mostAtOnce))
    const replies = await Promise.all(parts.map(part => house.keeper.proof(part)))
    const [first] = replies
    if (first !== undefined && replies.every(reply => reply.checkpoint === first.checkpoint))
      return { ...first, proofs: replies.flatMap(reply => reply.proofs) }
  }
  throw new Refusal('unavailable', { why: 'the log grew faster than its proofs were made' })
}
