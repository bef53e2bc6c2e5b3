import pg from 'pg'
import type { Config } from '../core/config.ts'
import { closeLargeObjects } from '../core/roles.ts'
import { databaseName } from './embedded.ts'
import { connectTo, DatabaseRefused } from './external.ts'
import type { Closed } from './installation.ts'

/** Where databases of this installation are made and renamed. */
export interface Yard {
  /** The name of the database in use. */
  name: string
  /** Connected to another database than that, as somebody who may make databases. */
  admin: pg.Client
  /** Into any database, in the same role. */
  inside(database: string): Promise<pg.Client>
  /** How the owner reaches a database. */
  owner(database: string): pg.PoolConfig
}

const waitingName = (name: string) => `${name}_restoring`
const keptPrefix = (name: string) => `${name}_before_restore_`

/** Opens the yard; the caller ends `admin`. Throws `DatabaseRefused` in one line where nobody may make a database. */
export async function openYard(config: Config, closed: Closed, owner: pg.PoolConfig): Promise<Yard> {
  const { admin } = closed
  if (admin !== null) {
    const inside = (database: string) => connect(admin(database))
    const name = databaseName
    return { name, admin: await inside('postgres'), inside, owner: database => ({ ...owner, database }) }
  }
  const url = config.databaseUrl ?? ''
  const on = (address: string, database: string): string => {
    const other = new URL(address)
    other.pathname = `/${encodeURIComponent(database)}`
    return other.href
  }
  const name = decodeURIComponent(new URL(url).pathname.slice(1))
  const inside = (database: string) => connectTo(on(url, database))
  const outside = await inside('postgres').catch(() => inside('template1'))
  await requireMaking(outside)
  const { connectionString } = owner
  return {
    ...{ name, admin: outside, inside },
    owner: database => ({ connectionString: on(connectionString ?? url, database) }),
  }
}

async function connect(access: pg.PoolConfig): Promise<pg.Client> {
  const client = new pg.Client(access)
  client.on('error', () => {})
  await client.connect()
  return client
}

async function requireMaking(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ may: boolean }>(
    'select rolsuper or rolcreatedb as may from pg_roles where rolname = current_user',
  )
  if (rows[0]?.may === true) return
  await admin.end()
  throw new DatabaseRefused(
    'a backup is loaded beside the database in use: give a DATABASE_URL whose user may make databases (CREATEDB) and owns this one',
  )
}

/** An empty database that nobody but the owner can enter; what an earlier run left is dropped. */
export async function makeQuarantine(yard: Yard): Promise<string> {
  const { admin } = yard
  const waiting = waitingName(yard.name)
  const named = admin.escapeIdentifier(waiting)
  await admin.query(`drop database if exists ${named} with (force)`)
  await admin.query(`create database ${named}`)
  await admin.query(`revoke connect, temporary on database ${named} from public`)
  await admin.query(`grant connect, create, temporary on database ${named} to custode_owner`)
  const inside = await yard.inside(waiting)
  try {
    await inside.query('grant usage, create on schema public to custode_owner')
    await inside.query('revoke create on schema public from public')
    await closeLargeObjects(inside)
  } finally {
    await inside.end()
  }
  return waiting
}

/**
 * Puts the quarantined database in the place of the one in use, in one transaction: a crash leaves the one or the
 * other, whole. Nobody can enter the old one any more. Answers with its new name. Throws `DatabaseRefused` while
 * somebody is connected to it.
 */
export async function putInUse(yard: Yard, at: Date): Promise<string> {
  const { admin } = yard
  const kept = `${keptPrefix(yard.name)}${at.toISOString().replace(/\D/g, '').slice(0, 14)}`
  const [name, waiting, old] = [yard.name, waitingName(yard.name), kept].map(one =>
    admin.escapeIdentifier(one),
  )
  try {
    await admin.query('begin')
    await admin.query(`alter database ${name} rename to ${old}`)
    await admin.query(
      `revoke connect on database ${old} from public, custode_server, custode_worker, custode_owner`,
    )
    await admin.query(`alter database ${waiting} rename to ${name}`)
    await admin.query(`grant connect on database ${name} to custode_server, custode_worker`)
    await admin.query('commit')
  } catch (error) {
    await admin.query('rollback')
    if ((error as { code?: string }).code === '55006')
      throw new DatabaseRefused(
        `somebody is connected to the database ${yard.name}: end that and run this again`,
      )
    throw error
  }
  return kept
}

/** Databases that restores have kept, the oldest first. */
export async function keptDatabases({ admin, name }: Yard): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    'select datname as name from pg_database where starts_with(datname, $1) order by 1',
    [keptPrefix(name)],
  )
  return rows.map(row => row.name)
}

/** Drops a database that a restore has kept. Its blocks are the medium's: see docs/threats.md. */
export async function discard({ admin, name }: Yard, kept: string): Promise<void> {
  if (!kept.startsWith(keptPrefix(name))) throw new Error('not one that a restore has kept')
  await admin.query(`drop database if exists ${admin.escapeIdentifier(kept)} with (force)`)
}
