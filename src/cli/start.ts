import { parseArgs } from 'node:util'
import { ConfigError, readConfig } from '../core/config.ts'
import { NoDatabase } from '../core/embedded-database.ts'
import { MigrationError } from '../core/migrations.ts'
import { FailedStart } from '../supervisor/child.ts'
import { DatabaseRefused } from '../supervisor/external.ts'
import { FolderRefused } from '../supervisor/folder-lock.ts'
import { Installation } from '../supervisor/installation.ts'
import { PagesNotBuilt } from '../supervisor/page-build.ts'
import type { Help } from './help.ts'

export const help = {
  command: 'custode start',
  options: {
    demo: {
      type: 'boolean',
      default: false,
      about: 'a sample company with folders of its own, ./custode-demo, instead of a real one',
    },
    fresh: {
      type: 'boolean',
      default: false,
      about: 'with --demo: throw the sample company away first and make it anew; refuses what is none',
    },
  },
  examples: ['npm start', 'npm start -- --demo --fresh'],
  ends: '0 when it was ended by Ctrl-C or SIGTERM; 1 when it could not start or a part kept ending',
  more: ['Ports, folders, database and mail are set in the environment: custode config lists every setting.'],
} as const satisfies Help

const expected = [
  ConfigError,
  NoDatabase,
  MigrationError,
  FailedStart,
  DatabaseRefused,
  FolderRefused,
  PagesNotBuilt,
]

/** `custode start [--demo [--fresh]]`: starts everything and stays until Ctrl-C or SIGTERM. */
export async function start(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options: help.options })
  const asked = new Promise<void>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve)
  })
  let installation: Installation | undefined
  try {
    const config = readConfig(process.env, { demo: values.demo })
    if (values.fresh && !values.demo)
      throw new ConfigError('--fresh is for the demo alone: use --demo --fresh')
    installation = new Installation(config, line => console.log(line))
    const starting = installation.start({ fresh: values.fresh })
    const started = await Promise.race([starting, asked.then(() => null)])
    if (started === null) await starting.catch(() => {})
    else greet(config.publicUrl, started.setupToken, config.demo, config.smtpUrl === null)
    const lost = await Promise.race([asked.then(() => false), installation.givenUp.then(() => true)])
    if (lost) console.error('a part of the system keeps ending: see the lines above and custode doctor')
    else console.log('\nending…')
    return lost ? 1 : 0
  } catch (error) {
    if (!expected.some(known => error instanceof known)) throw error
    console.error((error as Error).message)
    return 1
  } finally {
    await installation?.stop()
  }
}

function greet(url: string, setupToken: string | null, demo: boolean, outbox: boolean): void {
  console.log(demo ? '\nCustode is running with a sample company.\n' : '\nCustode is running.\n')
  if (setupToken !== null) console.log(`  open your company  ${url}/office/setup#${setupToken}`)
  console.log(`  customers          ${url}/`)
  console.log(`  employees          ${url}/work`)
  console.log(`  officers           ${url}/office`)
  if (outbox && url.startsWith('http:')) console.log(`  outgoing mail      ${url}/outbox`)
  console.log('\nCtrl-C ends it.')
}
