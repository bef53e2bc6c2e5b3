import { existsSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, ConfigError } from '../core/config.ts'
import { Database } from '../core/database.ts'
import { socketFolder } from '../core/embedded-database.ts'
import { parseVkey, verifyLog } from '../keeper/checkpoint.ts'
import { Embedded } from './embedded.ts'
import { holderFile } from './folder-lock.ts'

/** What a demo leaves in its two folders. */
const ownNames = {
  data: ['db', 'db.tmp', 'postgres.log', 'database.pgpass', 'database.pgpass.tmp'],
  keeper: ['book', 'log', 'custodian', 'lock'],
} as const

/**
 * Empties the folders of the demo, so that it is made anew; the caller holds their locks and has made the folder of their
 * sockets. Throws `ConfigError` in one line, and has then removed nothing, unless all that lies there is a demo's: its
 * database says so, the keys are those of the same company, and nothing lies beside them.
 */
export async function emptyDemo(config: Config): Promise<void> {
  if (!config.demo) throw new ConfigError('--fresh is for the demo alone: use --demo --fresh')
  const { data, keeper } = config
  const held = [...(await requireOwn(data, ownNames.data)), ...(await requireOwn(keeper, ownNames.keeper))]
  const company = existsSync(join(data, 'db')) ? await findCompany(data) : null
  if (company?.demo === false) throw refusal(`${data} holds a real company`, 'move it elsewhere first')
  if (!(await areKeysOf(company, keeper)))
    throw refusal(`${keeper} holds keys that are not of this demo`, 'move them elsewhere first')
  for (const path of held) await rm(path, { recursive: true })
}

const refusal = (what: string, next: string, cause?: unknown): ConfigError =>
  new ConfigError(`${what}, and --fresh throws nothing away but a demo: ${next}`, { cause })

/** The paths of what lies in a folder, apart from its holder's. */
async function requireOwn(folder: string, own: readonly string[]): Promise<string[]> {
  const names = (await readdir(folder)).filter(name => name !== holderFile)
  const other = names.find(name => !own.includes(name))
  if (other !== undefined)
    throw refusal(`${join(folder, other)} is not the demo’s`, 'move it elsewhere first')
  return names.map(name => join(folder, name))
}

interface Company {
  id: string
  demo: boolean
}

/** Starts the database as it lies there, and asks it: null where no company was opened yet. */
async function findCompany(data: string): Promise<Company | null> {
  const quiet = { say: () => {}, givenUp: () => {} }
  const embedded = new Embedded(data, socketFolder(data), quiet)
  try {
    // Without it a new cluster would be made in the place of this one.
    if (!existsSync(join(data, 'db', 'PG_VERSION'))) throw new Error('no cluster')
    await embedded.start()
    return await askCompany(new Database({ ...embedded.as('custode_owner'), max: 1 }))
  } catch (error) {
    throw refusal(`${data} cannot be looked into`, 'if it is one, remove the folder by hand', error)
  } finally {
    await embedded.stop()
  }
}

async function askCompany(database: Database): Promise<Company | null> {
  try {
    // The first start may have been cut off before it made the tables.
    const table = await database.maybe(`select 1 where to_regclass('organisation') is not null`)
    return table === null ? null : await database.maybe<Company>('select id, demo from organisation')
  } finally {
    await database.end()
  }
}

/**
 * Whether a keeper's folder holds nothing but what belongs to this company: its log is named after it. Where there is no
 * company, nothing may have been entered: a log that has begun is somebody's, whose database is elsewhere.
 */
async function areKeysOf(company: Company | null, keeper: string): Promise<boolean> {
  const log = join(keeper, 'log')
  if ((await readdir(keeper)).every(name => name === holderFile)) return true
  if (company !== null) {
    const key = parseVkey((await readFile(join(log, 'vkey'), 'utf8').catch(() => '')).trim())
    return key?.name === `custode/${company.id}`
  }
  const verdict = await verifyLog(log)
  return verdict.ok && verdict.size === 0
}
