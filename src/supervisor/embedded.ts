import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { type EmbeddedDatabase, startEmbeddedDatabase } from '../core/embedded-database.ts'
import { closeLargeObjects, makeRoles, type Role } from '../core/roles.ts'

export const databaseName = 'custode'

/** The embedded PostgreSQL of one data folder, kept running. */
export class Embedded {
  readonly #at: { folder: string; sockets: string; log: string }
  readonly #say: (line: string) => void
  readonly #givenUp: () => void
  #running: EmbeddedDatabase | undefined
  #stopping = false

  constructor(data: string, sockets: string, on: { say(line: string): void; givenUp(): void }) {
    this.#at = { folder: join(data, 'db'), sockets, log: join(data, 'postgres.log') }
    this.#say = on.say
    this.#givenUp = on.givenUp
  }

  /** Starts PostgreSQL, with its roles and the empty database at the first time. Throws `NoDatabase`. */
  async start(): Promise<void> {
    const running = await startEmbeddedDatabase(this.#at)
    this.#running = running
    await provide(running)
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
    const { rows } = await admin.query('select 1 from pg_database where datname = $1', [databaseName])
    if (rows.length > 0) return
    await makeRoles(admin, null)
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
  await admin.connect()
  try {
    await act(admin)
  } finally {
    await admin.end()
  }
}
