import * as z from 'zod'
import { isDelicate, listCatalogue } from '../collection/catalogue.ts'
import { listLiveConsents } from '../collection/consent.ts'
import { type Customer, findCustomer, findResting } from '../collection/customer.ts'
import { findMerge } from '../collection/merge.ts'
import { endOfValue } from '../collection/retention.ts'
import type { Queryable } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { Refusal } from '../core/refusal.ts'
import type { Session } from '../identity/session.ts'
import { isOwnRow } from '../storage/sealed-row.ts'
import { portalGrant } from './portal-grant.ts'
import { provenanceSchema, shownProvenance, withheldProvenance } from './provenance.ts'
import { type Key, type OpenedBox, read } from './reading.ts'
import { documentSchema, listDocuments, shownDocument } from './statutory-document.ts'

const time = z.iso.datetime()

// What was kept under an earlier rule is shown as it is: a customer's own view never fails on it.
const line = z.looseObject({
  code: z.string(),
  description: z.string(),
  quantity: z.number(),
  unit_price: z.looseObject({
    amount: z.number(),
    currency: z.string(),
    exponent: z.int().optional(),
  }),
})

/** Everything held in one record of a customer, as the customer reads it. */
const recordSchema = z.object({
  alias: z.string(),
  level: z.int(),
  joined_at: time,
  values: z.array(
    z.object({
      compartment: z.string(),
      field: z.string(),
      /** Null where it is withheld. */
      value: z.unknown(),
      /** It is sensitive, and this session must first show that it is them. */
      withheld: z.boolean(),
      source: z.string(),
      at: time,
      ...provenanceSchema.shape,
      purposes: z.array(z.string()),
      /** Of the address to sign in with: what it was before, for as long as the change can be taken back. */
      former: z.array(z.object({ value: z.unknown(), until: time })),
      /** Until when it counts as right without being confirmed; null where nobody asks. */
      confirm_by: time.nullable(),
      /** When it is destroyed unless it is confirmed; null where it is kept as long as it is agreed to. */
      kept_until: time.nullable(),
    }),
  ),
  purchases: z.array(
    z.object({
      id: z.uuid(),
      invoice: z.string(),
      source: z.string(),
      made_at: time,
      lines: z.array(line),
    }),
  ),
  questions: z.array(
    z.object({
      id: z.uuid(),
      type: z.string(),
      text: z.string().nullable(),
      at: time,
      state: z.enum(['open', 'taken', 'closed']),
    }),
  ),
  letters: z.array(
    z.object({
      id: z.uuid(),
      kind: z.string(),
      to: z.string().nullable(),
      subject: z.string().nullable(),
      text: z.string().nullable(),
      made_at: time,
      sent_at: time.nullable(),
    }),
  ),
  /** Values that a restored backup holds only in an older version: they were dropped and must be given again. */
  lost: z.array(z.object({ compartment: z.string(), lost_at: time })),
  /** What the law makes the company keep, also after they have left. */
  documents: z.array(documentSchema),
  kept: z.array(z.object({ what: z.literal('trail'), until_months: z.int(), why: z.string() })),
})
type OwnRecord = z.input<typeof recordSchema>

/** Everything held about a customer, as the customer reads it. */
export const ownDataSchema = recordSchema.extend({
  /** Their other record, which was merged with this one and rests until it is erased; null where there is none. */
  resting: recordSchema.nullable(),
})
export type OwnData = z.input<typeof ownDataSchema>

/** How long the trail stays after somebody has left, and why. */
export const trailMonths = 12
const kept = [{ what: 'trail' as const, until_months: trailMonths, why: 'accountability' }]

/**
 * Reads everything held about the customer of this session, under their own grant: it appears in their own trail like
 * any other reading, and what a record of theirs holds that rests in that record's. Without `sensitive` the values of sensitive fields are withheld. Refuses `not_found` for somebody who
 * has left.
 */
export async function readOwnData(
  house: House,
  session: Session,
  { sensitive }: { sensitive: boolean },
): Promise<OwnData> {
  const { subject } = session
  const customer = await findCustomer(house.database, subject)
  if (customer === null) throw new Refusal('not_found', { why: 'no customer' })
  const key = await portalGrant(house, session)
  const two = await findMerge(house.database, subject)
  const resting = two === null ? null : await findResting(house.database, two.rests)
  return {
    ...(await readRecord(house, key, customer, sensitive)),
    resting: resting === null ? null : await readRecord(house, key, resting, sensitive),
  }
}

