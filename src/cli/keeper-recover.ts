import { parseArgs } from 'node:util'
import { ConfigError, readConfig } from '../core/config.ts'
import { Refusal } from '../core/refusal.ts'
import { FailedStart } from '../supervisor/child.ts'
import { FolderRefused } from '../supervisor/folder-lock.ts'
import { readShare, recoverFrom } from '../supervisor/recovery.ts'
import type { Help } from './help.ts'

export const help = {
  command: 'custode keeper recover',
  operands: 'PLACE [SHARE…]',
  options: {},
  examples: ['npx custode keeper recover /mnt/second/custode'],
  ends: '0 when the keeper’s folder is whole again; 1 when it is not, and nothing was left in it',
  more: [
    'For when the disk of CUSTODE_KEEPER was lost: takes keybook and log from one of CUSTODE_PLACES. The custodians are',
    'asked as always, so the keys of epochs must still be there; if they were lost too, name the files of enough shares of',
    'a recovery as well.',
    'A place that does not hold all that a custodian or another place knows of is refused. Custode must not be running.',
  ],
} as const satisfies Help

/** `custode keeper recover PLACE [SHARE…]`. */
export async function keeperRecover(argv: string[]): Promise<number> {
  const { positionals } = parseArgs({ args: argv, options: help.options, allowPositionals: true })
  const [place, ...files] = positionals
  if (place === undefined) {
    console.error('custode keeper recover: name a place; --help says more')
    return 2
  }
  try {
    const shares: string[] = []
    for (const file of files) shares.push(await readShare(file))
    await recoverFrom(readConfig(process.env), place, shares, line => console.error(line))
    console.log('the keeper’s folder is whole again: start Custode as always')
    return 0
  } catch (error) {
    if (error instanceof Refusal) console.error(error.why ?? error.code)
    else if ([ConfigError, FolderRefused, FailedStart].some(known => error instanceof known))
      console.error((error as Error).message)
    else throw error
    return 1
  }
}
