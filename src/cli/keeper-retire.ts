import { parseArgs } from 'node:util'
import { ConfigError, readConfig } from '../core/config.ts'
import { FailedStart } from '../supervisor/child.ts'
import { FolderRefused } from '../supervisor/folder-lock.ts'
import { retireCustodian } from '../supervisor/recovery.ts'
import type { Help } from './help.ts'

export const help = {
  command: 'custode keeper retire',
  operands: 'CUSTODIAN',
  options: {
    statement: {
      type: 'string',
      value: 'NUMBER',
      about: 'number of the paper that says who destroyed its keys, how and when; one word, and no name',
    },
  },
  examples: ['npx custode keeper retire vault-transit --statement protocol-2027-14'],
  ends: '0 when the log holds the statement; 1 when not, for one when no such custodian was left out with a key',
  more: [
    'For a custodian that is in CUSTODE_CUSTODIANS no more, or was replaced, and never asked to destroy its key: with an old',
    'copy of the keybook it opens what was erased since, so t2 stays open. If it can still be reached, configure it again',
    'instead. If not, destroy what held its keys by hand and state so here. Nobody can check it: every destruction and',
    'receipt from then on names it as stated. Custode must not be running.',
  ],
} as const satisfies Help

/** `custode keeper retire CUSTODIAN --statement NUMBER`. */
export async function keeperRetire(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, options: help.options, allowPositionals: true })
  const [custodian] = positionals
  const { statement } = values
  if (custodian === undefined || positionals.length > 1 || !/^[!-?A-~]{1,200}$/.test(statement ?? '')) {
    console.error(
      'custode keeper retire: name one custodian, and with --statement the number of the paper, one word without @; --help says more',
    )
    return 2
  }
  try {
    await retireCustodian(readConfig(process.env), { id: custodian, statement: statement! }, line =>
      console.error(line),
    )
    console.log(
      `the log says that the keys of ${custodian} were destroyed by hand, as stated in ${statement}`,
    )
    return 0
  } catch (error) {
    if (![ConfigError, FolderRefused, FailedStart].some(known => error instanceof known)) throw error
    console.error((error as Error).message)
    return 1
  }
}
