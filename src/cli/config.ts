import { parseArgs } from 'node:util'
import { ConfigError, describeConfig, readConfig } from '../core/config.ts'

/** `custode config`: every setting, its value and what it is for. Never a password. */
export async function config(argv: string[]): Promise<number> {
  parseArgs({ args: argv, options: {} })
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
