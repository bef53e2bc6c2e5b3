import { parseArgs } from 'node:util'
import { ConfigError, readConfig } from '../core/config.ts'
import { Refusal } from '../core/refusal.ts'
import { FailedStart } from '../supervisor/child.ts'
import { FolderRefused } from '../supervisor/folder-lock.ts'
import { readShare, restoreRecovery } from '../supervisor/recovery.ts'
import type { Help } from './help.ts'

export const help = {
  command: 'custode keeper recovery restore',
  operands: 'SHARE…',
  options: {},
  examples: ['npx custode keeper recovery restore share-1-of-5.txt share-3-of-5.txt share-4-of-5.txt'],
  ends: '0 when the custodians can open the keybook again; 1 when not, and nothing was changed',
  more: [
    'For when every custodian was lost: joins the shares in these files and gives the keybook’s key to the custodians of',
    'CUSTODE_CUSTODIANS. Keybook and log must be there; if they are not, see custode keeper recover. Custode must not be',
    'running. Destroy the files afterwards and make a new recovery.',
  ],
} as const satisfies Help

/** `custode keeper recovery restore SHARE…`. */
export async function recoveryRestore(argv: string[]): Promise<number> {
  const { positionals } = parseArgs({ args: argv, options: help.options, allowPositionals: true })
  if (positionals.length < 2) {
    console.error('custode keeper recovery restore: name the files of the shares; --help says more')
    return 2
  }
  try {
    const shares: string[] = []
    for (const file of positionals) shares.push(await readShare(file))
    await restoreRecovery(readConfig(process.env), shares, line => console.error(line))
    console.log('the custodians open the keybook again: start Custode as always, and make a new recovery')
    return 0
  } catch (error) {
    if (error instanceof Refusal) console.error(error.why ?? error.code)
    else if ([ConfigError, FolderRefused, FailedStart].some(known => error instanceof known))
      console.error((error as Error).message)
    else throw error
    return 1
  }
}
