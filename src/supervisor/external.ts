import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import {
  closeLargeObjects,
  makeRoles,
  newPasswords,
  type Passwords,
  type Role,
  roles,
} from '../core/roles.ts'

/** The external PostgreSQL cannot be used; `message` is one line that says what to do. Never holds a password. */
export class DatabaseRefused extends Error {
  override readonly name = 'DatabaseRefused'
}

const oldest = 150_000

export interface External {
  server: pg.PoolConfig
  worker: pg.PoolConfig
  /** Known only where this installation made the roles itself; otherwise `custode migrate` has its own URL. */
  owner: pg.PoolConfig | null
}

/**
 * How to reach an external PostgreSQL in each role. A URL whose user may make roles is used once: the roles get random
 * passwords, kept in `database.json` (0600) of the data folder, and from then on everything goes by those. Any other
 * URL is the server's own. Throws `DatabaseRefused`.
 */
export async function reachExternal(url: string, workerUrl: string | null, data: string): Promise<External> {
  const place = placeOf(url)
  const kept = await readKept(data)
  if (kept?.place === place && kept.made) return byPasswords(url, kept.passwords)
  const client = await connectTo(url)
  try {
    const { rows } = await client.query(
      'select rolsuper or rolcreaterole as makes, rolname as name from pg_roles where rolname = current_user',
    )
    if (rows[0]?.makes === true) {
      // Passwords written down and not known to be made: the last start ended in between.
      const passwords = kept?.place === place ? kept.passwords : await writeNew(client, data, place)
      await makeKept(client, place, passwords)
      await writeKept(data, { place, passwords, made: true })
      return byPasswords(url, passwords)
    }
    return await asGiven(url, workerUrl, client)
  } finally {
    await client.end()
  }
}

/** Connects and looks at the version. Throws `DatabaseRefused` in one line when either is not as it must be. */
export async function connectTo(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    const { code } = error as { code?: string }
    throw new DatabaseRefused(
      `PostgreSQL at ${placeOf(url)} cannot be reached (${reasons[code ?? ''] ?? code ?? 'no answer'})`,
    )
  }
  const { rows } = await client.query("select current_setting('server_version_num')::int as version")
  if (rows[0].version >= oldest) return client
  await client.end()
  throw new DatabaseRefused(
    `PostgreSQL at ${placeOf(url)} is version ${Math.floor(rows[0].version / 10_000)}: 15 or later is needed`,
  )
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no such host',
  ENOENT: 'no such socket',
  '28P01': 'the password is not right',
  '28000': 'this user may not connect',
  '3D000': 'no such database',
}

/** Host, port and database of a URL: what may be shown. */
function placeOf(url: string): string {
  const { hostname, port, pathname, searchParams } = new URL(url)
  const host = searchParams.get('host') ?? hostname
  return `${host}:${searchParams.get('port') ?? (port || '5432')}/${decodeURIComponent(pathname.slice(1))}`
}

async function writeNew(admin: pg.Client, data: string, place: string): Promise<Passwords> {
  const { rows } = await admin.query('select rolname from pg_roles where rolname = any ($1)', [roles])
  if (rows.length > 0)
    throw new DatabaseRefused(
      `PostgreSQL at ${place} has the role ${rows[0].rolname} already: give the URLs of custode_server and custode_worker, or drop the roles`,
    )
  const passwords = newPasswords()
  await writeKept(data, { place, passwords, made: false })
  return passwords
}

async function makeKept(admin: pg.Client, place: string, passwords: Passwords): Promise<void> {
  const { rows } = await admin.query('select current_database() as name')
  const database = admin.escapeIdentifier(rows[0].name)
  await admin.query('begin')
  await makeRoles(admin, passwords)
  await admin.query(`grant connect, create, temporary on database ${database} to custode_owner`)
  await admin.query(`grant connect on database ${database} to custode_server, custode_worker`)
  await admin.query(`revoke temporary on database ${database} from public`)
  await admin.query('grant usage, create on schema public to custode_owner')
  await admin.query('revoke create on schema public from public')
  await closeLargeObjects(admin)
  await requireCreate(admin, place)
  await admin.query('commit')
}

/** A grant by somebody who may not give it is a mere warning in PostgreSQL: look whether it took. */
async function requireCreate(admin: pg.Client, place: string): Promise<void> {
  const { rows } = await admin.query(
    `select has_schema_privilege('custode_owner', 'public', 'create')
        and has_database_privilege('custode_owner', current_database(), 'create') as may`,
  )
  if (rows[0].may !== true)
    throw new DatabaseRefused(
      `the user of DATABASE_URL may make roles but does not own the database at ${place}: make it the database’s owner`,
    )
}

function byPasswords(url: string, passwords: Passwords): External {
  const as = (role: Role) => {
    const own = new URL(url)
    own.username = role
    own.password = passwords[role]
    return { connectionString: own.href }
  }
  return { server: as('custode_server'), worker: as('custode_worker'), owner: as('custode_owner') }
}

async function asGiven(url: string, workerUrl: string | null, client: pg.Client): Promise<External> {
  if (workerUrl !== null) {
    await (await connectTo(workerUrl)).end()
    return { server: { connectionString: url }, worker: { connectionString: workerUrl }, owner: null }
  }
  const { rows } = await client.query(
    "select coalesce((select pg_has_role(oid, 'usage') from pg_roles where rolname = 'custode_worker'), false) as works",
  )
  if (rows[0].works !== true)
    throw new DatabaseRefused(
      'DATABASE_URL is the server’s role: set DATABASE_WORKER_URL to that of custode_worker',
    )
  return { server: { connectionString: url }, worker: { connectionString: url }, owner: null }
}

interface Kept {
  place: string
  passwords: Passwords
  /** False from before the roles are made until they are. */
  made: boolean
}

async function readKept(data: string): Promise<Kept | null> {
  try {
    return JSON.parse(await readFile(join(data, 'database.json'), 'utf8')) as Kept
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new DatabaseRefused(`${join(data, 'database.json')} cannot be read`)
  }
}

async function writeKept(data: string, kept: Kept): Promise<void> {
  const path = join(data, 'database.json')
  await writeFile(`${path}.tmp`, JSON.stringify(kept), { mode: 0o600, flush: true })
  await rename(`${path}.tmp`, path)
}
