import { parseArgs } from 'node:util'
import { ConfigError, readConfig } from '../core/config.ts'
import { NoDatabase } from '../core/embedded-database.ts'
import { asRefusal } from '../core/http.ts'
import { MigrationError } from '../core/migrations.ts'
import { BackupRefused } from '../storage/backup-manifest.ts'
import { discardKept, restoreBackup } from '../supervisor/backup-restore.ts'
import { FailedStart } from '../supervisor/child.ts'
import { DatabaseRefused } from '../supervisor/external.ts'
import { FolderRefused } from '../supervisor/folder-lock.ts'
import { tellRestoration } from '../supervisor/restored-database.ts'
import { type Help, usageOf } from './help.ts'

export const help = {
  command: 'custode restore',
  operands: '[DIR]',
  options: {
    discard: {
      type: 'boolean',
      default: false,
      about: 'drop the database of before; without DIR, drop what earlier restores have kept',
    },
    demo: { type: 'boolean', default: false, about: 'into the sample company' },
  },
  examples: ['npx custode restore /mnt/backups/2026-11-24', 'npx custode restore --discard'],
  ends: '0 when the backup is in use; 1 when it could not be brought back and everything is as it was',
  more: [
    'Custode must not run meanwhile. The backup is loaded beside the database in use, brought up to what the log says',
    '(erasures, consents taken back, closed tasks, departures), and only then put in its place. Nobody stays signed in.',
    'Lost is what came after the backup; what was corrected since must be asked for again.',
    'The database of before is kept as custode_before_restore_…: it is a medium with customers’ data, to be destroyed',
    'with --discard once it is no longer needed. The keeper’s folder is never restored.',
    'A database that was put back by other means (pg_basebackup, a snapshot) needs none of this: custode start finds',
    'that it is older than the log and brings it up to it before anybody is let in.',
  ],
} as const satisfies Help

const expected = [
  ...[ConfigError, DatabaseRefused, BackupRefused, NoDatabase, FailedStart, FolderRefused, MigrationError],
]

/** `custode restore DIR [--discard]`: brings a backup back, up to what the log says. */
export async function restoreCommand(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: help.options })
  const [folder, ...others] = positionals
  if (others.length > 0 || (folder === undefined && !values.discard)) {
    console.error(`usage: ${usageOf(help)}`)
    return 2
  }
  const say = (line: string) => console.log(line)
  try {
    const config = readConfig(process.env, { demo: values.demo })
    if (folder === undefined) {
      for (const name of await discardKept(config, say)) say(`dropped ${name}`)
      return 0
    }
    const step = (what: string) => console.error(`${what} …`)
    const restored = await restoreBackup(config, folder, { discard: values.discard, say, step })
    say(`the backup of ${restored.backupAt} is in use`)
    tellRestoration(restored, say)
    if (restored.kept !== null)
      say(
        `kept: the database of before, as ${restored.kept}. It is a medium with customers’ data: custode restore --discard drops it`,
      )
    return 0
  } catch (error) {
    const refusal = asRefusal(error)
    if (refusal === null && !expected.some(known => error instanceof known)) throw error
    console.error(refusal === null ? (error as Error).message : `the restore stopped (${refusal.code})`)
    return 1
  }
}
