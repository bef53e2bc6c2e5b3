import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Logger, runMigrations } from 'graphile-worker'
import { type Database, type Queryable, sqlState } from './database.ts'

/** The folder of the migrations: `NNNN-what-it-does.sql`, numbered without gaps, never changed once released. */
export const migrationFolder = join(import.meta.dirname, '..', '..', 'migrations')

/** The schema cannot be brought up to date; `message` is one line that says why. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError'
}

export interface MigrationFile {
  number: number
  name: string
  sql: string
  hash: string
}

// Any number will do, as long as every process that migrates takes the same one.
const lock = 7_238_117

/** Reads the migrations in their order. Refuses a name without a number, a gap and a number used twice. */
export async function readMigrations(folder = migrationFolder): Promise<MigrationFile[]> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.sql')).sort()
  const files: MigrationFile[] = []
  for (const name of names) {
    const number = Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(name)?.[1])
    if (number !== files.length + 1)
      throw new MigrationError(`migrations are numbered from 0001 without gaps, and ${name} is not the next`)
    const sql = await readFile(join(folder, name), 'utf8')
    files.push({ number, name, sql, hash: createHash('sha256').update(sql).digest('hex') })
  }
  return files
}

/**
 * Brings the schema up to date as its owner, and answers with the names of what was applied. Forward only, each
 * file in a transaction of its own with its record, one process at a time. Throws `MigrationError` when an applied
 * file has changed or is missing, or when the database is newer than this program; then nothing was applied. `upTo`
 * stops at a number: for a backup, whose rows fit the schema of their day.
 */
export async function migrate(
  owner: Database,
  folder = migrationFolder,
  upTo = Number.POSITIVE_INFINITY,
): Promise<string[]> {
  const files = await readMigrations(folder)
  const holder = await owner.pool.connect()
  try {
    await holder.query('select pg_advisory_lock($1)', [lock])
    await owner.query(
      `create table if not exists migration (
         number integer primary key, name text not null, hash text not null, applied_at timestamptz not null)`,
    )
    await owner.query('grant select on migration to custode_server')
    const due = (await requireUnchanged(owner, files)).filter(file => file.number <= upTo)
    await installJobs(owner)
    for (const file of due) await apply(owner, file)
    return due.map(file => file.name)
  } finally {
    await holder.query('select pg_advisory_unlock($1)', [lock]).catch(() => {})
    holder.release()
  }
}

/** The names of the migrations that this database still needs. */
export async function dueMigrations(owner: Queryable, folder = migrationFolder): Promise<string[]> {
  const files = await readMigrations(folder)
  try {
    return (await requireUnchanged(owner, files)).map(file => file.name)
  } catch (error) {
    if (sqlState(error) === '42P01') return files.map(file => file.name)
    throw error
  }
}

async function requireUnchanged(owner: Queryable, files: MigrationFile[]): Promise<MigrationFile[]> {
  const applied = await owner.query<{ number: number; name: string; hash: string }>(
    'select number, name, hash from migration order by number',
  )
  for (const { number, name, hash } of applied) {
    const file = files[number - 1]
    if (file === undefined || file.name !== name)
      throw new MigrationError(`this database was made by another version: it holds ${name}`)
    if (file.hash !== hash)
      throw new MigrationError(`${name} was applied to this database and has changed since: restore the file`)
  }
  return files.slice(applied.length)
}

async function apply(owner: Database, file: MigrationFile): Promise<void> {
  try {
    await owner.transaction(async tx => {
      await tx.query(file.sql)
      await tx.query('insert into migration (number, name, hash, applied_at) values ($1, $2, $3, now())', [
        file.number,
        file.name,
        file.hash,
      ])
    })
  } catch (error) {
    const said = error instanceof Error ? error.message : 'unknown error'
    throw new MigrationError(`${file.name} failed: ${said}`, { cause: error })
  }
}

const silent = new Logger(() => () => {})

/**
 * The job tables come before our own migrations, which name them. They belong to the owner and have row security
 * without a policy, so the worker's role gets its rights and one policy a table here, after every upgrade again.
 */
async function installJobs(owner: Database): Promise<void> {
  await runMigrations({ pgPool: owner.pool, logger: silent })
  await owner.transaction(async tx => {
    await tx.query(
      `grant usage on schema graphile_worker to custode_worker;
       grant select, insert, update, delete on all tables in schema graphile_worker to custode_worker;
       grant usage, select on all sequences in schema graphile_worker to custode_worker;
       grant execute on all functions in schema graphile_worker to custode_worker`,
    )
    const bare = await tx.query<{ name: string }>(
      `select c.relname as name
         from pg_class c
        where c.relnamespace = 'graphile_worker'::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity
          and not exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polname = 'worker')`,
    )
    for (const { name } of bare)
      await tx.query(
        `create policy worker on graphile_worker.${JSON.stringify(name)} to custode_worker using (true) with check (true)`,
      )
  })
}
