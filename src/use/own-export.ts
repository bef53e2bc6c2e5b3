import * as z from 'zod'
import { consentSchema, listConsents, shownConsent } from '../collection/consent.ts'
import { findResting } from '../collection/customer.ts'
import { findMerge } from '../collection/merge.ts'
import type { House } from '../core/house.ts'
import type { Session } from '../identity/session.ts'
import { ownDataSchema, readOwnData } from './own-data.ts'
import { portalGrant } from './portal-grant.ts'
import { provenTrail, readProvenTrail } from './proven-trail.ts'
import type { Key } from './reading.ts'
import { listDocuments, ownDocumentSchema, readOwnDocuments } from './statutory-document.ts'

const notices = z.array(z.record(z.string(), z.unknown()))
const held = z.record(z.string(), z.array(z.record(z.string(), z.unknown())))

/** The document a customer takes away: version 1 of its format. */
export const ownExportSchema = z.object({
  format: z.literal('custode-export/1'),
  made_at: z.iso.datetime(),
  organisation: z.object({ id: z.uuid(), name: z.string() }),
  data: ownDataSchema,
  /** What the law makes the company keep: by which law, until when, and who has read it. */
  documents: z.array(ownDocumentSchema),
  consents: z.array(consentSchema),
  /** The texts the customer was shown when they agreed, each as published. */
  notices,
  /** Whatever else lies in the database under the customer's id, by table. */
  held,
  ...provenTrail,
  /** The same of their other record, which was merged with this one and rests until it is erased. Its values lie in `data`. */
  resting: z.object({ consents: z.array(consentSchema), notices, held, ...provenTrail }).nullable(),
})
export type OwnExport = z.input<typeof ownExportSchema>

/**
 * What the company holds about a customer besides the values: by table, each with the columns that are the customer's.
 * Sealed bytes, keyed fingerprints and hashes of secrets are named by their rows and not given: they say nothing
 * without keys that are not the customer's. Every table with a `subject` is either here or in `shownElsewhere`.
 */
