import { verify } from 'node:crypto'
import * as z from 'zod'
import { base64, canonical, keyOf, parseVkey, verifyEntry, verifyHead } from '../keeper/checkpoint.ts'

const index = z.int().min(0)
const text = z.string().min(1)

/** The paper a customer takes along when they withdraw, with all that is needed to check it. */
export const withdrawalReceipt = z.looseObject({
  custode_receipt: z.literal(1),
  kind: z.literal('withdrawal'),
  organisation: z.looseObject({ id: text, name: z.string() }),
  act: text,
  at: text,
  slots: z.array(index),
  kept: z.array(z.looseObject({ slot: index })),
  entry: z.object({ index, body: text, salt: text, commitment: text }),
  proof: z.object({ hashes: z.array(z.string()), checkpoint: text, vkey: text }),
  /** Receipts from before trails had heads are without. */
  head: text.optional(),
  signature: text,
  public_key: text,
})

export type ReceiptVerdict =
  | {
      ok: true
      act: string
      at: string
      slots: number[]
      organisation: string
      index: number
      vkey: string
      key: string
    }
  | { ok: false; what: string }

/** What the holder knows from elsewhere; what is not given here is believed as the receipt states it. */
export interface KnownKeys {
  /** base64 of the raw public key of receipts. */
  receiptKey?: string
  vkey?: string
}

/**
 * Checks a withdrawal's receipt offline: the organisation's signature over everything in it, its log entry against
 * the signed tree, that the entry is an erasure that the keeper itself wrote, of the same act and the same slots, and
 * that the head of its trail reaches that far. Never throws for what it is given.
 */
export function checkReceipt(given: unknown, known: KnownKeys = {}): ReceiptVerdict {
  const parsed = withdrawalReceipt.safeParse(given)
  if (!parsed.success) return { ok: false, what: 'this is not a receipt of a withdrawal' }
  const receipt = parsed.data
  if (known.receiptKey !== undefined && known.receiptKey !== receipt.public_key) {
    return { ok: false, what: 'it is signed by another key' }
  }
  if (!isSigned(receipt))
    return { ok: false, what: 'the signature does not fit: something in it was changed' }
  const { entry, proof, act, at, slots, organisation } = receipt
  const proofs = { proofs: [{ index: entry.index, hashes: proof.hashes }], ...proof }
  const verdict = verifyEntry(entry, proofs, known.vkey)
  if (!verdict.ok) return { ok: false, what: `its log entry: ${verdict.what}` }
  if (verdict.body.kind !== 'shred')
    return { ok: false, what: 'its log entry is not the beginning of an erasure' }
  if (verdict.body.act !== act) return { ok: false, what: 'its log entry is about another act' }
  if (!sameNumbers(verdict.body.detail?.slots, slots))
    return { ok: false, what: 'its log entry names other slots' }
  if (!endsTrail(receipt, verdict.body.seq)) return { ok: false, what: 'its trail’s head does not fit' }
  const { name } = organisation
  const { vkey } = proof
  return { ok: true, act, at, slots, organisation: name, index: entry.index, vkey, key: receipt.public_key }
}

/** Whether the head, where there is one, is signed by the log and not of a time before the erasure. */
function endsTrail({ head, kept, entry, proof }: z.infer<typeof withdrawalReceipt>, seq: number): boolean {
  if (head === undefined) return true
  const verifier = parseVkey(proof.vkey)
  const end = verifier === null ? null : verifyHead(head, verifier)
  if (end === null || !kept.some(({ slot }) => slot === end.trailSlot)) return false
  if (end.seq < seq || end.index < entry.index) return false
  return (end.seq === seq) === (end.index === entry.index && end.commitment === entry.commitment)
}

function isSigned(receipt: z.infer<typeof withdrawalReceipt>): boolean {
  const { signature, ...signed } = receipt
  const key = base64(receipt.public_key)
  const bytes = base64(signature)
  if (key?.length !== 32 || bytes?.length !== 64) return false
  try {
    return verify(null, Buffer.from(canonical(signed), 'utf8'), keyOf(key), bytes)
  } catch {
    // A value that canonical JSON does not know, or 32 bytes that are no key.
    return false
  }
}

function sameNumbers(named: unknown, expected: number[]): boolean {
  if (!Array.isArray(named) || named.length !== expected.length) return false
  const numbers = new Set(named)
  return numbers.size === expected.length && expected.every(number => numbers.has(number))
}
