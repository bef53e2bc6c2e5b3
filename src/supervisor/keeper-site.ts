import { join } from 'node:path'
import type { Config } from '../core/config.ts'
import { ConfigError } from '../core/config.ts'
import { makePrivateFolder, socketFolder } from '../core/embedded-database.ts'
import type { KeeperSite } from '../keeper/client.ts'
import { FailedStart } from './child.ts'
import { startCustodians } from './custodian-process.ts'
import type { Isolation } from './isolation.ts'
import { makeKeeperFolders, spawnKeeper } from './keeper-process.ts'
import { findWitnessed } from './witnessed.ts'

export interface OpenSite {
  site: KeeperSite
  /** Ends the custodians; the keeper ends before. */
  end(): Promise<void>
}

/**
 * Makes ready what a keeper of these settings needs: its folders and its custodians' processes. Throws `ConfigError` in
 * one line for folders that cannot be used.
 */
export async function openSite(
  config: Config,
  around: { isolation: Isolation; say(line: string): void },
): Promise<OpenSite> {
  const sockets = socketFolder(config.data)
  await makePrivateFolder(sockets)
  const { isolation, say } = around
  const custodians = await startCustodians(config.custodians, {
    ...{ sockets, keeper: config.keeper, isolation, environment: process.env, say },
  })
  const socket = join(sockets, 'keeper', 'keeper.sock')
  const { keeper: folder, places } = config
  try {
    if (Buffer.byteLength(socket) > 107)
      throw new ConfigError(`the path ${socket} is too long for a socket: set TMPDIR to a shorter folder`)
    const site = {
      ...{ folder, socket, places, readings: config.readingsPerHour },
      ...{ ownReadings: config.ownReadingsPerHour, fingerprints: config.fingerprintsPerHour },
      cardNumbers: config.cardNumbers,
      ...{ custodians: custodians.words, tokens: custodians.tokens },
      witnessed: await findWitnessed(config, say),
    }
    await makeKeeperFolders(site)
    return { site, end: custodians.end }
  } catch (error) {
    await custodians.end()
    throw error
  }
}

/**
 * Runs the keeper for one act that it does before anybody can ask it anything, and waits for its end. What it has to say
 * goes to the error stream. Throws `FailedStart` when it refuses.
 */
export async function runKeeper(
  site: KeeperSite,
  isolation: Isolation,
  act: { args: string[]; stdin?: string },
): Promise<void> {
  const child = spawnKeeper({ ...site, isolation }, act)
  const code = await new Promise<number | null>(resolve => {
    child.once('error', () => resolve(null))
    child.once('exit', resolve)
  })
  if (code !== 0) throw new FailedStart('the keeper refused; the line above says why')
}
