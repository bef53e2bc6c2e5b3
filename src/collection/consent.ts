import * as z from 'zod'
import { brokenConstraint, type Queryable, type Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import { hasPasskey, type Proven } from '../identity/passkey.ts'
import { findSignature, keepSignature, signatureDigest } from './consent-statement.ts'
import { requireGiver } from './guardianship.ts'
import { importable } from './imported-consent.ts'
import { restsByMerge } from './merge.ts'
import { fieldsInNotice, type Language, languageSchema, noticeHash, reworded } from './notice.ts'
import { type PurposeCode, purposeSchema } from './purpose.ts'

/** A consent as the API shows it. */
export const consentSchema = z.object({
  id: z.uuid(),
  purpose: purposeSchema,
  fields: z.array(z.string()),
  given_at: z.iso.datetime(),
  withdrawn_at: z.iso.datetime().nullable(),
  evidence: z.enum(['portal', 'import']),
  notice_version: z.int().nullable(),
  language: languageSchema.nullable(),
  /** The agreement in whose place it came, because the company asked for more. */
  renews: z.uuid().nullable(),
  /** Given in spite of what the customer's browser says by Global Privacy Control. */
  despite_signal: z.boolean(),
  /** How old they said to be at least, on joining. */
  said_age: z.int().nullable(),
  /**
   * Whether a passkey of theirs has signed it. `declined`: they had one, which did not sign; `none`: there was none, so it
   * stands on the channel that was verified when they signed in.
   */
  signature: z.enum(['passkey', 'declined', 'none']),
  /** Who agreed: the customer, or a guardian for a child. */
  given_by: z.enum(['customer', 'guardian']),
})

export interface Consent {
  id: string
  subject: string
  purpose: PurposeCode
  /** The fields it names, sorted: the basis on which values may be kept and used. */
  fields: string[]
  given_at: Date
  withdrawn_at: Date | null
  evidence: 'portal' | 'import'
  notice_version: number | null
  language: Language | null
  renews: string | null
  despite_signal: boolean
  said_age: number | null
  signature: 'passkey' | 'declined' | null
  given_by: 'guardian' | null
}

/** What somebody saw in the portal, and what their passkey has signed of it, verified just now. */
export interface PortalEvidence {
  evidence: 'portal'
  version: number
  language: Language
  despiteSignal?: boolean
  saidAge?: number
  signed?: Proven
  /** A guardian agrees, for a child. */
  byGuardian?: boolean
}

/** What shows that the customer agreed: the notice they saw in the portal, or the import that brought the proof. */
export type Evidence = PortalEvidence | { evidence: 'import'; source: string; givenAt: Date }

/**
 * Writes a customer's consent to one purpose over the fields that the notice they saw names for it; it is never changed
 * afterwards. Refuses `conflict` when a live one exists, `invalid` when the notice is not the one now shown, `privacy_signal`
 * where their browser says no to such a use and they do not say that they agree in spite of it, and `erased` for somebody who
 * has left. The caller notes the entry.
 */
export async function giveConsent(
  tx: Tx,
  house: House,
  subject: string,
  purpose: PurposeCode,
  evidence: Evidence,
): Promise<Consent> {
  await lockCustomer(tx, subject)
  if ((await findConsent(tx, subject, purpose)) !== null)
    throw new Refusal('conflict', { why: 'a live consent exists' })
  return write(tx, house, { subject, purpose, evidence, renews: null })
}

/**
 * Puts a new consent over what the newest notice names in the place of a live one. Refuses `not_found` for somebody
 * else's, `conflict` for one that is not live or names all of it already, and what `giveConsent` refuses.
 */
export async function renewConsent(
  tx: Tx,
  house: House,
  subject: string,
  id: string,
  evidence: PortalEvidence,
): Promise<Consent> {
  await lockCustomer(tx, subject)
  const older = await getConsent(tx, subject, id)
  const { purpose } = older
  const fields = await fieldsInNotice(tx, evidence, purpose)
  const known = fields.every(field => older.fields.includes(field))
  // In spite of what the browser has said since is more than was agreed to.
  const despite = evidence.despiteSignal === true && !older.despite_signal
  // What a guardian agreed to, the child agrees to anew who is old enough.
  const takesOver = older.given_by === 'guardian' && evidence.byGuardian !== true
  if (known && !despite && !takesOver && (await reworded(tx, { ...older, fields })).length === 0)
    throw new Refusal('conflict', { why: 'nothing new is asked' })
  await withdrawConsent(tx, house, older)
  return write(tx, house, { subject, purpose, evidence, renews: older })
}

/** One subject's consents are written one after another, so two live ones for a purpose cannot meet. */
async function lockCustomer(tx: Tx, subject: string): Promise<void> {
  await tx.one('select 1 from subject where id = $1 for update', [subject])
  const customer = await tx.maybe(`select 1 from customer where id = $1 and kind = 'customer'`, [subject])
  if (customer === null) throw new Refusal('erased', { why: 'no customer any more' })
}

interface Given {
  subject: string
  purpose: PurposeCode
  evidence: Evidence
  renews: Consent | null
}

/** What an agreement would name now, and whether it would be one in spite of the browser's word. */
export async function foreseeConsent(
  tx: Tx,
  {
    subject,
    purpose,
    evidence,
    renews,
  }: { subject: string; purpose: PurposeCode; evidence: PortalEvidence; renews: string | null },
): Promise<{ fields: string[]; despite: boolean }> {
  const older = renews === null ? null : await getConsent(tx, subject, renews)
  return plan(tx, { subject, purpose, evidence, renews: older })
}

/** Refuses `privacy_signal` and, for a notice that is not shown now, `invalid`. */
async function plan(tx: Tx, { subject, purpose, evidence, renews }: Given) {
  const portal = evidence.evidence === 'portal' ? evidence : null
  const against = await isAgainst(tx, subject, purpose)
  const despite = against && portal?.despiteSignal === true
  if (against && !despite) throw new Refusal('privacy_signal', { detail: { purpose } })
  // What they agreed to before stays agreed to, though it is asked no more: values may lie under it.
  const asked = portal === null ? importable : await fieldsInNotice(tx, portal, purpose)
  return { fields: [...new Set([...asked, ...(renews?.fields ?? [])])], despite }
}

async function write(tx: Tx, house: House, given: Given): Promise<Consent> {
  const { subject, purpose, evidence, renews } = given
  const portal = evidence.evidence === 'portal' ? evidence : null
  const { fields, despite } = await plan(tx, given)
  const givenBy = portal?.byGuardian === true ? 'guardian' : null
  if (portal !== null) await requireGiver(tx, subject, givenBy)
  const now = house.clock.now()
  const signed = portal?.signed ?? null
  // A signature names the agreement that it is for, so that no second one can stand on it.
  const id = signed?.challenge.id ?? newId()
  const givenAt = evidence.evidence === 'import' ? evidence.givenAt : now
  const source = evidence.evidence === 'import' ? evidence.source : null
  await tx.query(
    `insert into consent (id, subject, purpose, notice_version, language, evidence, source, given_at, recorded_at, renews,
       despite_signal, said_age, signature, given_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      ...[id, subject, purpose, portal?.version ?? null, portal?.language ?? null],
      ...[evidence.evidence, source, givenAt, now, renews?.id ?? null, despite],
      // Who agreed to less by it has said so once.
      portal?.saidAge ?? renews?.said_age ?? null,
      ...[await signatureOf(tx, subject, portal), givenBy],
    ],
  )
  await tx.query(
    `insert into consent_field (consent, purpose, field)
     select $1, purpose, field from purpose_field where purpose = $2 and field = any ($3)`,
    [id, purpose, fields],
  )
  const consent = await getConsent(tx, subject, id)
  if (signed !== null && portal !== null) await keepSigned(tx, house, consent, portal, signed)
  return consent
}

/** Whether a passkey has signed, and if not, whether it might have. */
async function signatureOf(tx: Tx, subject: string, portal: PortalEvidence | null) {
  if (portal === null || portal.byGuardian === true) return null
  if (portal.signed !== undefined) return 'passkey'
  return (await hasPasskey(tx, subject)) ? 'declined' : null
}

async function keepSigned(
  tx: Tx,
  house: House,
  { id, subject, purpose, fields, despite_signal, renews }: Consent,
  { version: notice, language }: PortalEvidence,
  signed: Proven,
): Promise<void> {
  const { alias } = await tx.one<{ alias: string }>('select alias from subject where id = $1', [subject])
  const said = { subject: alias, consent: id, purpose, fields, notice, language, despite_signal, renews }
  await keepSignature(tx, house, said, signed)
}

const shape = `
  select c.id, c.subject, c.purpose, c.given_at, w.at as withdrawn_at, c.evidence, c.notice_version, c.language,
         c.renews, c.despite_signal, c.said_age, c.signature, c.given_by,
         array(select cf.field from consent_field cf where cf.consent = c.id order by cf.field) as fields
    from consent c left join consent_withdrawal w on w.consent = c.id`

/** Every consent of a customer, the newest first. */
export function listConsents(database: Queryable, subject: string): Promise<Consent[]> {
  return database.query<Consent>(
    `${shape} where c.subject = $1 order by c.given_at desc, w.consent is not null, c.purpose desc`,
    [subject],
  )
}

/** Those of them that are not taken back. */
export const listLiveConsents = async (database: Queryable, subject: string): Promise<Consent[]> =>
  (await listConsents(database, subject)).filter(consent => consent.withdrawn_at === null)

/** The live consent of a customer to a purpose, or null. */
export function findConsent(database: Queryable, subject: string, purpose: string): Promise<Consent | null> {
  return database.maybe<Consent>(`${shape} where c.subject = $1 and c.purpose = $2 and w.consent is null`, [
    subject,
    purpose,
  ])
}

/** Whether the customer's browser has said no to what this purpose is: advertising. */
async function isAgainst(database: Queryable, subject: string, purpose: string): Promise<boolean> {
  const row = await database.maybe(
    `select 1 from privacy_signal s cross join purpose p where s.subject = $1 and p.code = $2 and p.advertising`,
    [subject, purpose],
  )
  return row !== null
}

/**
 * The live consent to a purpose, as far as it may be used now, or null: what a customer's browser has said no to since
 * rests until they agree in spite of that, though what lies under it is kept until they take it back. So does what they said
 * no to in another record that was merged with this one (`restsByMerge`), and while it is in doubt how old they are whatever
 * the service does not need.
 */
export async function findUsableConsent(
  database: Queryable,
  subject: string,
  purpose: string,
): Promise<Consent | null> {
  const consent = await findConsent(database, subject, purpose)
  if (consent === null || (await restsByMerge(database, consent))) return null
  if (await restsByAge(database, consent)) return null
  if (consent.despite_signal) return consent
  return (await isAgainst(database, subject, purpose)) ? null : consent
}

/** Whether the date of birth is in doubt of somebody who agreed alone: they may be too young for what is optional. */
async function restsByAge(
  database: Queryable,
  { subject, purpose }: Pick<Consent, 'subject' | 'purpose'>,
): Promise<boolean> {
  const row = await database.maybe(
    `select 1 from restriction r join purpose p on p.code = $2 and not p.needed
      where r.subject = $1 and r.field = 'birth_date'
        and not exists (select 1 from guardianship g where g.subject = $1 and g.of_age_at is null)`,
    [subject, purpose],
  )
  return row !== null
}

/** The live consent of a customer to a purpose: the basis of keeping and using. Throws `no_consent`. */
export async function requireConsent(
  database: Queryable,
  subject: string,
  purpose: string,
): Promise<Consent> {
  const consent = await findUsableConsent(database, subject, purpose)
  if (consent === null) throw new Refusal('no_consent', { detail: { purpose } })
  return consent
}

/** A customer's consent by its id; somebody else's is `not_found`, like one that does not exist. */
export async function getConsent(database: Queryable, subject: string, id: string): Promise<Consent> {
  const consent = await database.maybe<Consent>(`${shape} where c.subject = $1 and c.id = $2`, [subject, id])
  if (consent === null) throw new Refusal('not_found')
  return consent
}

/**
 * Writes that a consent is withdrawn, from now on and once: a second time is `conflict`. What follows from it (grants
 * that end, slots to shred) is the disposal chapter's, and so is the entry.
 */
export async function withdrawConsent(tx: Tx, house: House, consent: Consent): Promise<Date> {
  const at = house.clock.now()
  try {
    await tx.query('insert into consent_withdrawal (consent, at) values ($1, $2)', [consent.id, at])
  } catch (error) {
    if (brokenConstraint(error) === 'consent_withdrawal_pkey')
      throw new Refusal('conflict', { why: 'withdrawn already' })
    throw error
  }
  return at
}

/** As the API shows it. */
export const shownConsent = ({ subject: _whose, ...consent }: Consent): z.input<typeof consentSchema> => ({
  ...consent,
  given_at: consent.given_at.toISOString(),
  withdrawn_at: consent.withdrawn_at?.toISOString() ?? null,
  signature: consent.signature ?? 'none',
  given_by: consent.given_by ?? 'customer',
})

/** What the log says of a consent, of the very words that were shown, and of what a passkey has signed: its digest. */
export async function consentDetail(
  database: Queryable,
  { id, evidence, notice_version, language, despite_signal, said_age, signature, given_by }: Consent,
): Promise<Record<string, unknown>> {
  if (notice_version === null || language === null) return { consent: id, evidence }
  const sha256 = await noticeHash(database, notice_version, language)
  const said = { ...(despite_signal ? { despite_signal } : {}), ...(said_age === null ? {} : { said_age }) }
  const signed = signature === null ? null : await findSignature(database, id)
  const by = {
    ...(given_by === null ? {} : { given_by }),
    ...(signature === null ? {} : { signed: signature }),
    ...(signed === null ? {} : { signature: signatureDigest(signed) }),
  }
  return { consent: id, evidence, notice: notice_version, language, sha256, ...said, ...by }
}

/** How many agree to a purpose, by the notice they were shown. */
export interface ConsentCount {
  purpose: PurposeCode
  /** Null for what imports brought. */
  notice_version: number | null
  /** Agreements that are live now. */
  live: number
  /** Given under this notice and taken back since, by customers who are still here. */
  taken_back: number
}

/** Counts of agreements, never whose: what was replaced by a newer one counts once, as that one, and what rests not at all. */
export const countConsents = (database: Queryable): Promise<ConsentCount[]> =>
  database.query<ConsentCount>(
    `select c.purpose, c.notice_version,
            count(*) filter (where w.consent is null)::integer as live,
            count(*) filter (where w.consent is not null)::integer as taken_back
       from consent c
       left join consent_withdrawal w on w.consent = c.id
      where not exists (select 1 from consent newer where newer.renews = c.id)
        and not exists (select 1 from merge m where m.rests = c.subject)
      group by c.purpose, c.notice_version
      order by c.purpose, c.notice_version desc nulls last`,
  )
