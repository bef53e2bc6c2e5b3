import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'

/**
 * What an import can prove: that somebody agreed to a purpose, and not to what the company has asked for since. So it
 * covers what an imported file can hold, and the records that come of it.
 */
export const importable = ['name', 'email', 'phone', 'purchase', 'letter', 'question']

/** A file proves no explicit agreement to what is sealed in the browser. */
export const importedPurposes = ['service', 'offers'] as const
export type ImportedPurpose = (typeof importedPurposes)[number]

/** That one customer agreed, somewhere else and before. */
export interface ImportedConsent {
  subject: string
  purposes: readonly ImportedPurpose[]
  /** Fields that the evidence names beyond `importable`. */
  named: readonly string[]
  givenAt: Date
  /** A short name of the place where the proof lies. */
  source: string
}

/**
 * Writes the consents of customers who were made in this transaction, so that none of them has one already, as
 * `giveConsent` does for one. Each covers what its purpose uses of `importable` and of what its evidence names. Returns
 * the fields that each customer's consents name together: the basis on which their values may be kept.
 */
export async function giveImportedConsents(
  tx: Tx,
  house: House,
  given: readonly ImportedConsent[],
): Promise<Map<string, string[]>> {
  const rows = given.flatMap(one => one.purposes.map(purpose => ({ ...one, id: newId(), purpose })))
  // No join but with the few fields of each purpose: a plan made without statistics has nothing to choose.
  const covered = await tx.query<{ consent: string; fields: string[] }>(
    `with given as (
       select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::text[])
         as u (id, subject, purpose, source, given_at, named)),
     written as (
       insert into consent (id, subject, purpose, evidence, source, given_at, recorded_at)
       select id, subject, purpose, 'import', source, given_at, $7 from given),
     covered as (
       insert into consent_field (consent, purpose, field)
       select g.id, f.purpose, f.field from given g join purpose_field f on f.purpose = g.purpose
        where f.field = any ($8) or f.field = any (string_to_array(g.named, ' '))
       returning consent, field)
     select consent, array_agg(field) as fields from covered group by consent`,
    [
      ...[rows.map(row => row.id), rows.map(row => row.subject), rows.map(row => row.purpose)],
      ...[rows.map(row => row.source), rows.map(row => row.givenAt), rows.map(row => row.named.join(' '))],
      ...[house.clock.now(), importable],
    ],
  )
  const fieldsOf = new Map(covered.map(({ consent, fields }) => [consent, fields]))
  const named = new Map(given.map(({ subject }) => [subject, new Set<string>()]))
  for (const { id, subject } of rows)
    for (const field of fieldsOf.get(id) ?? []) named.get(subject)!.add(field)
  return new Map([...named].map(([subject, fields]) => [subject, [...fields]]))
}
