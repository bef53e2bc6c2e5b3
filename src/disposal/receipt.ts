import type { House } from '../core/house.ts'
import { newId, newToken, sha256 } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import { canonical } from '../keeper/checkpoint.ts'
import type { CustodianEvidence, TrailEntry } from '../keeper/client.ts'
import { listDocumentsByLink, type StatutoryDocument, shownDocument } from '../use/statutory-document.ts'
import { type Destruction, type Final, finalOf, getDestructionByLink, knownToday } from './destruction.ts'

/** What a customer takes with them when they leave: verifiable offline, with `custode receipt verify`. */
export interface Receipt {
  custode_receipt: 1
  kind: 'withdrawal'
  organisation: { id: string; name: string }
  act: string
  /** t0, RFC 3339 UTC. */
  at: string
  compartments: string[]
  slots: number[]
  kept: (
    | { what: 'trail'; slot: number; until: string; why: 'accountability' }
    | ({ what: 'document'; slot: number } & ReturnType<typeof shownDocument>)
  )[]
  /** Reads t1 and t2 later. */
  link: string
  /** The entry in which the keeper promised the erasure, before its first step. */
  entry: TrailEntry
  proof: { hashes: string[]; checkpoint: string; vkey: string }
  /** The signed note that says how far the kept trail goes: whoever reads the trail later sees whether anything is missing. */
  head: string
  destruction: {
    t0: string
    t1: string | null
    t2: Final | null
    epoch: number | null
    custodians: CustodianEvidence[]
  }
  /** base64: Ed25519 over the canonical JSON (RFC 8785) of everything but this signature. */
  signature: string
  /** base64: the raw 32 bytes of the organisation's receipt key. */
  public_key: string
}

const minute = 60_000

interface Kept {
  id: string
  alias: string
  name: string
  organisation: string
}

/**
 * The receipt of a finished withdrawal, by its link. Opening its entry is a reading of the kept trail and has its own
 * entry there. Refuses `not_found` for an unknown link and `erased` once the trail is gone as well.
 */
export async function makeReceipt(house: House, link: string): Promise<Receipt> {
  const destruction = await getDestructionByLink(house.database, link)
  const kept = await house.database.maybe<Kept>(
    `select s.id, s.alias, o.name, o.id as organisation
       from subject s, organisation o where s.trail = $1`,
    [destruction.trail],
  )
  if (kept === null) throw new Refusal('erased', { why: 'the trail was shredded' })
  const entry = await readEntry(house, kept, destruction)
  const { proofs, checkpoint, vkey } = await house.keeper.proof([entry.index])
  const head = await house.keeper.head(destruction.trail!)
  if (head === null) throw new Error('a trail that was read has no head')
  const { receiptKey, leftOut } = await house.keeper.status()
  const documents = await listDocumentsByLink(house.database, sha256(link))
  const said = {
    custode_receipt: 1 as const,
    kind: 'withdrawal' as const,
    organisation: { id: kept.organisation, name: kept.name },
    ...{ link, entry, proof: { hashes: proofs[0]!.hashes, checkpoint, vkey }, head },
    ...toldOf(knownToday(destruction, leftOut), documents),
    public_key: receiptKey,
  }
  const { signature } = await house.keeper.sign(Buffer.from(canonical(said), 'utf8'))
  return { ...said, signature: signature.toString('base64') }
}

function toldOf(destruction: Destruction, documents: readonly StatutoryDocument[]) {
  const { act, slots, compartments, epoch, custodians } = destruction
  const t0 = destruction.t0.toISOString()
  return {
    ...{ act, at: t0, compartments, slots },
    kept: [
      {
        ...{ what: 'trail' as const, slot: destruction.trail!, why: 'accountability' as const },
        until: destruction.keptUntil!.toISOString(),
      },
      ...documents.map(one => ({ what: 'document' as const, slot: one.slot, ...shownDocument(one) })),
    ],
    destruction: {
      ...{ t0, t1: destruction.t1?.toISOString() ?? null, t2: finalOf(destruction) },
      ...{ epoch, custodians },
    },
  }
}

/**
 * Opens the one entry, under a grant that the keeper alone knows: a row of it in PostgreSQL would hang on somebody who
 * has left, and PostgreSQL has nothing to hand out for it. It ends by the machine's clock, as the keeper goes by it.
 */
async function readEntry(house: House, kept: Kept, destruction: Destruction): Promise<TrailEntry> {
  const [grant, secret] = [newId(), newToken()]
  const trailSlot = destruction.trail!
  await house.keeper.makeGrant({
    ...{ id: grant, secretHash: sha256(secret).toString('hex'), kind: 'job', actor: 'customer' },
    subjects: [{ customer: kept.id, trailSlot, alias: kept.alias }],
    ...{ fields: ['*'], compartments: ['trail'], purpose: 'receipt', policy: '' },
    ...{ until: Date.now() + minute, most: 1 },
  })
  try {
    const page = await house.keeper.entries({ grant, secret, trailSlot, after: destruction.entry - 1 })
    const entry = page.entries.find(one => one.index === destruction.entry)
    if (entry === undefined) throw new Error('the trail does not hold the entry of its own withdrawal')
    return entry
  } finally {
    await house.keeper.revokeGrant(grant, 'customer')
  }
}
