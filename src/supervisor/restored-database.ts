import type pg from 'pg'
import { systemClock } from '../core/clock.ts'
import type { Config } from '../core/config.ts'
import { Database } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { SlotLease } from '../core/slot-lease.ts'
import { systemStopwatch } from '../core/stopwatch.ts'
import { findOlder, type Older } from '../disposal/database-age.ts'
import { type Restoration, restore } from '../disposal/restoration.ts'
import { KeeperClient } from '../keeper/client.ts'
import { DatabaseRefused } from './external.ts'

const why: Record<Exclude<Older, 'empty'>, string> = {
  unknown_trail: 'the log knows people that it does not',
  fewer_changes: 'the log holds changes that it does not know',
  erased_slot: 'it holds what was erased',
  two_histories: 'it went on from an older day beside the log',
}

/**
 * Whether somebody has put an older database back by himself: then it must be brought up to the log before anybody is
 * let in, which it says in one line. Throws `DatabaseRefused` for an empty database beside a log that is none, and for
 * one that belongs to another keeper.
 */
export async function mustBeRestored(
  server: pg.PoolConfig,
  keeperSocket: string,
  say: (line: string) => void,
): Promise<boolean> {
  const older = await withHouse(server, keeperSocket, async ({ database, keeper }) => {
    await requireOwnKeeper(database, keeper)
    return findOlder(database, keeper)
  })
  if (older === 'empty')
    throw new DatabaseRefused(
      'the database is empty and the log is not: bring a backup back with custode restore DIR, or, to begin a new company, set CUSTODE_KEEPER to a new folder',
    )
  if (older !== null)
    say(
      `the database is older than the log (${why[older]}): bringing it up to the log before anybody is let in`,
    )
  return older !== null
}

/** A database of another organisation would be taken for a very old one of this. */
export async function requireOwnKeeper(database: Database, keeper: KeeperClient): Promise<void> {
  const { organisation } = await keeper.status()
  const company = await database.maybe<{ id: string }>('select id from organisation')
  if (company !== null && company.id !== organisation)
    throw new DatabaseRefused(
      'the database belongs to another keeper: set CUSTODE_KEEPER to the folder of its own, which alone opens it',
    )
}

/** The owner's access to an external database may be known from DATABASE_OWNER_URL alone. Throws `DatabaseRefused`. */
export function ownerOf(owner: pg.PoolConfig | null, config: Config): pg.PoolConfig {
  if (owner !== null) return owner
  if (config.databaseOwnerUrl !== null) return { connectionString: config.databaseOwnerUrl }
  throw new DatabaseRefused('set DATABASE_OWNER_URL: what is to be done takes the owner of the database')
}

/** Brings the database that is in use up to the log. A crash leaves it as old as it was. */
export async function restorePresent(
  owner: pg.PoolConfig,
  keeperSocket: string,
  say: (line: string) => void,
): Promise<Restoration> {
  const restored = await withHouse(owner, keeperSocket, house => restore(house, { backupAt: null }))
  tellRestoration(restored, say)
  return restored
}

/** What was done and what is lost, in plain lines. */
export function tellRestoration({ counts }: Restoration, say: (line: string) => void): void {
  const { lost } = counts
  say(
    `done again: ${counts.erasures} erasures, ${counts.withdrawals} consents taken back, ${counts.closures} tasks closed, ${counts.departures} departures`,
  )
  say(
    `ended: ${counts.sessions} sessions, ${counts.grants} grants, ${counts.passkeys} passkeys; everybody must sign in anew`,
  )
  if (counts.replaced > 0)
    say(`lost: ${counts.replaced} values that were newer than the backup, and must be asked for again`)
  say(
    `lost: ${lost.people} people who came later, ${lost.consents} consents, ${lost.questions} questions, ${lost.purchases} invoices; ${lost.imports} imports to run again`,
  )
  if (counts.invite.length > 0) say(`to be invited again: ${counts.invite.join(', ')}`)
  const unclear = Object.entries(counts.unclear)
  if (unclear.length > 0)
    say(`for an officer to look at: ${unclear.map(([kind, count]) => `${count} ${kind}`).join(', ')}`)
}

/** Works in a house without a server, in one role. */
export async function withHouse<T>(
  access: pg.PoolConfig,
  keeperSocket: string,
  work: (house: House) => Promise<T>,
): Promise<T> {
  const database = new Database({ ...access, application_name: 'custode command', max: 3 })
  const keeper = await KeeperClient.connect(keeperSocket)
  try {
    return await work({
      ...{ database, keeper, slots: new SlotLease(keeper) },
      ...{ clock: systemClock, stopwatch: systemStopwatch },
      post: { send: async () => ({ sent: false, code: 'NO_POST', again: true }) },
      ...{ publicUrl: '', demo: false },
    })
  } finally {
    await keeper.close()
    await database.end()
  }
}
