import { parseArgs } from 'node:util'
import { ConfigError, readConfig } from '../core/config.ts'
import { NoDatabase } from '../core/embedded-database.ts'
import { asRefusal } from '../core/http.ts'
import { FailedStart } from '../supervisor/child.ts'
import { DatabaseRefused } from '../supervisor/external.ts'
import { FolderRefused } from '../supervisor/folder-lock.ts'
import { inOwnedHouse } from '../supervisor/owned-house.ts'
import { requireOwnKeeper } from '../supervisor/restored-database.ts'
import {
  type Compared,
  compareProjection,
  type Difference,
  rebuildProjection,
} from '../use/log-rebuilding.ts'
import type { Help } from './help.ts'
import { progressBar } from './progress.ts'

export const help = {
  command: 'custode log project',
  options: {
    check: { type: 'boolean', default: false, about: 'compare only, and change nothing' },
    demo: { type: 'boolean', default: false, about: 'of the sample company' },
  },
  examples: ['npx custode log project --check', 'npx custode log project'],
  ends: '0 when the table holds what the log does; 1 when --check finds that it does not, or it could not be made',
  more: [
    'The database has a table of the log, from which the office counts: numbers, kinds, times and hashes, no body and no',
    'name. The server keeps it up to date by itself. This makes it anew from the log, and says how the old one was.',
    'It runs beside custode start, or alone while that is stopped. Others read the old table until the new one is whole.',
    'A table that differs was changed by somebody who can write to the database: find out who. The log itself is',
    'verified by custode log verify.',
  ],
} as const satisfies Help

const expected = [ConfigError, DatabaseRefused, NoDatabase, FailedStart, FolderRefused]

/**
 * `custode log project [--check]`: makes the table of entries anew from the log, or compares the two. Exit 0 when they
 * are the same at the end, 1 when they are not or it could not be done.
 */
export async function logProject(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options: help.options })
  const act = values.check ? compareProjection : rebuildProjection
  try {
    const config = readConfig(process.env, { demo: values.demo })
    const done = await inOwnedHouse(
      config,
      line => console.error(line),
      async house => {
        await requireOwnKeeper(house.database, house.keeper)
        return await act(house, progressBar())
      },
    )
    console.log(values.check ? compared(done) : rebuilt(done))
    return values.check && done.difference !== null ? 1 : 0
  } catch (error) {
    const refusal = asRefusal(error)
    if (refusal === null && !expected.some(known => error instanceof known)) throw error
    console.error(
      refusal === null ? (error as Error).message : `it stopped (${refusal.code}): nothing was changed`,
    )
    return 1
  }
}

const compared = ({ size, difference }: Compared): string =>
  difference === null
    ? `the table holds what the log does: ${size} entries`
    : `${sayDifference(difference)}: custode log project makes it anew (the log has ${size} entries)`

const rebuilt = ({ size, difference }: Compared): string =>
  difference === null
    ? `the table was made anew from ${size} entries; it was equal before`
    : `the table was made anew from ${size} entries; before: ${sayDifference(difference)}`

function sayDifference(difference: Difference): string {
  if ('index' in difference) return `the table differs from the log, first at entry ${difference.index}`
  return difference.what === 'absent' ? 'there is no table' : 'the table has other columns'
}
