import { parseArgs } from 'node:util'
import { ConfigError, readConfig } from '../core/config.ts'
import { NoDatabase } from '../core/embedded-database.ts'
import { asRefusal } from '../core/http.ts'
import { makeBackup } from '../storage/backup.ts'
import { BackupRefused } from '../storage/backup-manifest.ts'
import { FailedStart } from '../supervisor/child.ts'
import { DatabaseRefused } from '../supervisor/external.ts'
import { FolderRefused } from '../supervisor/folder-lock.ts'
import { inOwnedHouse } from '../supervisor/owned-house.ts'
import { type Help, usageOf } from './help.ts'
import { progressBar } from './progress.ts'

export const help = {
  command: 'custode backup',
  operands: 'DIR',
  options: {
    demo: { type: 'boolean', default: false, about: 'of the sample company' },
  },
  examples: ['npx custode backup /mnt/backups/2026-11-24'],
  ends: '0 when DIR holds a whole backup; 1 when it could not be made',
  more: [
    'It runs beside custode start, or alone while that is stopped. DIR must be new or empty.',
    'In it: every table of the database, as sealed as it is there. Not in it: the keeper’s keys and log, without which',
    'nothing of it opens and which must never be restored; the address index, which is built anew; waiting jobs.',
    'The backup is a medium with customers’ data on it: what is erased later stays unreadable in it, and yet it must',
    'be destroyed when it is no longer needed.',
  ],
} as const satisfies Help

const expected = [ConfigError, DatabaseRefused, BackupRefused, NoDatabase, FailedStart, FolderRefused]

/** `custode backup DIR`: writes a consistent backup, while everybody works on or while nothing runs. */
export async function backup(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: help.options })
  const [folder, ...others] = positionals
  if (folder === undefined || others.length > 0) {
    console.error(`usage: ${usageOf(help)}`)
    return 2
  }
  try {
    const config = readConfig(process.env, { demo: values.demo })
    const made = await inOwnedHouse(
      config,
      line => console.error(line),
      house => makeBackup(house, folder, progressBar()),
    )
    console.log(`${folder} holds ${made.rows} rows of ${made.tables} tables, ${made.bytes} bytes`)
    return 0
  } catch (error) {
    const refusal = asRefusal(error)
    if (refusal === null && !expected.some(known => error instanceof known)) throw error
    console.error(refusal === null ? (error as Error).message : `the backup stopped (${refusal.code})`)
    return 1
  }
}
