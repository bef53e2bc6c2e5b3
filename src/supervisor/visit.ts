import { join } from 'node:path'
import type pg from 'pg'
import { systemClock } from '../core/clock.ts'
import { type Config, ConfigError } from '../core/config.ts'
import { Database } from '../core/database.ts'
import { socketFolder } from '../core/embedded-database.ts'
import type { House } from '../core/house.ts'
import { SlotLease } from '../core/slot-lease.ts'
import { systemStopwatch } from '../core/stopwatch.ts'
import { KeeperClient } from '../keeper/client.ts'
import { runningAccess } from './embedded.ts'
import { reachExternal } from './external.ts'
import { ownerOf, withHouse } from './restored-database.ts'

/**
 * Lets a command work in the house that `custode start` keeps open: the same database in the server's role, the same
 * keeper. It can do what the server can and no more. Throws `ConfigError` in one line when nothing runs here, or when
 * the company is not open yet.
 */
export async function visit<T>(config: Config, work: (house: House) => Promise<T>): Promise<T> {
  const database = new Database({ ...(await access(config)), application_name: 'custode command', max: 8 })
  const keeper = await KeeperClient.connect(join(socketFolder(config.data), 'keeper', 'keeper.sock')).catch(
    () => null,
  )
  try {
    if (keeper === null) throw notRunning(config)
    const open = await database.maybe('select 1 from organisation').catch(() => undefined)
    if (open === undefined) throw notRunning(config)
    if (open === null)
      throw new ConfigError('the company is not open yet: finish its setup in the browser first')
    return await work({
      ...{ database, keeper, slots: new SlotLease(keeper) },
      ...{ clock: systemClock, stopwatch: systemStopwatch },
      // A command leaves letters to the server's own post.
      post: { send: async () => ({ sent: false, code: 'NO_POST', again: true }) },
      ...{ publicUrl: config.publicUrl, demo: config.demo },
    })
  } finally {
    await keeper?.close()
    await database.end()
  }
}

/**
 * As `visit`, in the role of the owner, who sees every row: for a backup. Null when nothing runs here. Throws
 * `DatabaseRefused` where the owner's access is not known.
 */
export async function visitAsOwner<T>(config: Config, work: (house: House) => Promise<T>): Promise<T | null> {
  const socket = join(socketFolder(config.data), 'keeper', 'keeper.sock')
  const keeper = await KeeperClient.connect(socket).catch(() => null)
  if (keeper === null) return null
  await keeper.close()
  const { databaseUrl, databaseWorkerUrl, data } = config
  const owner =
    databaseUrl === null
      ? await runningAccess(data, 'custode_owner')
      : ownerOf((await reachExternal(databaseUrl, databaseWorkerUrl, data)).owner, config)
  return withHouse(owner, socket, work)
}

async function access(config: Config): Promise<pg.PoolConfig> {
  const { databaseUrl, databaseWorkerUrl, data } = config
  if (databaseUrl === null) return runningAccess(data, 'custode_server')
  return (await reachExternal(databaseUrl, databaseWorkerUrl, data)).server
}

const notRunning = (config: Config): ConfigError =>
  new ConfigError(
    `Custode is not running on this data: start it with npm start${config.demo ? ' -- --demo' : ''} and run this again`,
  )
