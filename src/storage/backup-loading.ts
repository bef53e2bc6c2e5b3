import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Database } from '../core/database.ts'
import { migrate, migrationFolder, readMigrations } from '../core/migrations.ts'
import { type BackupManifest, BackupRefused, tableFile } from './backup-manifest.ts'

/**
 * Fills an empty database with a backup: the schema of its day, its rows in one transaction under every rule of that
 * schema but those of the moment, then whatever migrations came since. Throws `BackupRefused` for a backup of another version's schema. What
 * comes out is as old as the backup: nobody may work with it before the log was replayed into it.
 */
export async function loadBackup(
  owner: Database,
  folder: string,
  manifest: BackupManifest,
  progress: (share: number) => void = () => {},
): Promise<void> {
  await requireKnown(manifest)
  await migrate(owner, migrationFolder, manifest.migrations.length)
  await loadRows(owner, folder, manifest, progress)
  await migrate(owner)
}

async function requireKnown(manifest: BackupManifest): Promise<void> {
  const known = await readMigrations()
  for (const { number, name, hash } of manifest.migrations)
    if (known[number - 1]?.hash !== hash)
      throw new BackupRefused(`the backup was made by another version: this one does not know its ${name}`)
}

/**
 * What holds at the moment of an act and not of what was done: who agreed for somebody as their guardian stays so written when that
 * guardian's time is over.
 */
const rulesOfTheMoment = ['guardian_heeded']

async function tablesOfMoment(client: pg.PoolClient): Promise<{ table: string; rule: string }[]> {
  const { rows } = await client.query<{ table: string; rule: string }>(
    `select c.relname as table, t.tgname as rule from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where c.relnamespace = 'public'::regnamespace and t.tgname = any ($1)`,
    [rulesOfTheMoment],
  )
  return rows
}

async function forcedTables(client: pg.PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r' and relforcerowsecurity`,
  )
  return rows.map(row => row.name)
}

async function loadRows(
  owner: Database,
  folder: string,
  manifest: BackupManifest,
  progress: (share: number) => void,
): Promise<void> {
  const client = await owner.pool.connect()
  const named = (name: string) => `public.${client.escapeIdentifier(name)}`
  let broken = true
  try {
    await client.query('begin')
    // Migrations have rows of their own, which the backup holds too.
    await client.query(`truncate ${manifest.tables.map(table => named(table.name)).join(', ')} cascade`)
    const forced = await forcedTables(client)
    // PostgreSQL copies nothing into a table whose owner is bound by its policies; nobody sees this but us.
    for (const name of forced) await client.query(`alter table ${named(name)} no force row level security`)
    const moment = await tablesOfMoment(client)
    for (const { table, rule } of moment)
      await client.query(`alter table ${named(table)} disable trigger ${client.escapeIdentifier(rule)}`)
    const whole = manifest.tables.reduce((sum, table) => sum + table.bytes, 1)
    let done = 0
    for (const { name, columns, rows, bytes } of manifest.tables) {
      const listed = columns.map(column => client.escapeIdentifier(column)).join(', ')
      const target = client.query(copyFrom(`copy ${named(name)} (${listed}) from stdin (format binary)`))
      await pipeline(createReadStream(join(folder, tableFile(name))), target)
      if (target.rowCount !== rows)
        throw new BackupRefused(`${name} has another number of rows than was written`)
      done += bytes
      progress(done / whole)
    }
    // No table is altered while a deferred rule waits to look at its rows.
    await client.query('set constraints all immediate')
    for (const { table, rule } of moment)
      await client.query(`alter table ${named(table)} enable trigger ${client.escapeIdentifier(rule)}`)
    for (const name of forced) await client.query(`alter table ${named(name)} force row level security`)
    for (const { name, last, called } of manifest.sequences)
      await client.query('select setval($1, $2, $3)', [named(name), last, called])
    await client.query('commit')
    await client.query('analyze')
    broken = false
    progress(1)
  } finally {
    client.release(broken)
  }
}
