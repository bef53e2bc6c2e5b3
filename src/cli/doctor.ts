import { parseArgs } from 'node:util'
import { type Config, ConfigError, readConfig } from '../core/config.ts'
import { custodiansLeftOut, custodianWeaknesses, deviceOf } from '../supervisor/custodian-weaknesses.ts'
import { connectTo, DatabaseRefused } from '../supervisor/external.ts'
import { findIsolation, weaknesses } from '../supervisor/isolation.ts'
import { findLogFaults } from '../supervisor/log-settings.ts'
import type { Help } from './help.ts'

export const help = {
  command: 'custode doctor',
  options: {},
  examples: ['npx custode doctor'],
  ends: '0 when nothing must be changed; 1 when something must, or the settings or the database cannot be used',
  more: ['It looks only and changes nothing; the settings are those of custode start.'],
} as const satisfies Help

/**
 * `custode doctor`: says in plain lines what weakens this installation, and ends with 1 when something must be changed
 * before customers come. Looks only; changes nothing.
 */
export async function doctor(argv: string[]): Promise<number> {
  parseArgs({ args: argv, options: help.options })
  try {
    const config = readConfig(process.env)
    const { mustChange, beAware } = await custodianWeaknesses(config)
    const warnings = [
      ...[...weaknesses(findIsolation()), ...(await disks(config))],
      ...[...unwitnessed(config), ...beAware],
    ]
    const faults = [
      ...mustChange,
      ...(await custodiansLeftOut(config)),
      ...(config.databaseUrl === null ? [] : await logFaults(config.databaseUrl)),
    ]
    for (const line of faults) console.log(`must change  ${line}`)
    for (const line of warnings) console.log(`be aware     ${line}`)
    if (faults.length + warnings.length === 0) console.log('nothing found')
    return faults.length === 0 ? 0 : 1
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof DatabaseRefused)) throw error
    console.error(error.message)
    return 1
  }
}

async function disks({ data, keeper, places, databaseUrl }: Config): Promise<string[]> {
  const lines: string[] = []
  if (places.length === 0)
    lines.push(
      'the keeper has a single place: one disk failure loses every key, and with it everything; name another disk in CUSTODE_PLACES',
    )
  for (const place of places)
    if ((await deviceOf(place)) === (await deviceOf(keeper)))
      lines.push(
        `the place ${place} lies on the same filesystem as CUSTODE_KEEPER: one disk failure loses both`,
      )
  if (databaseUrl === null && (await deviceOf(data)) === (await deviceOf(keeper)))
    lines.push(
      'CUSTODE_KEEPER lies on the same filesystem as CUSTODE_DATA: a copy of that disk holds boxes and keys together',
    )
  return lines
}

function unwitnessed({ witnesses }: Config): string[] {
  const here = witnesses.filter(({ url }) => /^https?:\/\/(localhost|127\.|\[::1\])/.test(url))
  if (witnesses.length > 0)
    return here.map(
      ({ url }) =>
        `the witness at ${url} is on this machine: it proves nothing against whoever holds this machine`,
    )
  return [
    'nobody elsewhere signs the log: a second history under its own key, or an old copy of everything put back, is not noticed; have somebody run custode witness and name it in CUSTODE_WITNESSES',
  ]
}

/** Settings of PostgreSQL under which it could write a value into its own log, each with the line to change. */
async function logFaults(url: string): Promise<string[]> {
  const client = await connectTo(url)
  try {
    return await findLogFaults(client)
  } finally {
    await client.end()
  }
}