export const heldTables: Readonly<Record<string, string>> = {
  subject: 'select alias, kind, trail, made_at from subject where id = $1',
  customer: 'select joined_at, level from customer where id = $1',
  slot: 'select compartment, number from slot where subject = $1 order by compartment',
  box: 'select s.compartment, c.boxes from slot s join box_counts($1) c using (compartment) where s.subject = $1',
  session:
    'select room, made_at, until, ended_at, proved_at, proved_by, guardian from session where subject = $1 order by made_at',
  address: 'select kind, compartment from address where subject = $1',
  passkey: `select id, kept_on, synced, transports, counter, made_at, used_at
              from passkey where subject = $1 order by made_at`,
  code: 'select made_at, until, tries, used_at, guardian from code where subject = $1 order by made_at',
  letter: 'select id, kind, made_at, until, sent_at, failure from letter where subject = $1 order by made_at',
  task: `select t.id, t.type, t.made_at, t.due_at, c.at as closed_at, c.outcome
           from task t left join task_closure c on c.task = t.id where t.subject = $1 order by t.made_at`,
  caller: 'select task, asked, asked_at, proven_at from caller where subject = $1 order by asked_at',
  duplicate: `select d.found_at, c.at as closed_at, c.outcome
                from duplicate d left join task_closure c on c.task = d.task
               where d.subject = $1 or d.other = $1 order by d.found_at`,
  duplicate_objection: 'select at from duplicate_objection where subject = $1',
  merge: 'select at, until, stays = $1 as stays, completed_at from merge where stays = $1 or rests = $1',
  merge_value: `select v.field from merge_value v join merge m on m.id = v.merge where $1 in (m.stays, m.rests)
                 order by v.field`,
  merge_word: 'select until from merge_word where subject = $1',
  guardianship: 'select since, look_at, of_age_at, lapse_at from guardianship where subject = $1',
  guardian_request: 'select made_at, until from guardian_request where subject = $1',
  privacy_signal: 'select heard_at from privacy_signal where subject = $1',
  restriction: 'select compartment, field, since from restriction where subject = $1 order by field',
  retention_look:
    'select compartment, ends_at, told_at from retention_look where subject = $1 order by compartment',
  reminder: 'select field, due_at from reminder where subject = $1 order by due_at',
  confirmation_link:
    'select field, made_at, until, used_at from confirmation_link where subject = $1 order by made_at',
  channel_code:
    'select field, made_at, until, tries, used_at from channel_code where subject = $1 order by made_at',
  address_change: 'select made_at, until, undone_at from address_change where subject = $1 order by made_at',
  evidence: `select e.task, encode(e.commitment, 'hex') as commitment, e.fields, e.seen_at, e.confirmed_at
               from evidence e where e.subject = $1 order by e.seen_at`,
  provider_check: 'select made_at, until, used_at from provider_check where subject = $1 order by made_at',
  statutory_document: `select subject as id, basis, basis_version, purchase, source, number, part, reason, issued_at, until
                         from statutory_document where customer = $1 order by issued_at`,
  lost_value: 'select compartment, row, lost_at from lost_value where subject = $1 order by lost_at',
  purchase: `select id, source, invoice, lines, made_at from purchase where subject = $1 order by made_at`,
  customer_reference: 'select source, reference from customer_reference where subject = $1',
  import_claim: `select i.source, i.started_at, c.field
                   from import_claim c join import i on i.id = c.import where c.subject = $1 order by 2, 3`,
  import_purchase: `select i.source, i.started_at, b.purchase
                      from import_purchase b join import i on i.id = b.import where b.subject = $1 order by 2, 3`,
  import_position: `select i.kind, i.source, i.started_at, p.kept
                      from import_position p join import i on i.id = p.import where p.subject = $1`,
  grant_subject: `select g.id, g.kind, g.actor, g.task, g.purpose, g.fields, g.compartments, g.policies, g.made_at,
                         g.until, g.ended_at
                    from grant_subject gs join grants g on g.id = gs.grant_id
                   where gs.subject = $1 order by g.made_at`,
}

/** Tables about a subject whose rows the export shows in another part, or that are empty once an answer is given. */
export const shownElsewhere: Readonly<Record<string, string>> = {
  consent: 'consents',
  outbox: 'entries: a row is on its way into the trail',
  withdrawal: 'nothing: whoever has asked to leave has no session any more',
}

/**
 * Everything held about the customer of this session, as one document that can be verified without the company. The
 * reading appears in their own trail, and in this very document.
 */
export async function exportOwn(house: House, session: Session): Promise<OwnExport> {
  const { database } = house
  const data = await readOwnData(house, session, { sensitive: true })
  const key = await portalGrant(house, session)
  const two = await findMerge(database, session.subject)
  const resting = two === null ? null : await findResting(database, two.rests)
  const own = await exportRecord(house, key, { id: session.subject, trail: session.trail })
  return {
    format: 'custode-export/1',
    made_at: house.clock.now().toISOString(),
    organisation: await database.one<{ id: string; name: string }>('select id, name from organisation'),
    data,
    documents: await readOwnDocuments(house, await listDocuments(database, session.subject), session),
    ...own,
    resting: resting === null ? null : await exportRecord(house, key, resting),
  }
}

/** What is held of one record besides its values, and its own trail. */
async function exportRecord(
  house: House,
  key: Key,
  { id, trail }: { id: string; trail: number },
): Promise<NonNullable<OwnExport['resting']>> {
  const { database } = house
  const proven = await readProvenTrail(house, key, trail)
  const held: OwnExport['held'] = {}
  for (const [table, sql] of Object.entries(heldTables)) held[table] = await database.query(sql, [id])
  return {
    consents: (await listConsents(database, id)).map(shownConsent),
    notices: await database.query(
      `select distinct n.version, n.language, n.published_at, n.text
         from consent c join notice n on n.version = c.notice_version and n.language = c.language
        where c.subject = $1`,
      [id],
    ),
    held,
    ...proven,
  }
}
