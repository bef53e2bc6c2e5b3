import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import {
  type ClusterPasswords,
  findPassword,
  newClusterPasswords,
  writePasswords,
} from '../core/cluster-access.ts'
import {
  type EmbeddedDatabase,
  socketAccess,
  socketFolder,
  startEmbeddedDatabase,
} from '../core/embedded-database.ts'
import { closeLargeObjects, makeRoles, type Role } from '../core/roles.ts'

export const databaseName = 'custode'

/** How a command reaches the embedded PostgreSQL that runs on this data folder, in one role. */
export async function runningAccess(
  data: string,
  role: keyof ClusterPasswords,
  database = databaseName,
): Promise<pg.PoolConfig> {
  return socketAccess(socketFolder(data), role, database, await findPassword(data, role))
}

/** The embedded PostgreSQL of one data folder, kept running, with passwords that last as long. */
export class Embedded {
  readonly #data: string
  readonly #at: { folder: string; sockets: string; log: string }
  readonly #passwords = newClusterPasswords()
  readonly #say: (line: string) => void
  readonly #givenUp: () => void
  #running: EmbeddedDatabase | undefined
  #stopping = false

  constructor(data: string, sockets: string, on: { say(line: string): void; givenUp(): void }) {
    this.#data = data
    this.#at = { folder: join(data, 'db'), sockets, log: join(data, 'postgres.log') }
    this.#say = on.say
    this.#givenUp = on.givenUp
  }

  /** Starts PostgreSQL, with its roles and the empty database at the first time. Throws `NoDatabase`. */
  async start(): Promise<void> {
    const running = await startEmbeddedDatabase({ ...this.#at, passwords: this.#passwords })
    this.#running = running
    await provide(running)
    await writePasswords(this.#data, this.#passwords)
    void running.ended.then(() => this.#again())
  }

  /** How to connect in one role; stays the same over restarts. */
  as(role: Role): pg.PoolConfig {
    if (this.#running === undefined) throw new Error('the database was not started')
    return this.#running.as(role, databaseName)
  }

  /** How to administer one of its databases: for making and renaming them, never for the server. */
  asSuperuser(database: string): pg.PoolConfig {
    if (this.#running === undefined) throw new Error('the database was not started')
    return this.#running.as('postgres', database)
  }

  async #again(): Promise<void> {
    for (let tries = 0; !this.#stopping && tries < 5; tries++) {
      this.#say('the database ended; starting it again')
      try {
        return await this.start()
      } catch {
        await wait(500 * 2 ** tries)
      }
    }
    if (!this.#stopping) this.#givenUp()
  }

  async stop(): Promise<void> {
    this.#stopping = true
    await this.#running?.stop()
  }
}

async function provide(running: EmbeddedDatabase): Promise<void> {
  await asSuperuser(running, 'postgres', async admin => {
    await makeRoles(admin, running.passwords)
    const { rows } = await admin.query('select 1 from pg_database where datname = $1', [databaseName])
    if (rows.length > 0) return
    await admin.query(`create database ${databaseName} owner custode_owner`)
  })
  await asSuperuser(running, databaseName, closeLargeObjects)
}

async function asSuperuser(
  running: EmbeddedDatabase,
  database: string,
  act: (admin: pg.Client) => Promise<void>,
): Promise<void> {
  const admin = new pg.Client(running.as('postgres', database))
  // A database that ends at this very moment is started once more: what is asked of it is refused, and nothing else ends.
  admin.on('error', () => {})
  await admin.connect()
  try {
    await act(admin)
  } finally {
    await admin.end()
  }
}
