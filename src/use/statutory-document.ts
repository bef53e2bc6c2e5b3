import * as z from 'zod'
import type { DocumentContent } from '../collection/field.ts'
import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import type { Session } from '../identity/session.ts'
import { endGrant, makeGrant } from './grant.ts'
import { type Key, read } from './reading.ts'
import type { TaskType } from './task-type.ts'
import { readTrail, type ShownEntry, showEntries, shownEntrySchema } from './trail.ts'

/**
 * A document that the law makes the company keep. It is a subject of its own, with a slot and a trail of its own: its customer
 * is named beside it only while they are here.
 */
export interface StatutoryDocument {
  id: string
  trail: number
  slot: number
  basis: string
  name: Words
  law: Words
  why: Words
  source: string
  number: string
  part: number
  reason: 'buyer' | 'goods' | 'cancelled' | null
  issued_at: Date
  until: Date
}

interface Words {
  en: string
  it: string
}

const shape = `
  select d.subject as id, s.trail, d.slot, d.basis, v.name, v.law, v.why, d.source, d.number, d.part, d.reason,
         d.issued_at, d.until
    from statutory_document d
    join subject s on s.id = d.subject
    join statutory_basis_version v on v.basis = d.basis and v.version = d.basis_version`

/** The documents of a customer who is here, of a record of theirs that rests too, the newest first. */
export const listDocuments = (database: Queryable, customer: string): Promise<StatutoryDocument[]> =>
  database.query<StatutoryDocument>(
    `${shape} where d.customer = $1 or d.customer in (select rests from merge where stays = $1)
      order by d.issued_at desc, d.number, d.part desc`,
    [customer],
  )

/** The documents that somebody who has left may read by the link whose hash this is. */
export const listDocumentsByLink = (database: Queryable, linkHash: Buffer): Promise<StatutoryDocument[]> =>
  database.query<StatutoryDocument>(
    `${shape} where d.link_hash = $1 and d.customer is null order by d.issued_at desc, d.number, d.part desc`,
    [linkHash],
  )

/** The documents that a live grant of a task names. */
export const listDocumentsOfGrant = (database: Queryable, grant: string): Promise<StatutoryDocument[]> =>
  database.query<StatutoryDocument>(
    `${shape} join grant_subject gs on gs.subject = d.subject
      where gs.grant_id = $1 order by d.issued_at desc, d.number, d.part desc`,
    [grant],
  )

/** How policies see such a document: a field of its own compartment. */
export const documentField = { code: 'document', compartment: 'statutory', sensitive: false }

/**
 * Which documents a task of this type opens about these customers, or which of these documents themselves: those whose basis
 * named the type when they were issued.
 */
export async function openableDocuments(
  tx: Tx,
  type: TaskType,
  people: readonly string[],
): Promise<string[]> {
  if (!type.fields.includes(documentField.code)) return []
  const rows = await tx.query<{ id: string }>(
    `select d.subject as id
       from statutory_document d
       join statutory_basis_version v on v.basis = d.basis and v.version = d.basis_version
      where (d.customer = any ($1) or d.subject = any ($1)) and $2 = any (v.readers) order by 1`,
    [people, type.code],
  )
  return rows.map(row => row.id)
}

const words = z.object({ en: z.string(), it: z.string() })

/** What lies in it, as it was kept. */
const contentSchema = z.looseObject({
  number: z.string().optional(),
  issued_on: z.string().optional(),
  buyer_name: z.string().optional(),
  buyer_address: z.unknown().optional(),
  buyer_tax_code: z.string().optional(),
  buyer_vat_number: z.string().optional(),
  goods: z
    .array(
      z.looseObject({
        ...{ code: z.string(), description: z.string(), quantity: z.number() },
        unit_price: z.looseObject({
          amount: z.number(),
          currency: z.string(),
          exponent: z.number().optional(),
        }),
      }),
    )
    .optional(),
  vat_rate: z.number().optional(),
})

const time = z.iso.datetime()

/** A document without what lies in it: what is kept, by which law, why, until when. */
export const documentSchema = z.object({
  ...{ id: z.uuid(), basis: z.string(), name: words, law: words, why: words },
  ...{ number: z.string(), part: z.int(), reason: z.enum(['buyer', 'goods', 'cancelled']).nullable() },
  ...{ issued_at: time, until: time },
})

export const readDocumentSchema = documentSchema.extend({ content: contentSchema.nullable() })

/** As its customer sees it: with everybody who has read it. */
export const ownDocumentSchema = readDocumentSchema.extend({ readings: z.array(shownEntrySchema) })
export type OwnDocument = z.input<typeof ownDocumentSchema>

export const shownDocument = ({
  trail: _trail,
  slot: _slot,
  source: _source,
  issued_at,
  until,
  ...document
}: StatutoryDocument): z.input<typeof documentSchema> => ({
  ...document,
  ...{ issued_at: issued_at.toISOString(), until: until.toISOString() },
})

/** What lies in a document, under a grant that names it; null where the grant has ended. */
export async function readDocument(
  house: House,
  key: Key,
  id: string,
  about: { task?: string } = {},
): Promise<DocumentContent | null> {
  const [box] = await read(house, key, id, {
    ...{ fields: ['document'], compartments: ['statutory'], rows: [id], ...about },
  })
  return (box?.values.document?.value as DocumentContent | undefined) ?? null
}

/**
 * Reads a customer's own documents, each under a grant of its own: in their session, or, for who has left, by the link that
 * the caller has looked these up by (`session` null). The reading is an entry in the document's trail.
 */
export async function readOwnDocuments(
  house: House,
  documents: readonly StatutoryDocument[],
  session: Session | null,
): Promise<OwnDocument[]> {
  const own: OwnDocument[] = []
  for (const document of documents) own.push(await readOwn(house, document, session))
  return own
}

async function readOwn(
  house: House,
  document: StatutoryDocument,
  session: Session | null,
): Promise<OwnDocument> {
  const { id, trail } = document
  const grant = await makeGrant(house, {
    ...{ kind: 'portal', session, actor: 'customer', subjects: [id], fields: ['document'] },
    ...{ compartments: ['statutory'], purpose: 'access', minutes: 1, most: 5 },
  })
  try {
    const content = await readDocument(house, grant, id)
    const entries = await readTrail(house, grant, trail)
    const shown = await showEntries(house.database, entries)
    return { ...shownDocument(document), content, readings: shown.filter(isByOthers) }
  } finally {
    await endGrant(house, grant.id, 'customer')
  }
}

const isByOthers = ({ kind, actor }: ShownEntry): boolean => kind === 'reading' && actor.role !== 'you'
