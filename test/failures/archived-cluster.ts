import { execFile } from 'node:child_process'
import { appendFile, chown, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { vi } from 'vitest'
import { Database } from '../../src/core/database.ts'
import { type EmbeddedDatabase, startEmbeddedDatabase } from '../../src/core/embedded-database.ts'
import { migrate } from '../../src/core/migrations.ts'
import { closeLargeObjects, makeRoles } from '../../src/core/roles.ts'
import type { TestDatabase } from '../database.ts'

const run = promisify(execFile)
const name = 'custode'

/** A running copy of the cluster: a replica, or what a thief made of a copy. */
export interface Copy {
  folder: string
  admin: Database
  stop(): Promise<void>
}

/**
 * A cluster of Debian's PostgreSQL as a careful company runs it, with archived write-ahead log, base backups, a
 * streaming replica and dumps, and one migrated database in it.
 */
export class ArchivedCluster {
  readonly folder: string
  /** What PostgreSQL wrote as its own log. */
  readonly log: string
  readonly archive: string
  readonly data: string
  readonly #programs: string
  readonly #sockets: string
  readonly #copies: Copy[] = []
  #postgres: EmbeddedDatabase | null = null
  #database: TestDatabase | null = null

  private constructor(folder: string, programs: string) {
    this.folder = folder
    this.log = join(folder, 'log')
    this.archive = join(folder, 'archive')
    this.data = join(folder, 'db')
    this.#sockets = join(folder, 's')
    this.#programs = programs
  }

  static async start(programs: string): Promise<ArchivedCluster> {
    const folder = await mkdtemp(join(tmpdir(), `custode-test-${process.pid}-`))
    const cluster = new ArchivedCluster(folder, programs)
    // The first start makes the cluster; only then is there a file to write settings into.
    await (await cluster.#start(cluster.data, cluster.#sockets, cluster.log)).stop()
    await mkdir(cluster.archive)
    await cluster.#give(cluster.archive)
    await appendFile(
      join(cluster.data, 'postgresql.conf'),
      `\narchive_mode = on\narchive_command = 'cp %p ${cluster.archive}/%f'\n`,
    )
    cluster.#postgres = await cluster.#start(cluster.data, cluster.#sockets, cluster.log)
    cluster.#database = await cluster.#makeDatabase()
    return cluster
  }

  #start(folder: string, sockets: string, log: string, standby = false): Promise<EmbeddedDatabase> {
    const passwords = standby ? { passwords: this.#running.passwords } : {}
    const how = { programs: this.#programs, durable: false, standby, ...passwords }
    return startEmbeddedDatabase({ folder, sockets, log, ...how })
  }

  /** PostgreSQL's own user owns what it is to read and write. */
  async #give(folder: string): Promise<void> {
    const { uid, gid } = await stat(this.data)
    await chown(folder, uid, gid)
    for (const path of await readdir(folder, { recursive: true })) await chown(join(folder, path), uid, gid)
  }

  async #makeDatabase(): Promise<TestDatabase> {
    const as = (user: string, database = name): pg.PoolConfig => this.#running.as(user, database)
    const admin = new pg.Client(as('postgres', 'postgres'))
    await admin.connect()
    await makeRoles(admin, this.#running.passwords)
    await admin.query(`create database ${name} owner custode_owner`)
    await admin.end()
    const inside = new pg.Client(as('postgres'))
    await inside.connect()
    await closeLargeObjects(inside).finally(() => inside.end())
    const owner = new Database(as('custode_owner'))
    await migrate(owner)
    const pools = {
      owner,
      server: new Database(as('custode_server')),
      worker: new Database(as('custode_worker')),
      admin: new Database({ ...as('postgres'), max: 2 }),
    }
    return {
      ...{ ...pools, name, as: role => as(role), url: role => `postgres://${role}@localhost/${name}` },
      drop: async () => {
        for (const pool of Object.values(pools)) await pool.end()
      },
    }
  }

  get #running(): EmbeddedDatabase {
    if (this.#postgres === null) throw new Error('the cluster was not started')
    return this.#postgres
  }

  get database(): TestDatabase {
    if (this.#database === null) throw new Error('the cluster was not started')
    return this.#database
  }

  #program(program: string, args: string[]): Promise<{ stdout: string }> {
    const site = ['-h', this.#sockets, '-p', '5432', '-U', 'postgres']
    const env = { ...process.env, PGPASSWORD: this.#running.passwords.postgres }
    return run(join(this.#programs, program), [...site, ...args], { env, maxBuffer: 64 * 1024 * 1024 })
  }

  /** A base backup with `pg_basebackup`; `-R` makes it a replica's. Returns its folder. */
  async backUp(called: string, args: string[] = []): Promise<string> {
    const folder = join(this.folder, called)
    await this.#program('pg_basebackup', ['-D', folder, '-X', 'stream', '-c', 'fast', '--no-sync', ...args])
    return folder
  }

  /** All of the database as SQL. */
  async dump(): Promise<string> {
    return (await this.#program('pg_dump', [name])).stdout
  }

  /** Marks this moment, to which the archive can bring an older backup. */
  async mark(point: string): Promise<void> {
    await this.database.admin.query('select pg_create_restore_point($1)', [point])
  }

  /** Resolves when all of the write-ahead log until now lies in the archive. */
  async archived(): Promise<void> {
    const { segment } = await this.database.admin.one<{ segment: string }>(
      'select pg_walfile_name(pg_switch_wal()) as segment',
    )
    const isThere = () =>
      this.database.admin.one<{ there: boolean }>(
        'select coalesce(last_archived_wal >= $1, false) as there from pg_stat_archiver',
        [segment],
      )
    await vi.waitUntil(async () => (await isThere()).there, { timeout: 20_000, interval: 50 })
  }

  /** Starts a replica that streams from here, and waits until it has everything that is here now. */
  async replicate(called: string): Promise<Copy> {
    const folder = await this.backUp(called, ['-R'])
    const copy = await this.#open(folder, true)
    await this.replicated(copy)
    return copy
  }

  /** Resolves when the replica has applied what is written here until now. */
  async replicated(copy: Copy): Promise<void> {
    const { lsn } = await this.database.admin.one<{ lsn: string }>('select pg_current_wal_lsn()::text as lsn')
    const isThere = () =>
      copy.admin.one<{ there: boolean }>(
        'select coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, false) as there',
        [lsn],
      )
    await vi.waitUntil(async () => (await isThere()).there, { timeout: 20_000, interval: 50 })
  }

  /** Opens a copy of the cluster as somebody does who has stolen it; with `until`, brought there by the archive. */
  async open(folder: string, until?: string): Promise<Copy> {
    await rm(join(folder, 'standby.signal'), { force: true })
    if (until !== undefined) {
      await appendFile(
        join(folder, 'postgresql.conf'),
        `\nrestore_command = 'cp ${this.archive}/%f %p'\nrecovery_target_name = '${until}'\n` +
          `recovery_target_action = 'promote'\n`,
      )
      await appendFile(join(folder, 'recovery.signal'), '')
    }
    const copy = await this.#open(folder)
    const isOpen = () => copy.admin.one<{ open: boolean }>('select not pg_is_in_recovery() as open')
    await vi.waitUntil(async () => (await isOpen()).open, { timeout: 20_000, interval: 50 })
    return copy
  }

  async #open(folder: string, standby = false): Promise<Copy> {
    // What a thief does must not reach the company's archive.
    await appendFile(join(folder, 'postgresql.conf'), '\narchive_mode = off\n')
    await this.#give(folder)
    const postgres = await this.#start(folder, `${folder}-s`, `${folder}-log`, standby)
    const admin = new Database({ ...postgres.as('postgres', name), max: 2 })
    let stopped = false
    const copy = {
      ...{ folder, admin },
      stop: async () => {
        if (stopped) return
        stopped = true
        await admin.end()
        await postgres.stop()
      },
    }
    this.#copies.push(copy)
    return copy
  }

  async end(): Promise<void> {
    for (const copy of this.#copies) await copy.stop()
    await this.#postgres?.stop()
    await rm(this.folder, { recursive: true, force: true })
  }
}
