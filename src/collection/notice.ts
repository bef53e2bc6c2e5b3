import * as z from 'zod'
import type { Clock } from '../core/clock.ts'
import type { Queryable, Tx } from '../core/database.ts'
import { Refusal } from '../core/refusal.ts'
import { basisSentence, monthsSentence, type NoticeText, noticeTexts } from './notice-text.ts'
import { listPurposes, type PurposeCode, purposeSchema } from './purpose.ts'
import { monthsOf } from './retention.ts'

export const languages = ['en', 'it'] as const
export type Language = (typeof languages)[number]
export const languageSchema = z.enum(languages)

/** A notice as the API shows it. */
export const noticeSchema = z.object({
  version: z.int(),
  language: languageSchema,
  title: z.string(),
  introduction: z.string(),
  sections: z.array(z.object({ heading: z.string(), paragraphs: z.array(z.string()) })),
  purposes: z.array(
    z.object({
      code: purposeSchema,
      needed: z.boolean(),
      advertising: z.boolean(),
      title: z.string(),
      why: z.string(),
      fields: z.array(z.string()),
      /** Those of them that are sealed in the browser. */
      sealed: z.array(z.string()),
      kept: z.string(),
    }),
  ),
})

/**
 * A notice as it is kept: the words, the fields that each purpose named when it was published, what these were called, and which
 * of them it promised to seal in the browser (none said so in notices of before).
 */
type Published = NoticeText & {
  fields: Partial<Record<PurposeCode, string[]>>
  words: Record<string, { label: string; help: string | null }>
  sealed?: string[]
}

// Any number will do, as long as every process that publishes takes the same one.
const publishing = 7_238_118

/**
 * Publishes a new version in every language where the words, or what the catalogue asks, differ from the newest one; it
 * may be called again at any time. A published text never changes. Two that publish at once publish one.
 */
export async function publishNotice(tx: Tx, clock: Clock): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1)', [publishing])
  const purposes = await listPurposes(tx)
  const fields = Object.fromEntries(purposes.map(purpose => [purpose.code, purpose.fields]))
  const named = [...new Set(purposes.flatMap(purpose => purpose.fields))]
  const words = await wordsOf(tx, named)
  const kept = { law: await keptByLaw(tx), months: await keptForMonths(tx, named) }
  const sealed = await sealedAmong(tx, named)
  const texts = languages.map(language =>
    JSON.stringify({
      ...withKept(language, [...kept.months[language], ...kept.law[language]]),
      fields,
      words: words[language],
      sealed,
    }),
  )
  const newest = await tx.maybe<{ version: number; same: boolean }>(
    `select n.version, bool_and(n.text = t.text) as same
       from notice n join unnest($1::text[], $2::jsonb[]) as t (language, text) on t.language = n.language
      group by n.version order by n.version desc limit 1`,
    [languages, texts],
  )
  if (newest?.same === true) return
  await tx.query(
    `insert into notice (version, language, text, published_at)
     select $3, t.language, t.text, $4 from unnest($1::text[], $2::jsonb[]) as t (language, text)`,
    [languages, texts, (newest?.version ?? 0) + 1, clock.now()],
  )
}

/** A sentence for each law by which documents are kept now, by language. */
async function keptByLaw(tx: Tx): Promise<Record<Language, string[]>> {
  const bases = await tx.query<{
    name: Record<Language, string>
    law: Record<Language, string>
    years: number
    counts_from: 'issue' | 'year_end'
  }>(
    `select distinct on (basis) name, law, years, counts_from
       from statutory_basis_version where approved order by basis, version desc`,
  )
  const inOne = (language: Language) =>
    bases.map(({ name, law, years, counts_from }) =>
      basisSentence[language](name[language], law[language], years, counts_from),
    )
  return { en: inOne('en'), it: inOne('it') }
}

/** A sentence for each of these fields whose values end after some months, by language. */
async function keptForMonths(tx: Tx, codes: readonly string[]): Promise<Record<Language, string[]>> {
  const fields = await tx.query<{ label: Record<Language, string>; retention: string }>(
    `select label, retention from field_now where retention <> 'agreement' and code = any ($1) order by code`,
    [codes],
  )
  const inOne = (language: Language) =>
    fields.map(({ label, retention }) => monthsSentence[language](label[language], monthsOf(retention)!))
  return { en: inOne('en'), it: inOne('it') }
}

/** The section that says how long, with what the months of fields and the laws say. */
const howLong = 3

const withKept = (language: Language, kept: readonly string[]): NoticeText => {
  const { sections, ...text } = noticeTexts[language]
  return {
    ...text,
    sections: sections.map((section, at) =>
      at === howLong ? { ...section, paragraphs: [...section.paragraphs, ...kept] } : section,
    ),
  }
}

