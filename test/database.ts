import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { Database } from '../src/core/database.ts'
import type { Role } from '../src/core/roles.ts'
import type { TestCluster } from './cluster.ts'

declare module 'vitest' {
  interface ProvidedContext {
    cluster: TestCluster
  }
}

/** A database of its own for one test file, freshly migrated, with one pool in each role. */
export interface TestDatabase {
  owner: Database
  server: Database
  worker: Database
  /** As the superuser of the test cluster: for looking at what is really stored, never for the code under test. */
  admin: Database
  name: string
  /** How to connect in one role, as the supervisor would hand it to the server. */
  as(role: Role): pg.PoolConfig
  /** The same as `postgres://` URL. */
  url(role: Role): string
  /** Closes the pools and drops the database. */
  drop(): Promise<void>
}

/** How to connect to one database of the cluster that this run uses. */
export function connection(cluster: TestCluster, user: string, database: string): pg.PoolConfig {
  const password = cluster.passwords[user]
  return {
    host: cluster.host,
    port: cluster.port,
    user,
    database,
    ...(password === undefined ? {} : { password }),
  }
}

function urlOf({ host, port, user, database, password }: pg.PoolConfig): string {
  const secret = typeof password === 'string' ? `:${encodeURIComponent(password)}` : ''
  return `postgres://${user}${secret}@localhost/${database}?host=${encodeURIComponent(host ?? '')}&port=${port}`
}

/** Clones the migrated template (about 20 ms). Every test file takes one in `beforeAll` and drops it in `afterAll`. */
export async function newDatabase(): Promise<TestDatabase> {
  const cluster = inject('cluster')
  const name = `custode_test_${randomBytes(6).toString('hex')}`
  await administer(cluster, `create database ${name} template ${cluster.template} owner custode_owner`)
  const as = (role: string) => connection(cluster, role, name)
  const owner = new Database(as('custode_owner'))
  const server = new Database(as('custode_server'))
  const worker = new Database(as('custode_worker'))
  const admin = new Database({ ...as(cluster.admin), max: 2 })
  return {
    ...{ owner, server, worker, admin, name, as, url: role => urlOf(as(role)) },
    drop: async () => {
      await Promise.all([owner.end(), server.end(), worker.end(), admin.end()])
      await administer(cluster, `drop database ${name} with (force)`)
    },
  }
}

async function administer(cluster: TestCluster, statement: string): Promise<void> {
  const client = new pg.Client(connection(cluster, cluster.admin, 'postgres'))
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
