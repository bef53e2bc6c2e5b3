import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '../src/core/database.ts'
import type { House } from '../src/core/house.ts'
import { type Restoration, restore } from '../src/disposal/restoration.ts'
import { makeBackup } from '../src/storage/backup.ts'
import { loadBackup } from '../src/storage/backup-loading.ts'
import { readBackup } from '../src/storage/backup-manifest.ts'
import { newDatabase, type TestDatabase } from './database.ts'
import { openHouse, type TestHouse } from './house.ts'
import type { KeeperProcess } from './keeper.ts'

/** The same house for whoever owns the database. */
const ownedBy = (owner: Database, house: House): House => ({ ...house, database: owner })

/** A backup of a house as it is now, in a folder that the caller removes. */
export async function backUp(test: TestHouse): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), 'custode-backup-')), 'backup')
  await makeBackup(ownedBy(test.owner, test.house), folder)
  return folder
}

export const removeBackup = (folder: string): Promise<void> => rm(join(folder, '..'), { recursive: true })

/** A database that holds a backup and nothing of what came after it. */
export async function loadInto(folder: string): Promise<TestDatabase> {
  const database = await newDatabase()
  const { manifest } = await readBackup(folder)
  await loadBackup(database.owner, folder, manifest)
  return database
}

/** Replays the log into a database, by a keeper that was started for restoring; it has ended when this resolves. */
export async function replayInto(
  database: TestDatabase,
  keeper: KeeperProcess,
  house: House,
): Promise<{ restored: Restoration; keeper: KeeperProcess }> {
  const restoring = await keeper.restart({ restoring: true })
  const restored = await restore(
    { ...ownedBy(database.owner, house), keeper: restoring.client },
    { backupAt: null },
  )
  return { restored, keeper: await restoring.restart() }
}

/** The house of before on another, restored database. */
export async function reopen(
  folder: string,
  before: TestHouse,
): Promise<{ house: TestHouse; restored: Restoration }> {
  const database = await loadInto(folder)
  const { restored, keeper } = await replayInto(database, before.keeperProcess, before.house)
  return { restored, house: await openHouse({ on: { database, keeper } }) }
}
