// The server process: the API, the pages and the jobs. The supervisor spawns it and hands it its configuration.
import { run } from 'graphile-worker'
import pino from 'pino'
import { systemClock } from '../core/clock.ts'
import { Database, isUnreachable } from '../core/database.ts'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { DevelopmentOutbox, smtpPost } from '../core/mail.ts'
import { SlotLease } from '../core/slot-lease.ts'
import { systemStopwatch } from '../core/stopwatch.ts'
import { resumeUndos } from '../disposal/import-undo-proposal.ts'
import { resumeErasures } from '../disposal/resumption.ts'
import { KeeperClient } from '../keeper/client.ts'
import { buildServer } from '../server.ts'
import { requireRebuilding } from '../use/address-index.ts'
import { enterCardModule } from '../use/card-module.ts'
import { watchProjection } from '../use/log-projection.ts'
import { requireSearchIndex } from '../use/search-index.ts'
import { watchWitnesses } from '../use/witnessing.ts'
import { jobsOf, quietLogger } from '../worker.ts'
import { seedDemo } from './demo.ts'
import { framesOf } from './frames.ts'
import { serveIntakePage } from './intake-page-routes.ts'
import { watchOutbox } from './outbox-watch.ts'
import { servePages } from './page-routes.ts'
import type { ServerConfig, ServerMessage } from './server-config.ts'

const everySoOften = 5000
const everyMinute = 60_000

const tell = (message: ServerMessage): void => {
  process.send?.(message)
}

async function serve(config: ServerConfig): Promise<void> {
  const log = pino({ level: 'warn', base: null })
  const database = new Database({ ...config.server, application_name: 'custode server' })
  const worker = new Database({ ...config.worker, application_name: 'custode worker', max: 4 })
  const keeper = await KeeperClient.connect(config.keeperSocket)
  const house: House = {
    database,
    keeper,
    clock: systemClock,
    stopwatch: systemStopwatch,
    slots: new SlotLease(keeper),
    post: config.smtpUrl === null ? new DevelopmentOutbox() : smtpPost(config.smtpUrl, config.mailFrom),
    publicUrl: config.publicUrl,
    demo: config.demo,
    closedToCustomers: config.closedToCustomers,
    cardNumbers: config.cardNumbers,
    leadsPerDay: config.leadsPerDay,
    logFolder: config.logFolder,
    witnesses: config.witnesses,
    provider: config.provider,
  }
  // Entries that cannot be taken now are a warning: they must not keep everybody from the company's door.
  const takeEntries = watchOutbox(house, log)
  await takeEntries()
  // An erasure that cannot go on now must not keep the others from the company's door: the next minute tries again.
  await enterCardModule(house).catch(() => {})
  const resume = () => resumeErasures(house).catch(() => log.error('erasures wait to be resumed'))
  await resume()
  await resumeUndos(house).catch(() => log.error('imports wait to be taken back'))
  const reindex = () => Promise.all([requireRebuilding(house), requireSearchIndex(house)]).catch(() => {})
  await reindex()
  if (config.demo) await seedDemo(house)
  const app = await buildServer(house, log)
  await servePages(app)
  await serveIntakePage(app, house)
  const runner = await run({
    pgPool: worker.pool,
    taskList: jobsOf(house),
    logger: quietLogger,
    noHandleSignals: true,
  })
  const draining = setInterval(() => void takeEntries(), everySoOften)
  const reindexing = setInterval(() => void reindex(), everySoOften)
  const resuming = setInterval(() => void resume(), everyMinute)
  const askWitnesses = watchWitnesses(house)
  const witnessing = setInterval(() => void askWitnesses(), everySoOften)
  const bringOver = watchProjection(house, log)
  const bringingOver = setInterval(() => void bringOver(), everySoOften)
  await listen(app, config)
  endOnce(async () => {
    clearInterval(draining)
    clearInterval(reindexing)
    clearInterval(resuming)
    clearInterval(witnessing)
    clearInterval(bringingOver)
    await app.close()
    await runner.stop()
    await keeper.close()
    await Promise.all([database.end(), worker.end()])
  })
  tell({ ready: true })
}

async function listen(app: App, config: ServerConfig): Promise<void> {
  try {
    await app.listen({ host: config.host, port: config.port })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    return end(`port ${config.port} is taken: end what uses it, or set PORT to another one`)
  }
}

/** Ends when asked to, and when the supervisor is gone; requests under way are answered first. */
function endOnce(close: () => Promise<void>): void {
  let closing = false
  const finish = () => {
    if (closing) return
    closing = true
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGTERM', finish)
  process.on('SIGINT', finish)
  process.on('disconnect', finish)
}

function end(why: string): never {
  tell({ failed: why })
  process.exit(1)
}

// Node would print the message, which may hold a value. The supervisor starts this process again.
process.on('uncaughtException', error => {
  // Jobs end with the connection they were taken over; everything else has been answered.
  if (isUnreachable(error)) return end('the database cannot be reached')
  console.error(
    ['the server ended at a bug of Custode: please report these lines', ...framesOf(error)].join('\n'),
  )
  process.exit(1)
})

process.once('message', message => {
  serve(message as ServerConfig).catch(error => {
    const unreachable = /^(ECONN|ENOENT|57P0|unavailable)/.test(String((error as { code?: unknown }).code))
    if (!unreachable) console.error(framesOf(error).join('\n'))
    end(
      unreachable
        ? 'the database or the keeper cannot be reached'
        : 'the server failed to start at a bug of Custode: please report the lines above',
    )
  })
})

if (process.send === undefined) {
  console.error('this is the server process of custode start, which hands it its configuration')
  process.exitCode = 2
}
