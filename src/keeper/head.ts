import { type Signer, signNote, type Verifier, verifyNote } from './note.ts'

/**
 * How far one subject's chain of entries goes, as the keeper signs it. Whoever holds one can tell later that an entry up
 * to it was left out, moved or written anew.
 */
export interface TrailHead {
  /** The log's name. */
  log: string
  trailSlot: number
  /** Entries in the chain. */
  seq: number
  /** hex: the commitment of the last of them. */
  commitment: string
  /** The last entry's index in the log. */
  index: number
}

// It has blanks, so that no head can be taken for a checkpoint, whose first line is a name without any.
const heading = 'custode trail head 1'
const pattern =
  /^custode trail head 1\nlog (\S{1,200})\ntrail (\d{1,15})\nseq ([1-9]\d{0,14})\ncommitment ([0-9a-f]{64})\nindex (\d{1,15})\n$/

/** The signed text: one line for each part, in this order. */
export function headText({ log, trailSlot, seq, commitment, index }: TrailHead): string {
  const parts = [
    `log ${log}`,
    `trail ${trailSlot}`,
    `seq ${seq}`,
    `commitment ${commitment}`,
    `index ${index}`,
  ]
  return `${[heading, ...parts].join('\n')}\n`
}

/** The signed note of a head, under the key that signs the log's checkpoints. */
export const signHead = (head: TrailHead, signer: Signer): string => signNote(headText(head), signer)

/** What a signed note says of a trail, or null unless it is a head that the key of its log has signed. */
export function verifyHead(note: string, verifier: Verifier): TrailHead | null {
  const text = verifyNote(note, verifier)
  const [, log, trail, seq, commitment, index] = pattern.exec(text ?? '') ?? []
  if (log === undefined || commitment === undefined || log !== verifier.name) return null
  const head = { log, trailSlot: Number(trail), seq: Number(seq), commitment, index: Number(index) }
  return headText(head) === text ? head : null
}
