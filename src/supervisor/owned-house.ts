import type { Config } from '../core/config.ts'
import type { House } from '../core/house.ts'
import { Installation } from './installation.ts'
import { ownerOf, withHouse } from './restored-database.ts'
import { visitAsOwner } from './visit.ts'

/**
 * Lets a command work as the owner of the database: in the house that is running, or, where none is, in one that is
 * started for it, with database and keeper and without a server. Throws `ConfigError`, `NoDatabase`, `FailedStart`,
 * `FolderRefused` or `DatabaseRefused`, each in one line.
 */
export async function inOwnedHouse<T>(
  config: Config,
  say: (line: string) => void,
  work: (house: House) => Promise<T>,
): Promise<T> {
  const visited = await visitAsOwner(config, async house => ({ done: await work(house) }))
  if (visited !== null) return visited.done
  const installation = new Installation(config, say)
  try {
    const closed = await installation.startClosed({ restoring: false })
    return await withHouse(ownerOf(closed.owner, config), closed.keeperSocket, work)
  } finally {
    await installation.stop()
  }
}
