import { base64, type Checkpoint, parseCheckpointText, textOf } from '../keeper/checkpoint.ts'

/** What somebody wants to have cosigned (C2SP tlog-witness, add-checkpoint). */
export interface Submission {
  /** The size that the witness is thought to hold. */
  old: number
  /** From there to the checkpoint's size, 32 bytes each (RFC 6962). */
  proof: Buffer[]
  /** The signed note, word for word, and the text that it signs. */
  note: string
  text: string
  checkpoint: Checkpoint
}

const mostHashes = 63

/** Null when these bytes are no such request. */
export function parseSubmission(bytes: Uint8Array): Submission | null {
  const body = decode(bytes)
  const end = body.indexOf('\n\n')
  const [first = '', ...lines] = body.slice(0, Math.max(end, 0)).split('\n')
  const old = /^old (0|[1-9][0-9]{0,15})$/.exec(first)?.[1]
  if (old === undefined || !Number.isSafeInteger(Number(old)) || lines.length > mostHashes) return null
  const proof = lines.map(line => base64(line))
  if (!proof.every(hash => hash?.length === 32)) return null
  const note = body.slice(end + 2)
  const text = textOf(note)
  const checkpoint = text === null ? null : parseCheckpointText(text)
  if (text === null || checkpoint === null) return null
  return { old: Number(old), proof: proof as Buffer[], note, text, checkpoint }
}

/** Empty when the bytes are no UTF-8. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return ''
  }
}
