/**
 * What can be asked of the keeper and what it answers: the words of protocol version 1. Ids are UUIDs as text, slots
 * and indices are safe integers, times are milliseconds since 1970 unless they are RFC 3339 text. "Customer" means
 * the id of any subject: a customer, an applicant or an employee.
 */

/** The values of one box: field code to a JSON value such as `{ value, source, at }`. */
export type BoxValues = Record<string, unknown>

/** Where a box that is sealed will lie. */
export interface NewBox {
  customer: string
  compartment: string
  row: string
  /** 1, or one more than that of the box it replaces. */
  version: number
  slot: number
  /** The subject's trail, where every reading of the box will be entered. */
  trailSlot: number
}

export interface SealItem extends NewBox {
  values: BoxValues
}

export interface BoxItem {
  customer: string
  compartment: string
  row: string
  version: number
  box: Uint8Array
}

export type GrantKind = 'task' | 'portal' | 'job' | 'signin' | 'import' | 'search'

export interface GrantSubject {
  customer: string
  trailSlot: number
  alias: string
}

export interface GrantRequest {
  id: string
  /** SHA-256 of the secret, hex. The secret itself is never sent when a grant is made. */
  secretHash: string
  kind: GrantKind
  actor: string
  /** The trail slot of the acting employee; required when there are several subjects. */
  actorSlot?: number
  subjects: GrantSubject[]
  /** Field codes; `*` means every field and is for the kinds `portal` and `job` only. */
  fields: string[]
  compartments: string[]
  purpose: string
  task?: string
  until: number
  /** How many readings (people times requests) the grant allows. */
  most: number
  policy: string
}

export interface OpenRequest {
  grant: string
  secret: string
  /** Field codes, or `*` for all that the grant allows. */
  fields: string[]
  items: BoxItem[]
  /** Of a reading that was announced: it is entered already. */
  act?: string
  task?: string
  /** A list row: readings of the same fields of the same customer within ten minutes share one entry. */
  list?: boolean
}

/** A reading of one customer that is about to be asked for by `open` under the same act. */
export interface Announcement {
  grant: string
  secret: string
  customer: string
  fields: string[]
  act: string
  task?: string
}

/** The key to which browsers seal, as a note that the log's key has signed. */
export interface IntakeKeyReply {
  note: string
  slot: number
}

/** What one envelope becomes. */
export interface IntakeItem extends NewBox {
  /** What the envelope holds, and how the keeper judges each: a type of the catalogue and its limits. */
  fields: Record<string, { type: string; most?: number; least?: number; options?: string[] }>
  /** The version of the notice that was agreed to. */
  form: number
  nonce: string
  /** The slot of the key that it was sealed to. */
  key: number
  envelope: Uint8Array
  /** The box that is there already. */
  box?: Uint8Array
}

export type TakenIn = { boxes: Buffer[] } | { faults: { field: string; code: string }[] }

/** A box that is sealed anew: with fields left out, or under another slot. */
export interface ResealItem extends NewBox {
  without: string[]
  box: Uint8Array
}

export interface Opened {
  values: BoxValues
}

export interface EntryBody {
  kind: string
  act: string
  actor: string
  subject: string
  task?: string
  grant?: string
  purpose?: string
  fields?: string[]
  result: string
  policy?: string
  until?: string
  /** Ids, numbers and codes; never a personal value. */
  detail?: Record<string, unknown>
}

/** The lowest version of a row that may still be opened; null when the row was deleted. */
export interface Floor {
  customer: string
  row: string
  slot: number
  version: number | null
}

export interface Change {
  id: string
  /** The subject's next change number, or 0 for an act that is not a numbered change. */
  number: number
  trailSlot: number
  body: EntryBody
  floors?: Floor[]
}

export interface EntriesRequest {
  grant: string
  secret: string
  trailSlot: number
  /** Only entries with a greater index. */
  after?: number
}

/** An entry as its subject may hold it: with `proof` it can be verified without the keeper. */
export interface TrailEntry {
  index: number
  /** Canonical JSON, exactly the bytes that were committed to. */
  body: string
  /** base64 */
  salt: string
  /** hex */
  commitment: string
}

export interface TrailPage {
  entries: TrailEntry[]
  /** More entries follow: ask again with `after` set to the last index. */
  more: boolean
}

export interface ProofReply {
  proofs: { index: number; hashes: string[] }[]
  /** The signed note that the proofs lead to. */
  checkpoint: string
  vkey: string
}

