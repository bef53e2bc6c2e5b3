import * as z from 'zod'
import type { Clock } from '../core/clock.ts'
import type { Queryable, Tx } from '../core/database.ts'
import { Refusal } from '../core/refusal.ts'
import { type NoticeText, noticeTexts, noticeVersion } from './notice-text.ts'
import { listPurposes, purposeSchema } from './purpose.ts'

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
      title: z.string(),
      why: z.string(),
      fields: z.array(z.string()),
      kept: z.string(),
    }),
  ),
})

/** Publishes the newest text in every language, unless it is published already. A published text never changes. */
export async function publishNotice(tx: Tx, clock: Clock): Promise<void> {
  for (const language of languages)
    await tx.query(
      `insert into notice (version, language, text, published_at) values ($1, $2, $3, $4)
       on conflict (version, language) do nothing`,
      [noticeVersion, language, JSON.stringify(noticeTexts[language]), clock.now()],
    )
}

/** The newest notice with the name of the company in it. Throws `not_open` until there is a company. */
export async function getNotice(
  database: Queryable,
  language: Language,
): Promise<z.infer<typeof noticeSchema>> {
  const row = await database.maybe<{ version: number; text: NoticeText; organisation: string }>(
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
    purposes: purposes.map(({ code, needed, fields }) => {
      const { title, why, kept } = text.purposes[code]
      return { code, needed, title: named(title), why: named(why), fields, kept: named(kept) }
    }),
  }
}

/** Refuses `invalid` for a notice other than the newest: nobody can agree to what they were not shown. */
export async function requireCurrentNotice(
  database: Queryable,
  version: number,
  language: Language,
): Promise<void> {
  const current = await database.maybe<{ version: number }>(
    'select version from notice where language = $1 order by version desc limit 1',
    [language],
  )
  if (current?.version !== version)
    throw new Refusal('invalid', { fields: [{ field: 'notice_version', code: 'invalid' }] })
}
