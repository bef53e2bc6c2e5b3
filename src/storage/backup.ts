import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { noteOnly } from '../core/outbox.ts'
import { type BackupManifest, BackupRefused, manifestName, tableFile } from './backup-manifest.ts'

export interface MadeBackup {
  rows: number
  bytes: number
  tables: number
}

/**
 * Writes a backup of every table of ours into a new or empty folder, from one snapshot and while everybody works on.
 * Boxes stay sealed; nothing of the keeper is in it, nor what is kept in memory alone (the address index), nor jobs,
 * which a restored house makes anew. `house.database` is the owner's. The log tells when it began and when it was
 * whole, with the hash of its manifest: only a backup that the log knows can be restored. The folder has its name only
 * once it is whole and on the disk. Throws `BackupRefused`.
 */
export async function makeBackup(
  house: House,
  folder: string,
  progress: (share: number) => void = () => {},
): Promise<MadeBackup> {
  const target = resolve(folder)
  await requireEmpty(target)
  const partial = `${target}.partial`
  await makePartial(partial)
  const act = newId()
  const entry = { kind: 'backup' as const, act, actor: 'system' }
  await noteOnly(house, null, { ...entry, result: 'begun' })
  const { manifest, hash } = await write(house, partial, progress)
  const made = {
    tables: manifest.tables.length,
    rows: manifest.tables.reduce((sum, table) => sum + table.rows, 0),
    bytes: manifest.tables.reduce((sum, table) => sum + table.bytes, 0),
  }
  await noteOnly(house, null, { ...entry, result: 'done', detail: { ...made, manifest: hash } })
  await rmdir(target).catch(() => {})
  await rename(partial, target)
  await sync(dirname(target))
  return made
}

async function requireEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw new BackupRefused(`${folder} cannot be used (${error.code}): name a new folder`)
  })
  if (names.length > 0) throw new BackupRefused(`${folder} is not empty: name a new folder`)
}

async function makePartial(folder: string): Promise<void> {
  try {
    // What a backup that was cut off has left.
    if ((await readdir(folder).catch(() => [])).every(name => /^([a-z_]+\.copy|manifest\.json)$/.test(name)))
      await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new BackupRefused(`${folder} cannot be made (${code}): name another folder`)
  }
}

async function write(
  house: House,
  folder: string,
  progress: (share: number) => void,
): Promise<{ manifest: BackupManifest; hash: string }> {
  const client = await house.database.pool.connect()
  let broken = true
  try {
    await client.query('begin isolation level repeatable read read only')
    const about = await describe(house, client)
    const tables: BackupManifest['tables'] = []
    let done = 0
    const planned = await tablesOf(client)
    const whole = planned.reduce((sum, table) => sum + table.size, 1)
    for (const { name, columns, size } of planned) {
      tables.push({ name, columns, ...(await writeTable(client, folder, name, columns)) })
      done += size
      progress(done / whole)
    }
    await client.query('commit')
    broken = false
    const manifest = { ...about, tables }
    const text = `${JSON.stringify(manifest, null, 2)}\n`
    await writeSynced(join(folder, manifestName), text)
    await sync(folder)
    progress(1)
    return { manifest, hash: createHash('sha256').update(text).digest('hex') }
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOSPC')
      throw new BackupRefused(`the disk of ${basename(folder)} is full`)
    throw error
  } finally {
    client.release(broken)
  }
}

async function describe(house: House, client: pg.PoolClient): Promise<Omit<BackupManifest, 'tables'>> {
  // The snapshot is taken by this first statement; the note after it, so the note covers all that is in the snapshot.
  const { rows: companies } = await client.query<{ id: string }>('select id from organisation')
  const organisation = companies[0]?.id
  if (organisation === undefined)
    throw new BackupRefused('the company is not open yet: there is nothing to keep')
  const checkpoint = await house.keeper.checkpoint()
  const { rows: migrations } = await client.query<BackupManifest['migrations'][number]>(
    'select number, name, hash from migration order by number',
  )
  const { rows: sequences } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S' order by 1`,
  )
  const counted: BackupManifest['sequences'] = []
  for (const { name } of sequences) {
    const { rows } = await client.query<{ last: number; called: boolean }>(
      `select last_value as last, is_called as called from public.${client.escapeIdentifier(name)}`,
    )
    counted.push({ name, last: Number(rows[0]!.last), called: rows[0]!.called })
  }
  const made_at = house.clock.now().toISOString()
  return { custode_backup: 1, organisation, made_at, checkpoint, migrations, sequences: counted }
}

interface PlannedTable {
  name: string
  columns: string[]
  size: number
}

/** Every table that lasts, but the record of the migrations; what a row refers to comes before it. */
async function tablesOf(client: pg.PoolClient): Promise<PlannedTable[]> {
  const { rows } = await client.query<PlannedTable & { needs: string[] }>(
    `select c.relname as name, pg_relation_size(c.oid)::float8 as size,
            array(select a.attname::text from pg_attribute a
                   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                   order by a.attnum) as columns,
            array(select distinct r.relname::text from pg_constraint f join pg_class r on r.oid = f.confrelid
                   where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as needs
       from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relpersistence = 'p'
        and c.relname <> 'migration'
      order by 1`,
  )
  const ordered: PlannedTable[] = []
  const placed = new Set<string>()
  while (ordered.length < rows.length) {
    const next = rows.filter(row => !placed.has(row.name) && row.needs.every(name => placed.has(name)))
    if (next.length === 0) throw new Error('tables refer to each other in a circle')
    for (const { name, columns, size } of next) {
      ordered.push({ name, columns, size })
      placed.add(name)
    }
  }
  return ordered
}

async function writeTable(
  client: pg.PoolClient,
  folder: string,
  name: string,
  columns: readonly string[],
): Promise<{ rows: number; bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      hash.update(chunk)
      bytes += chunk.length
      next(null, chunk)
    },
  })
  const listed = columns.map(column => client.escapeIdentifier(column)).join(', ')
  const table = `public.${client.escapeIdentifier(name)}`
  const rows = client.query(copyTo(`copy ${table} (${listed}) to stdout (format binary)`))
  await pipeline(
    rows,
    counting,
    createWriteStream(join(folder, tableFile(name)), { mode: 0o600, flags: 'wx', flush: true }),
  )
  return { rows: rows.rowCount, bytes, sha256: hash.digest('hex') }
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function sync(folder: string): Promise<void> {
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
