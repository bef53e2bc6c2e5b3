import { readdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ConfigError, readConfig } from '../core/config.ts'
import { verifyKeeper } from '../keeper/checkpoint.ts'
import type { Help } from './help.ts'

export const help = {
  command: 'custode log verify',
  options: {
    keeper: { type: 'string', value: 'DIR', about: 'the keeper’s folder, where it is not CUSTODE_KEEPER' },
    key: {
      type: 'string',
      value: 'VKEY',
      about: 'the log’s key, known from elsewhere; without it the one in the folder is believed',
    },
    demo: { type: 'boolean', default: false, about: 'the log of the sample company' },
  },
  examples: ['npx custode log verify', 'npx custode log verify --keeper /mnt/copy/custode-keeper'],
  ends: '0 when every byte is as it was written; 1 when one is not, and the line names the entry',
  more: ['It may run while Custode does. A folder without a log, or one that cannot be read, ends with 2.'],
} as const satisfies Help

/**
 * `custode log verify`: checks every byte of the log, also while the keeper runs. Exit 0 when it is as it was
 * written, 1 when it is not (the line names the entry), 2 when there is no log or the command cannot be understood.
 */
export async function logVerify(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options: help.options })
  const folder = findFolder(values)
  const nothing = folder === null ? null : await whyNothing(folder)
  if (nothing !== null) console.error(nothing)
  if (folder === null || nothing !== null) return 2
  const verdict = await verifyKeeper(folder, values.key === undefined ? {} : { vkey: values.key })
  if (!verdict.ok) {
    console.error(`log damaged at entry ${verdict.entry}: ${verdict.what}`)
    return 1
  }
  console.log(`log verified: ${verdict.size} entries, root ${verdict.root}`)
  if (verdict.torn > 0) console.log(`the last ${verdict.torn} bytes are a batch that is not acknowledged yet`)
  if (!verdict.known)
    console.log('no checkpoint is kept elsewhere: that an end was cut off could not be seen')
  return 0
}

/** Null when the settings cannot be used, which it has said. */
function findFolder(asked: { keeper?: string; demo: boolean }): string | null {
  try {
    return resolve(asked.keeper ?? readConfig(process.env, { demo: asked.demo }).keeper)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    return null
  }
}

/** Whatever a keeper makes in its folder: where one of these is and the log is not, the log was taken away. */
const ofKeeper = ['log', 'book', 'custodian']

/** Why there is nothing to verify, in one line; null when a keeper has been at work here. */
async function whyNothing(folder: string): Promise<string | null> {
  try {
    const names = await readdir(folder)
    if (names.some(name => ofKeeper.includes(name))) return null
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code)
    if (!['ENOENT', 'ENOTDIR'].includes(code)) return `the log at ${folder} cannot be read (${code})`
  }
  return `there is no log at ${folder}: --keeper names the keeper’s folder`
}
