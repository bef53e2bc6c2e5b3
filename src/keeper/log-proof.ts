import { leafHash, verifyInclusion } from './merkle.ts'
import { base64, type Verifier, verifyCheckpoint } from './note.ts'

/** That one leaf is in a log, as a file of its own (C2SP tlog-proof). */
export interface LogProof {
  index: number
  /** From the leaf's sibling up to the child of the root, 32 bytes each. */
  hashes: Buffer[]
  /** The signed note, word for word. */
  checkpoint: string
}

const heading = 'c2sp.org/tlog-proof@v1'
/** A tree of 2^53 leaves has no longer proof. */
const mostHashes = 53

/** The file `NAME.tlog-proof`. */
export function formatLogProof({ index, hashes, checkpoint }: LogProof): string {
  return `${[heading, `index ${index}`, ...hashes.map(hash => hash.toString('base64'))].join('\n')}\n\n${checkpoint}`
}

/** Null when the text is no such file. Extra data is passed over: nothing vouches for it. */
export function parseLogProof(text: string): LogProof | null {
  const end = text.indexOf('\n\n')
  const [first, ...lines] = text.slice(0, Math.max(end, 0)).split('\n')
  if (first !== heading) return null
  if (lines[0]?.startsWith('extra ')) lines.shift()
  const index = /^index (0|[1-9][0-9]{0,15})$/.exec(lines.shift() ?? '')?.[1]
  const hashes = lines.map(line => base64(line))
  if (index === undefined || !Number.isSafeInteger(Number(index)) || hashes.length > mostHashes) return null
  if (!hashes.every(hash => hash?.length === 32)) return null
  return { index: Number(index), hashes: hashes as Buffer[], checkpoint: text.slice(end + 2) }
}

/** Whether this log has signed a tree that holds `leaf` (its data, not its hash) where the proof says. */
export function holdsLeaf(proof: LogProof, leaf: Uint8Array, verifier: Verifier): boolean {
  const stated = verifyCheckpoint(proof.checkpoint, verifier)
  return (
    stated !== null && verifyInclusion(leafHash(leaf), proof.index, stated.size, proof.hashes, stated.root)
  )
}
