import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { Database } from '../src/core/database.ts'
import { startEmbeddedDatabase } from '../src/core/embedded-database.ts'
import { migrate } from '../src/core/migrations.ts'
import { closeLargeObjects, makeRoles, type Passwords, roles } from '../src/core/roles.ts'
import { connection } from './database.ts'

/** The PostgreSQL of one test run: where it is, who administers it, and the migrated database to clone. */
export interface TestCluster {
  host: string
  port: number
  admin: string
  passwords: Record<string, string>
  template: string
}

/**
 * One cluster for the whole run: embedded and without fsync, since nothing of it is to last; or the one that
 * `CUSTODE_TEST_DATABASE_URL` names, whose user must be a superuser or have CREATEROLE and CREATEDB.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env.CUSTODE_TEST_DATABASE_URL
  const { cluster, passwords, end } = url === undefined ? await embedded() : await external(new URL(url))
  try {
    await makeTemplate(cluster, passwords)
  } catch (error) {
    await end()
    throw error
  }
  project.provide('cluster', cluster)
  return async () => {
    await dropTemplate(cluster)
    await end()
  }
}

const template = `custode_template_${process.pid}`

async function embedded() {
  await sweep()
  const folder = await mkdtemp(join(tmpdir(), `custode-test-${process.pid}-`))
  const database = await startEmbeddedDatabase({
    folder: join(folder, 'db'),
    sockets: join(folder, 's'),
    log: join(folder, 'log'),
    durable: false,
  })
  const host = join(folder, 's')
  return {
    cluster: { host, port: 5432, admin: 'postgres', passwords: { ...database.passwords }, template },
    passwords: database.passwords,
    end: async () => {
      await database.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

// The same for every run, so that two runs on one external cluster do not lock each other out.
const secret = createHash('sha256').update('custode test roles').digest('hex')
const testPasswords = Object.fromEntries(roles.map(role => [role, secret])) as Passwords

async function external(url: URL) {
  const admin = decodeURIComponent(url.username)
  const password = decodeURIComponent(url.password)
  return {
    cluster: {
      host: url.searchParams.get('host') ?? url.hostname,
      port: Number(url.searchParams.get('port') ?? (url.port || 5432)),
      admin,
      passwords: { ...testPasswords, ...(password === '' ? {} : { [admin]: password }) },
      template,
    },
    passwords: testPasswords,
    end: async () => {},
  }
}

async function makeTemplate(cluster: TestCluster, passwords: Passwords): Promise<void> {
  const admin = new pg.Client(connection(cluster, cluster.admin, 'postgres'))
  await admin.connect()
  try {
    await makeRoles(admin, passwords)
    await admin.query('grant custode_owner to current_user')
    await admin.query(`create database ${cluster.template} owner custode_owner`)
  } finally {
    await admin.end()
  }
  const inside = new pg.Client(connection(cluster, cluster.admin, cluster.template))
  await inside.connect()
  await closeLargeObjects(inside).finally(() => inside.end())
  const owner = new Database(connection(cluster, 'custode_owner', cluster.template))
  try {
    await migrate(owner)
  } finally {
    await owner.end()
  }
}

async function dropTemplate(cluster: TestCluster): Promise<void> {
  const admin = new pg.Client(connection(cluster, cluster.admin, 'postgres'))
  await admin.connect()
  await admin.query(`drop database if exists ${cluster.template} with (force)`)
  await admin.end()
}

/** Removes what runs that were killed have left behind. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(/^custode-test-(\d+)-/.exec(name)?.[1])
    if (pid > 0 && !isAlive(pid)) await rm(join(tmpdir(), name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
