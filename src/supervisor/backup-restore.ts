import type { Config } from '../core/config.ts'
import { noteOnly } from '../core/outbox.ts'
import { knowsBackup, type Restoration, restore } from '../disposal/restoration.ts'
import { loadBackup } from '../storage/backup-loading.ts'
import { type BackupManifest, BackupRefused, readBackup } from '../storage/backup-manifest.ts'
import { type Closed, Installation } from './installation.ts'
import { discard, keptDatabases, makeQuarantine, openYard, putInUse, type Yard } from './quarantine.ts'
import { ownerOf, withHouse } from './restored-database.ts'

export interface RestoredBackup extends Restoration {
  backupAt: string
  /** The name of the database that was in use before, unless it was dropped. */
  kept: string | null
}

/**
 * Brings a backup back: into a database that nobody can enter, up to the present schema, up to what the log says, and
 * only then into the place of the one in use, which is kept under another name or dropped. Whatever step a crash ends,
 * the one or the other is in use and whole, and running it again begins anew. Refuses, in one line, a backup that is
 * damaged, of another company, or not known to the log; and while the installation runs.
 */
export async function restoreBackup(
  config: Config,
  folder: string,
  how: { discard: boolean; say(line: string): void; step(what: string): void },
): Promise<RestoredBackup> {
  how.step('checking every byte of the backup')
  const { manifest, hash } = await readBackup(folder)
  return inYard(config, how.say, async (yard, closed) => {
    await requireOurs(yard, closed, manifest, hash)
    how.step('making a database beside the one in use')
    const waiting = await makeQuarantine(yard)
    const restored = await withHouse(yard.owner(waiting), closed.keeperSocket, async house => {
      how.step('loading the backup')
      await loadBackup(house.database, folder, manifest)
      how.step('replaying the log')
      const backupAt = new Date(manifest.made_at)
      return restore(house, { backupAt, progress: what => how.step(`replaying the log: ${what}`) })
    })
    how.step('putting it in use')
    const kept = await putInUse(yard, new Date())
    how.step('noting it in the log')
    await withHouse(yard.owner(yard.name), closed.keeperSocket, house =>
      noteOnly(house, null, { kind: 'restore', act: restored.id, actor: 'system', result: 'in-use' }),
    )
    if (how.discard) {
      how.step('dropping the old database')
      await discard(yard, kept)
    }
    return { ...restored, backupAt: manifest.made_at, kept: how.discard ? null : kept }
  })
}

/** Drops every database that restores have kept, and answers with their names. Refuses while the installation runs. */
export const discardKept = (config: Config, say: (line: string) => void): Promise<string[]> =>
  inYard(config, say, async yard => {
    const kept = await keptDatabases(yard)
    for (const name of kept) await discard(yard, name)
    return kept
  })

async function inYard<T>(
  config: Config,
  say: (line: string) => void,
  work: (yard: Yard, closed: Closed) => Promise<T>,
): Promise<T> {
  const installation = new Installation(config, say)
  try {
    const closed = await installation.startClosed({ restoring: true })
    const yard = await openYard(config, closed, ownerOf(closed.owner, config))
    try {
      return await work(yard, closed)
    } finally {
      await yard.admin.end()
    }
  } finally {
    await installation.stop()
  }
}

async function requireOurs(
  yard: Yard,
  closed: Closed,
  manifest: BackupManifest,
  hash: string,
): Promise<void> {
  await withHouse(yard.owner(yard.name), closed.keeperSocket, async ({ keeper }) => {
    if ((await keeper.status()).organisation !== manifest.organisation)
      throw new BackupRefused('the backup is of another company: this keeper opens nothing of it')
    if (!(await knowsBackup(keeper, hash)))
      throw new BackupRefused(
        'the log knows no such backup: it was not made here, or somebody has changed it',
      )
  })
}
