import { createServer } from 'node:net'
import { runOnce } from 'graphile-worker'
import { SetClock } from '../src/core/clock.ts'
import type { House } from '../src/core/house.ts'
import type { App } from '../src/core/http.ts'
import { DevelopmentOutbox } from '../src/core/mail.ts'
import { SlotLease } from '../src/core/slot-lease.ts'
import { buildServer } from '../src/server.ts'
import { jobsOf, quietLogger } from '../src/worker.ts'
import { newDatabase, type TestDatabase } from './database.ts'
import { type KeeperProcess, type StartOptions, startKeeper } from './keeper.ts'
import { SetStopwatch } from './set-stopwatch.ts'

export type TestHouse = Awaited<ReturnType<typeof openHouse>>

/**
 * A whole house for a test: its own database (cloned), its own real keeper process, the real server in this process
 * and post that stays in memory. `work()` carries out every job that is due. The clock stands still until moved; the
 * keeper goes by the machine's clock, so a test moves the clock by little unless it means the server alone. Answers that
 * must not tell anything by their time wait by a stopwatch on which waiting takes none.
 */
export async function openHouse(
  options: {
    listen?: boolean
    /** The name it listens under: passkeys are made for a name, and never for a number. */
    host?: '127.0.0.1' | 'localhost'
    demo?: boolean
    beforeListening?: (app: App, house: House) => Promise<void>
    /** A database and a keeper that are there already: a house that was restored. */
    on?: { database: TestDatabase; keeper: KeeperProcess }
  } = {},
) {
  const [database, first] = await Promise.all([
    options.on?.database ?? newDatabase(),
    options.on?.keeper ?? startKeeper(),
  ])
  let keeper = first
  const clock = new SetClock(new Date())
  const post = new DevelopmentOutbox()
  const house: House = {
    database: database.server,
    keeper: keeper.client,
    clock,
    stopwatch: new SetStopwatch(),
    slots: new SlotLease(keeper.client),
    post,
    publicUrl:
      options.listen === true
        ? `http://${options.host ?? '127.0.0.1'}:${await freePort()}`
        : 'http://localhost:8080',
    demo: options.demo ?? false,
  }
  const app: App = await buildServer(house)
  if (options.listen === true) {
    await options.beforeListening?.(app, house)
    const { hostname, port } = new URL(house.publicUrl)
    await app.listen({ port: Number(port), host: hostname })
  }
  return {
    ...house,
    house,
    app,
    clock,
    post,
    /** As `custode_owner`, who sees everything that lies in the database. */
    owner: database.owner,
    databaseUrl: database.url,
    /** The one that runs now. */
    get keeperProcess() {
      return keeper
    },
    async work(): Promise<void> {
      await runOnce({
        pgPool: database.worker.pool,
        taskList: jobsOf(house),
        logger: quietLogger,
        noHandleSignals: true,
      })
    },
    /** Ends the keeper as a power cut would. */
    killKeeper: () => keeper.kill(),
    /** Starts a killed keeper again on its own folder and connects the house to it. */
    async reviveKeeper(): Promise<void> {
      await this.restartKeeper()
    },
    /** Ends the keeper if it lives, and starts it again on its own folder with these settings. */
    async restartKeeper(settings: StartOptions = {}): Promise<void> {
      keeper = await keeper.restart(settings)
      house.keeper = keeper.client
      house.slots = new SlotLease(keeper.client)
    },
    async close(): Promise<void> {
      await app.close()
      await keeper.stop()
      await database.drop()
    },
  }
}

/** A port nobody listens at: the server must know its own address before it listens, to tell its pages' writes. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  return port
}
