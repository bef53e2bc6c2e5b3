/** How an epoch key ended: gone at once, or unusable now and gone at `at` (a cloud service's waiting period). */
export interface Destroyed {
  state: 'destroyed' | 'scheduled'
  /** RFC 3339 UTC: when the key is gone. */
  at: string
  /** What was done, as a code for the log and the destruction record: `overwritten-once-and-unlinked`. */
  method: string
}

/** The newest signed checkpoint of the log as somebody outside it keeps it, and the number of the keeper's start. */
export interface Kept {
  version: 1
  /** Counts the starts: a keeper that finds a higher one than its own has been replaced and must stop. */
  fence: number
  note: string
}

/**
 * Whoever holds the epoch keys that open the keybook. A custodian sees book keys, never slots. An epoch is a number
 * counted from 1; `list` names the epochs whose keys can still be used.
 */
export interface Custodian {
  readonly id: string
  readonly kind: string
  /** Where it keeps the newest checkpoint, when that is a file on this machine. */
  readonly file?: string
  createEpoch(epoch: number): Promise<void>
  wrap(epoch: number, key: Buffer, aad: Buffer): Promise<Buffer>
  /** Rejects when the epoch key is gone or the blob is not what `wrap` made with this `aad`. */
  unwrap(epoch: number, blob: Buffer, aad: Buffer): Promise<Buffer>
  /** Resolves only when the key can no longer be used here. Destroying what is gone already is no error. */
  destroy(epoch: number): Promise<Destroyed>
  list(): Promise<number[]>
  /** What `writeNewest` was last given, or null when it never was. */
  readNewest(): Promise<Kept | null>
  /** Durable when it resolves. */
  writeNewest(kept: Kept): Promise<void>
}

/** A custodian or a place that does not answer now: nothing is known of what it holds. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}