async function sealedAmong(tx: Tx, codes: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ code: string }>(
    'select code from field_now where sealed and code = any ($1) order by code',
    [codes],
  )
  return rows.map(row => row.code)
}

/** What these fields are called now, by language. */
async function wordsOf(tx: Tx, codes: readonly string[]): Promise<Record<Language, Published['words']>> {
  const rows = await tx.query<{
    code: string
    label: Record<Language, string>
    help: Record<Language, string> | null
  }>('select code, label, help from field_now where code = any ($1) order by code', [codes])
  const inOne = (language: Language) =>
    Object.fromEntries(
      rows.map(({ code, label, help }) => [code, { label: label[language], help: help?.[language] ?? null }]),
    )
  return { en: inOne('en'), it: inOne('it') }
}

/**
 * Which of these fields are called something else now than in the notice that was agreed to, or were promised there to be
 * sealed and are not any more: another question, which nobody has said yes to.
 */
export async function reworded(
  database: Queryable,
  {
    notice_version: version,
    language,
    fields,
  }: { notice_version: number | null; language: Language | null; fields: readonly string[] },
): Promise<string[]> {
  if (version === null || language === null) return []
  const rows = await database.query<{ code: string }>(
    `select f.code
       from field_now f join notice n on n.version = $1 and n.language = $2
      where f.code = any ($3)
        and (n.text -> 'words' -> f.code
               <> jsonb_build_object('label', f.label -> $2, 'help', coalesce(f.help -> $2, 'null'))
             or (not f.sealed and n.text -> 'sealed' ? f.code))
      order by 1`,
    [version, language, fields],
  )
  return rows.map(row => row.code)
}

/** Which of these fields the notice that was agreed to promised to seal in the browser, and are not sealed any more. */
export async function unsealed(
  database: Queryable,
  { notice_version: version, fields }: { notice_version: number | null; fields: readonly string[] },
): Promise<string[]> {
  const rows = await database.query<{ code: string }>(
    `select f.code from field_now f
      where f.code = any ($2) and not f.sealed
        and exists (select 1 from notice n where n.version = $1 and n.text -> 'sealed' ? f.code)
      order by 1`,
    [version, fields],
  )
  return rows.map(row => row.code)
}

/** The newest notice with the name of the company in it. Throws `not_open` until there is a company. */
export async function getNotice(
  database: Queryable,
  language: Language,
): Promise<z.infer<typeof noticeSchema>> {
  const row = await database.maybe<{ version: number; text: Published; organisation: string }>(
    `select n.version, n.text, o.name as organisation from notice n cross join organisation o
      where n.language = $1 order by n.version desc limit 1`,
    [language],
  )
  if (row === null) throw new Refusal('not_open')
  const { version, text } = row
  const named = (words: string) => words.replaceAll('{organisation}', () => row.organisation)
  const purposes = await listPurposes(database)
  return {
    version,
    language,
    title: named(text.title),
    introduction: named(text.introduction),
    sections: text.sections.map(section => ({
      heading: named(section.heading),
      paragraphs: section.paragraphs.map(named),
    })),
    purposes: purposes.map(({ code, needed, advertising }) => {
      const { title, why, kept } = text.purposes[code]
      return {
        ...{ code, needed, advertising, title: named(title), why: named(why), kept: named(kept) },
        fields: text.fields[code] ?? [],
        sealed: (text.fields[code] ?? []).filter(field => text.sealed?.includes(field) === true),
      }
    }),
  }
}

/** The version that is shown now. Throws `not_found` before the company is open. */
export async function currentNotice(database: Queryable): Promise<number> {
  return (
    await database.one<{ version: number }>('select max(version) as version from notice having count(*) > 0')
  ).version
}

/**
 * The fields that a purpose names in this notice, sorted: what somebody who was shown it agrees to. Refuses `invalid`
 * for a notice other than the newest: nobody can agree to what they were not shown.
 */
export async function fieldsInNotice(
  database: Queryable,
  shown: { version: number; language: Language },
  purpose: PurposeCode,
): Promise<string[]> {
  const current = await database.maybe<{ version: number; text: Published }>(
    'select version, text from notice where language = $1 order by version desc limit 1',
    [shown.language],
  )
  if (current?.version !== shown.version)
    throw new Refusal('invalid', { fields: [{ field: 'notice_version', code: 'invalid' }] })
  return [...(current.text.fields[purpose] ?? [])].sort()
}

/** SHA-256 of a published notice, hex: of its JSON as PostgreSQL spells it, so that nobody can say it read otherwise. */
export async function noticeHash(database: Queryable, version: number, language: Language): Promise<string> {
  const { hash } = await database.one<{ hash: string }>(
    `select encode(sha256(convert_to(text::text, 'UTF8')), 'hex') as hash from notice where version = $1 and language = $2`,
    [version, language],
  )
  return hash
}