export interface ShredRequest {
  act: string
  subject: { trailSlot: number; alias: string }
  actor: string
  slots: number[]
  reason: string
  /** Hash of the random link with which later steps may be read. */
  link?: string
}

/** A signed checkpoint that is kept elsewhere, and by whom. */
export interface HeldNote {
  note: string
  by: string
}

export interface PendingShred {
  act: string
  slots: number[]
  /** RFC 3339 UTC, when the intent was appended. */
  time: string
  index: number
  /** As its entry says them; null where the trail that holds the entry was shredded too. */
  reason: string | null
  link: string | null
  /** False where the entry is damaged: then nothing is known of them. */
  readable: boolean
}

export interface CustodianEvidence {
  id: string
  kind: string
  /**
   * `left-out`: it held a key, is not configured any more and was never asked, `at` being since when. `stated`: a person
   * has stated that its keys were destroyed by hand; nobody saw it.
   */
  state: 'destroyed' | 'scheduled' | 'left-out' | 'stated'
  at: string
  method: string
  /** The number of the paper on which it is stated. */
  statement?: string
}

/** A custodian that was left out with a key of the keybook. */
export interface LeftOut {
  id: string
  kind: string
  /** RFC 3339 UTC; as `at` in the evidence of the destructions that did not reach it. */
  since: string
  /** How its key went in the end, or null while it may be there. */
  ended: CustodianEvidence | null
}

export interface RollReply {
  epoch: number
  slots: number[]
  /** RFC 3339 UTC: from then on nothing online opens the slots. Null when there was nothing to do. */
  t1: string | null
  custodians: CustodianEvidence[]
}

export interface TokensRequest {
  grant: string
  secret: string
  kind: string
  field: string
  items: BoxItem[]
}

export interface FingerprintItem {
  kind: string
  value: string
}

export interface Signed {
  signature: Buffer
  /** The raw 32-byte Ed25519 public key. */
  publicKey: Buffer
}

export interface KeeperStatus {
  organisation: string
  logId: string
  vkey: string
  /** The public key of receipts, base64. */
  receiptKey: string
  /** Entries in the log. */
  size: number
  epoch: number
  /** The next slot number that was never issued. */
  issued: number
  /** Shredded slots that no roll has replaced yet. */
  waiting: number
  shredsPending: number
  /** Live grants. */
  grants: number
  custodians: { id: string; kind: string }[]
  /** Further places beside the keeper's own folder. */
  places: number
  /** Who cannot be reached now: `custodian/ID`, and `place/NUMBER`, counted from 1 as they are configured. */
  unreached: string[]
  /** Whether everybody is in what is searched. */
  searchable: boolean
  /** False while an epoch waits to be destroyed at somebody who cannot be reached. */
  settled: boolean
  /** Cold copies that every book key is or was sealed to, the one that ends first first; `until` in RFC 3339. */
  recoveries: { id: string; until: string }[]
  /** Custodians that were left out with a key of the keybook, and how each key went in the end. */
  leftOut: LeftOut[]
}

/** Trail slots with the number of each one's newest change. */
export interface NumbersPage {
  numbers: [trailSlot: number, number: number][]
  more: boolean
}

/** Shredded slots whose rows are said to be gone; `issued` is the next number that was never issued. */
export interface SlotsPage {
  slots: number[]
  issued: number
  more: boolean
}

/** Where a box lies and how old it is. */
export type RestoredBox = [slot: number, row: string, version: number]

/** The place of a box in the request, and whether the log knows a newer one or that its row was deleted. */
export type Superseded = [at: number, how: 'replaced' | 'deleted']

export interface ChangesAfter {
  trailSlot: number
  number: number
  /** Only those with a greater index. */
  after: number
}

export interface ToldChange {
  index: number
  number: number
  body: EntryBody & { time: string }
}

export interface ChangePage {
  changes: ToldChange[]
  /** Where the next page begins. */
  after: number
  more: boolean
}

export interface ToldShred extends Omit<PendingShred, 'readable'> {
  trailSlot: number
  completed: boolean
  /** Null where the entry's own trail was shredded. */
  reason: string | null
  link: string | null
}

export interface ShredsPage {
  shreds: ToldShred[]
  more: boolean
}

export interface Appended {
  id: string
  index: number
}

/** What an entry shows in plain. */
export interface ToldRecord {
  index: number
  trailSlot: number
  /** Position in its trail, counted from 1. */
  seq: number
  kind: string
  /** Milliseconds since 1970. */
  time: number
  /** As hex. */
  commitment: string
}

export interface RecordsPage {
  records: ToldRecord[]
  /** Durable entries there were when it was read. */
  size: number
}
