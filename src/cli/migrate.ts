import { parseArgs } from 'node:util'
import { ConfigError, readConfig } from '../core/config.ts'
import { Database } from '../core/database.ts'
import { MigrationError, migrate } from '../core/migrations.ts'
import { roles } from '../core/roles.ts'
import { connectTo, DatabaseRefused } from '../supervisor/external.ts'
import type { Help } from './help.ts'

export const help = {
  command: 'custode migrate',
  options: {},
  examples: ['DATABASE_OWNER_URL=postgres://custode_owner:…@db.example/custode npx custode migrate'],
  ends: '0 when the schema is up to date; 1 when it could not be brought there',
  more: ['The embedded database needs no such command: custode start migrates it.'],
} as const satisfies Help

/** `custode migrate`: brings an external PostgreSQL up to date, as its owner. The embedded one needs no such command. */
export async function migrateCommand(argv: string[]): Promise<number> {
  parseArgs({ args: argv, options: help.options })
  try {
    const url = readConfig(process.env).databaseOwnerUrl
    if (url === null)
      throw new ConfigError('set DATABASE_OWNER_URL; the embedded database is migrated by custode start')
    await requireRoles(url)
    const owner = new Database({ connectionString: url, max: 3 })
    try {
      const applied = await migrate(owner)
      for (const name of applied) console.log(`applied ${name}`)
      console.log(applied.length === 0 ? 'the database is up to date already' : 'the database is up to date')
      return 0
    } finally {
      await owner.end()
    }
  } catch (error) {
    const expected = [ConfigError, MigrationError, DatabaseRefused]
    if (!expected.some(known => error instanceof known)) throw error
    console.error((error as Error).message)
    return 1
  }
}

async function requireRoles(url: string): Promise<void> {
  const client = await connectTo(url)
  try {
    const { rows } = await client.query('select rolname from pg_roles where rolname = any ($1)', [roles])
    const missing = roles.filter(role => !rows.some(row => row.rolname === role))
    if (missing.length > 0)
      throw new DatabaseRefused(
        `make these roles first: ${missing.join(', ')} (create role … login password …)`,
      )
  } finally {
    await client.end()
  }
}
