import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type pg from 'pg'
import type { Config } from '../core/config.ts'
import { ConfigError } from '../core/config.ts'
import { Database } from '../core/database.ts'
import { makePrivateFolder, socketFolder } from '../core/embedded-database.ts'
import { dueMigrations, migrate } from '../core/migrations.ts'
import { type Provider, withSecret } from '../core/provider-choice.ts'
import { makeSetupToken } from '../identity/setup.ts'
import type { KeeperSite } from '../keeper/client.ts'
import { Child } from './child.ts'
import { Embedded } from './embedded.ts'
import { DatabaseRefused, reachExternal } from './external.ts'
import { lockFolder } from './folder-lock.ts'
import { emptyDemo } from './fresh-demo.ts'
import { findIsolation, type Isolation } from './isolation.ts'
import { keeperReady, spawnKeeper } from './keeper-process.ts'
import { openSite } from './keeper-site.ts'
import { findLogFaults } from './log-settings.ts'
import { buildPages } from './page-build.ts'
import { mustBeRestored, ownerOf, restorePresent } from './restored-database.ts'
import type { ServerConfig } from './server-config.ts'
import { requireOutOfReach, serverReady, spawnServer } from './server-process.ts'

/** Database and keeper without a server: for a command beside which nobody may work. */
export interface Closed {
  /** The owner's access, or null where only DATABASE_OWNER_URL would give it. */
  owner: pg.PoolConfig | null
  keeperSocket: string
  /** Of the embedded PostgreSQL: any of its databases, as its superuser. Null for an external one. */
  admin: ((database: string) => pg.PoolConfig) | null
}

export interface Started {
  /** With it the first officer opens the company; null when it is open. */
  setupToken: string | null
}

/** Everything of one installation: locks, database, keeper and server, started in this order and ended in reverse. */
export class Installation {
  readonly #config: Config
  readonly #say: (line: string) => void
  readonly #isolation: Isolation = findIsolation()
  readonly #ends: (() => Promise<void>)[] = []
  #stopped: Promise<void> | undefined
  /** Resolves when a part keeps ending and nothing more is tried. */
  readonly givenUp: Promise<void>
  #giveUp!: () => void

  constructor(config: Config, say: (line: string) => void) {
    this.#config = config
    this.#say = say
    this.givenUp = new Promise(resolve => {
      this.#giveUp = resolve
    })
  }