async function readRecord(
  house: House,
  key: Key,
  customer: Customer,
  sensitive: boolean,
): Promise<OwnRecord> {
  const { database } = house
  const { id: subject } = customer
  const compartments = await database.query<{ compartment: string }>(
    `select compartment from slot where subject = $1 and compartment <> 'trail' order by compartment`,
    [subject],
  )
  const boxes = await read(house, key, subject, {
    fields: ['*'],
    compartments: compartments.map(slot => slot.compartment),
  })
  if (boxes.length === 0) throw new Refusal('no_grant', { why: 'the grant ended meanwhile' })
  const kindOf = ({ id, type }: { id: string; type: string }) =>
    boxes.find(box => box.row === id)?.values.question?.about ?? type
  const row = (id: string, field: string) => boxes.find(box => box.row === id)?.values[field]?.value
  return {
    ...{ alias: customer.alias, level: customer.level, joined_at: customer.joined_at.toISOString() },
    values: await ownValues(database, subject, boxes, sensitive),
    purchases: (await listPurchases(database, subject)).map(({ made_at, ...purchase }) => ({
      ...{ ...purchase, made_at: made_at.toISOString() },
      lines: (row(purchase.id, 'purchase') as { lines: never[] } | undefined)?.lines ?? [],
    })),
    questions: (await listQuestions(database, subject)).map(({ made_at, ...question }) => ({
      ...{ ...question, type: kindOf(question), at: made_at.toISOString() },
      text: (row(question.id, 'question') as string | undefined) ?? null,
    })),
    letters: (await listLetters(database, subject)).map(({ made_at, sent_at, ...letter }) => ({
      ...{ ...letter, ...(isKey(letter.kind) ? mail(null) : mail(row(letter.id, 'letter'))) },
      ...{ made_at: made_at.toISOString(), sent_at: sent_at?.toISOString() ?? null },
    })),
    lost: (await listLost(database, subject)).map(({ compartment, lost_at }) => ({
      ...{ compartment, lost_at: lost_at.toISOString() },
    })),
    documents: (await listDocuments(database, subject)).map(shownDocument),
    kept,
  }
}

const listLost = (database: Queryable, subject: string) =>
  database.query<{ compartment: string; lost_at: Date }>(
    'select compartment, lost_at from lost_value where subject = $1 order by lost_at, compartment',
    [subject],
  )

/** The customer's own values, and no purchase, question or letter. */
async function ownValues(
  database: Queryable,
  subject: string,
  boxes: readonly OpenedBox[],
  sensitive: boolean,
): Promise<OwnRecord['values']> {
  const live = await listLiveConsents(database, subject)
  const catalogue = await listCatalogue(database)
  const found = (code: string) => catalogue.find(field => field.code === code)
  const daysOf = (code: string) => found(code)?.reconfirm_days ?? null
  const isWithheld = (code: string) => !sensitive && isDelicate(found(code))
  return boxes
    .filter(box => isOwnRow(subject, box))
    .flatMap(box =>
      Object.entries(box.values).map(([field, held]) => ({
        ...{ compartment: box.compartment, field, source: held.source, at: held.at },
        ...{ value: isWithheld(field) ? null : held.value, withheld: isWithheld(field) },
        ...withheldProvenance(shownProvenance(held, daysOf(field)), isWithheld(field)),
        former: isWithheld(field)
          ? []
          : (held.former ?? []).map(one => ({ value: one.value.value, until: one.until })),
        confirm_by: confirmBy(daysOf(field), held.confirmed ?? held.at),
        kept_until:
          endOfValue(found(field)?.retention ?? 'agreement', held.confirmed ?? held.at)?.toISOString() ??
          null,
        purposes: live.filter(consent => consent.fields.includes(field)).map(consent => consent.purpose),
      })),
    )
    .sort((a, b) => placeOf(a.field) - placeOf(b.field) || a.field.localeCompare(b.field))
}

const day = 86_400_000

/** How long what was said at this time stands without being said again. */
const confirmBy = (days: number | null, said: string): string | null =>
  days === null ? null : new Date(Date.parse(said) + days * day).toISOString()

const first = ['name', 'email', 'phone']
/** The name and how to reach them come first, then the rest by its code. */
const placeOf = (field: string): number => (first.includes(field) ? first.indexOf(field) : first.length)

/**
 * A letter that carries a code or a link is a key as long as it waits: what it says shows that its reader reads that mailbox,
 * and a page that showed it would make everybody who sees the page such a reader.
 */
const isKey = (kind: string): boolean =>
  kind === 'address' || kind === 'code' || kind === 'link' || kind === 'guardian'

const mail = (value: unknown): { to: string | null; subject: string | null; text: string | null } => {
  const { to, subject, text } = (value ?? {}) as { to?: string; subject?: string; text?: string }
  return { to: to ?? null, subject: subject ?? null, text: text ?? null }
}

interface Purchase {
  id: string
  invoice: string
  source: string
  made_at: Date
}

const listPurchases = (database: Queryable, subject: string): Promise<Purchase[]> =>
  database.query<Purchase>(
    `select p.id, p.invoice, p.source, p.made_at
       from slot s join purchase p on p.slot = s.number
      where s.subject = $1 and s.compartment = 'purchases'
      order by p.made_at desc, p.id`,
    [subject],
  )

interface Letter {
  id: string
  kind: string
  made_at: Date
  sent_at: Date | null
}

const listLetters = (database: Queryable, subject: string): Promise<Letter[]> =>
  database.query<Letter>(
    `select l.id, l.kind, l.made_at, l.sent_at
       from slot s join letter l on l.slot = s.number
      where s.subject = $1 and s.compartment = 'messages'
      order by l.made_at desc, l.id`,
    [subject],
  )

export interface AskedQuestion {
  id: string
  type: string
  made_at: Date
  state: 'open' | 'taken' | 'closed'
}

/** What a customer has asked, the newest first: without the words, which lie in a box. */
export const listQuestions = (database: Queryable, subject: string): Promise<AskedQuestion[]> =>
  database.query<AskedQuestion>(
    `select t.id, t.type, t.made_at,
            case when c.task is not null then 'closed' when t.assignee is not null then 'taken' else 'open' end
              as state
       from slot s join task t on t.slot = s.number left join task_closure c on c.task = t.id
      where s.subject = $1 and s.compartment = 'messages' and t.type <> 'duplicate_review'
        and not exists (select 1 from caller k where k.task = t.id)
      order by t.made_at desc, t.id`,
    [subject],
  )
