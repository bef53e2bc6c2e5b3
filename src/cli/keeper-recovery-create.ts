import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ConfigError, readConfig } from '../core/config.ts'
import { Refusal } from '../core/refusal.ts'
import { FailedStart } from '../supervisor/child.ts'
import { FolderRefused } from '../supervisor/folder-lock.ts'
import { makeRecovery } from '../supervisor/recovery.ts'
import type { Help } from './help.ts'

export const help = {
  command: 'custode keeper recovery create',
  operands: 'DIR',
  options: {
    shares: { type: 'string', value: 'N', default: '5', about: 'how many shares, 2 to 20' },
    threshold: { type: 'string', value: 'K', default: '3', about: 'how many of them are needed' },
    days: { type: 'string', value: 'DAYS', default: '30', about: 'for how long it is kept up, 1 to 365' },
  },
  examples: ['npx custode keeper recovery create ./shares --shares 5 --threshold 3 --days 30'],
  ends: '0 when every share was written and the log knows of it; 1 when not, and no share is left behind',
  more: [
    'Writes one file for each holder into a new folder: print each, give it away and destroy the file. Until its last day',
    'every keybook can be opened with enough shares, so what is erased meanwhile is beyond everybody’s reach only when the',
    'shares are destroyed: the destruction record says so. Make a new one before the last day. Custode must not be running.',
  ],
} as const satisfies Help

/** `custode keeper recovery create DIR`. */
export async function recoveryCreate(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, options: help.options, allowPositionals: true })
  const [folder] = positionals
  const numbers = [values.shares, values.threshold, values.days].map(Number)
  const [shares = 0, threshold = 0, days = 0] = numbers
  if (folder === undefined || positionals.length > 1 || !numbers.every(Number.isInteger)) {
    console.error('custode keeper recovery create: name one folder, and whole numbers; --help says more')
    return 2
  }
  try {
    if (days < 1 || days > 365) throw new ConfigError('--days must be 1 to 365')
    const plan = { shares, threshold, days, folder: resolve(folder) }
    const { files, expires } = await makeRecovery(readConfig(process.env), plan, line => console.error(line))
    for (const file of files) console.log(file)
    console.log(
      `any ${threshold} of these ${shares} open the keybook until ${expires}; destroy all of them then`,
    )
    return 0
  } catch (error) {
    if (error instanceof Refusal) console.error(error.why ?? error.code)
    else if ([ConfigError, FolderRefused, FailedStart].some(known => error instanceof known))
      console.error((error as Error).message)
    else throw error
    return 1
  }
}