  /**
   * Starts all parts and resolves when the server listens. Throws an error whose message is one line that says what to
   * do; what was started until then is ended by `stop`.
   */
  async start(options: { fresh?: boolean } = {}): Promise<Started> {
    const { data, keeper, host, port } = this.#config
    requireOutOfReach({ CUSTODE_DATA: data, CUSTODE_KEEPER: keeper })
    this.#ends.push(await lockFolder(data, 'CUSTODE_DATA'))
    this.#ends.push(await lockFolder(keeper, 'CUSTODE_KEEPER'))
    await requireFreePort(host, port)
    const sockets = socketFolder(data)
    await makePrivateFolder(sockets)
    this.#ends.push(() => rm(sockets, { recursive: true, force: true }))
    if (options.fresh === true) await emptyDemo(this.#config)
    const access = await this.#startDatabase(sockets)
    await refuseOtherKind(access.server, this.#config.demo)
    await buildPages(this.#say)
    const site = await this.#openSite()
    const first = await this.#startKeeper(site)
    if (await mustBeRestored(access.server, site.socket, this.#say)) {
      await first.stop()
      const restoring = await this.#startKeeper({ ...site, restoring: true })
      await restorePresent(ownerOf(access.owner, this.#config), site.socket, this.#say)
      await restoring.stop()
      await this.#startKeeper(site)
    }
    const { server, worker } = access
    await this.#startServer({
      ...{ server, worker, keeperSocket: site.socket },
      closedToCustomers: await this.#couldLog(access.server),
    })
    return { setupToken: await withDatabase(access.server, makeSetupToken) }
  }

  /** Starts database and keeper alone. Throws as `start` does; `stop` ends them. */
  async startClosed(options: { restoring: boolean }): Promise<Closed> {
    const { data, keeper } = this.#config
    this.#ends.push(await lockFolder(data, 'CUSTODE_DATA'))
    this.#ends.push(await lockFolder(keeper, 'CUSTODE_KEEPER'))
    const sockets = socketFolder(data)
    await makePrivateFolder(sockets)
    this.#ends.push(() => rm(sockets, { recursive: true, force: true }))
    const { owner, admin } = await this.#reachDatabase(sockets)
    const site = await this.#openSite()
    await this.#startKeeper({ ...site, ...options })
    return { owner, keeperSocket: site.socket, admin }
  }

  /** Ends all parts that were started, the last one first. Safe to call again. */
  stop(): Promise<void> {
    this.#stopped ??= (async () => {
      for (const end of this.#ends.reverse()) await end()
    })()
    return this.#stopped
  }

  /** The database, migrated where this installation may. */
  async #startDatabase(sockets: string): Promise<Reached> {
    const reached = await this.#reachDatabase(sockets)
    if (reached.owner === null) await requireMigrated(reached.server)
    else await withDatabase(reached.owner, owner => migrate(owner))
    return reached
  }

  async #reachDatabase(sockets: string): Promise<Reached> {
    const { databaseUrl, databaseWorkerUrl, data } = this.#config
    if (databaseUrl !== null)
      return { ...(await reachExternal(databaseUrl, databaseWorkerUrl, data)), admin: null }
    requireShort(join(sockets, '.s.PGSQL.5432'))
    const embedded = new Embedded(data, sockets, { say: this.#say, givenUp: this.#giveUp })
    this.#ends.push(() => embedded.stop())
    await embedded.start()
    return {
      ...{ server: embedded.as('custode_server'), worker: embedded.as('custode_worker') },
      ...{ owner: embedded.as('custode_owner'), admin: (name: string) => embedded.asSuperuser(name) },
    }
  }

  /** Whether the database could log values; says the lines to change. */
  async #couldLog(server: pg.PoolConfig): Promise<boolean> {
    const faults = await withDatabase(server, database => findLogFaults(database.pool))
    for (const line of faults) this.#say(`must change  ${line}`)
    if (faults.length > 0)
      this.#say('customers are not let in until this is changed and Custode started again')
    return faults.length > 0
  }

  /** The keeper's folders, and its custodians at work. */
  async #openSite(): Promise<KeeperSite> {
    const { site, end } = await openSite(this.#config, { isolation: this.#isolation, say: this.#say })
    this.#ends.push(end)
    return site
  }

  async #startKeeper(site: KeeperSite): Promise<Child> {
    const keeper = new Child({
      name: 'the keeper',
      spawn: () => spawnKeeper({ ...site, isolation: this.#isolation }),
      ready: keeperReady,
      say: this.#say,
      givenUp: this.#giveUp,
    })
    this.#ends.push(() => keeper.stop())
    await keeper.start()
    return keeper
  }

  async #startServer(
    access: Pick<ServerConfig, 'server' | 'worker' | 'keeperSocket' | 'closedToCustomers'>,
  ): Promise<void> {
    const { host, port, publicUrl, demo, cardNumbers, leadsPerDay, smtpUrl, mailFrom, witnesses } =
      this.#config
    const provider = await requireSecret(this.#config)
    const logFolder = join(this.#config.keeper, 'log')
    const server = new Child({
      name: 'the server',
      spawn: () =>
        spawnServer(
          {
            ...access,
            logFolder,
            host,
            port,
            publicUrl,
            demo,
            cardNumbers,
            leadsPerDay,
            smtpUrl,
            mailFrom,
            witnesses,
            provider,
          },
          this.#isolation,
        ),
      ready: serverReady,
      say: this.#say,
      givenUp: this.#giveUp,
    })
    this.#ends.push(() => server.stop())
    await server.start()
  }
}

interface Reached extends Pick<Closed, 'owner' | 'admin'> {
  server: pg.PoolConfig
  worker: pg.PoolConfig
}

/** Read here: the server reads no files but its program and the log. */
async function requireSecret({ provider }: Config): Promise<Provider | null> {
  if (provider === null) return null
  const whole = await withSecret(provider)
  if (whole === null) throw new ConfigError('CUSTODE_OIDC_SECRET_FILE cannot be read or is empty')
  return whole
}

async function requireMigrated(server: pg.PoolConfig): Promise<void> {
  if ((await withDatabase(server, database => dueMigrations(database))).length > 0)
    throw new DatabaseRefused('the database is not up to date: run custode migrate with DATABASE_OWNER_URL')
}

/** The demo never opens a real company, and nobody takes the demo for one. */
async function refuseOtherKind(server: pg.PoolConfig, demo: boolean): Promise<void> {
  const company = await withDatabase(server, database =>
    database.maybe<{ demo: boolean }>('select demo from organisation'),
  )
  if (company === null || company.demo === demo) return
  throw new ConfigError(
    demo
      ? 'this data folder holds a real company: the demo refuses to open it'
      : 'this data folder holds the demo: start it with --demo, or set CUSTODE_DATA to another folder',
  )
}

async function withDatabase<T>(access: pg.PoolConfig, act: (database: Database) => Promise<T>): Promise<T> {
  const database = new Database({ ...access, max: 3 })
  try {
    return await act(database)
  } finally {
    await database.end()
  }
}

function requireFreePort(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EACCES'
          ? 'is not open to this user: set PORT to 1024 or more'
          : 'is taken: end what uses it, or set PORT to another one'
      reject(new ConfigError(`port ${port} ${why}`))
    })
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve()))
  })
}

/** The kernel's limit for a socket's path. */
function requireShort(path: string): void {
  if (Buffer.byteLength(path) > 107)
    throw new ConfigError(`the path ${path} is too long for a socket: set TMPDIR to a shorter folder`)
}
