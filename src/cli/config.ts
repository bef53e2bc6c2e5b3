import { parseArgs } from 'node:util'
import { ConfigError, describeConfig, readConfig } from '../core/config.ts'
import type { Help } from './help.ts'

export const help = {
  command: 'custode config',
  options: {},
  examples: ['PORT=9000 npx custode config'],
  ends: '0 when every setting can be used; 1 when one cannot, which it names',
  more: ['Settings come from the environment alone. A password is never shown.'],
} as const satisfies Help

/** `custode config`: every setting, its value and what it is for. Never a password. */
export async function config(argv: string[]): Promise<number> {
  parseArgs({ args: argv, options: help.options })
  for (const { name, value, set, about } of describeConfig(process.env)) {
    console.log(`${name}=${value}${set ? '' : '   (not set)'}`)
    console.log(`    ${about}`)
  }
  try {
    readConfig(process.env)
    return 0
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    return 1
  }
}
