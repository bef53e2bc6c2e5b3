import type { Database } from '../src/core/database.ts'

/** Every row of every table that is not PostgreSQL's own, as text, as the owner sees it: also what jobs hold. */
export async function storedText(owner: Database): Promise<string> {
  const tables = await owner.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
  )
  const parts: string[] = []
  for (const { name } of tables) {
    const rows = await owner.query<{ row: string }>(`select t::text as row from ${name} t`)
    parts.push(`${name}\n${rows.map(row => row.row).join('\n')}`)
  }
  return parts.join('\n')
}

/** Which of the values stand somewhere in the text: as they are, in other case, in hex (bytea) or in base64. */
export function foundIn(text: string, values: readonly string[]): string[] {
  const lower = text.toLowerCase()
  return values.filter(value => {
    const bytes = Buffer.from(value, 'utf8')
    const base64 = bytes.toString('base64').slice(0, -4)
    return (
      lower.includes(value.toLowerCase()) ||
      lower.includes(bytes.toString('hex')) ||
      (base64.length > 8 && text.includes(base64))
    )
  })
}
