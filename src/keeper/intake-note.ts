import { type Signer, signNote, type Verifier, verifyNote } from './note.ts'

/** The key to which browsers seal sensitive data for the keeper, as the key of the log vouches for it. */
export interface IntakeKey {
  /** The log's name. */
  log: string
  /** Where the private half lies: it dies when this slot is destroyed. */
  slot: number
  /** X25519, 32 bytes as base64. */
  publicKey: string
  /** Milliseconds since 1970: from then on nothing is taken in under it. */
  until: number
}

// It has blanks, so that it can be taken for no checkpoint, and its own first word for no head.
const pattern =
  /^custode intake key 1\nlog (\S{1,200})\nslot (\d{1,15})\nkey ([A-Za-z0-9+/]{43}=)\nuntil (\d{1,15})\n$/

const textOf = ({ log, slot, publicKey, until }: IntakeKey): string =>
  `custode intake key 1\nlog ${log}\nslot ${slot}\nkey ${publicKey}\nuntil ${until}\n`

/** The signed note of an intake key, under the key that signs the log's checkpoints. */
export const signIntakeKey = (key: IntakeKey, signer: Signer): string => signNote(textOf(key), signer)

/** What a signed note says of an intake key, or null unless the key of its log has signed it. */
export function verifyIntakeKey(note: string, verifier: Verifier): IntakeKey | null {
  const [, log, slot, publicKey, until] = pattern.exec(verifyNote(note, verifier) ?? '') ?? []
  if (log === undefined || publicKey === undefined || log !== verifier.name) return null
  return { log, slot: Number(slot), publicKey, until: Number(until) }
}
