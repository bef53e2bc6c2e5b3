import type { Database, Queryable, Tx } from '../core/database.ts'
import { newToken, sha256 } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import { findOrganisation } from './organisation.ts'

/**
 * The token that lets its holder become the first officer: a new one at every start until the company is set up, then
 * null. Printed by who starts the server, and only its hash is kept.
 */
export async function makeSetupToken(database: Database): Promise<string | null> {
  return database.transaction(async tx => {
    if ((await findOrganisation(tx)) !== null) return null
    const token = newToken()
    await tx.query('delete from setup_token')
    await tx.query('insert into setup_token (hash) values ($1)', [sha256(token)])
    return token
  })
}

/** Refuses as `takeSetupToken` does, and uses nothing up: before work that costs something. */
export async function requireSetupToken(database: Queryable, token: string): Promise<void> {
  if ((await findOrganisation(database)) !== null) throw new Refusal('already_open')
  const known = await database.maybe('select 1 from setup_token where hash = $1', [sha256(token)])
  if (known === null) throw new Refusal('wrong_credentials', { why: 'setup token' })
}

/**
 * Uses the setup token up. Of two who come at once the second waits here for the first to commit. Throws
 * `already_open` once the company is set up, and `wrong_credentials` for any other token than the newest.
 */
export async function takeSetupToken(tx: Tx, token: string): Promise<void> {
  const taken = await tx.query('delete from setup_token where hash = $1 returning single', [sha256(token)])
  if ((await findOrganisation(tx)) !== null) throw new Refusal('already_open')
  if (taken.length === 0) throw new Refusal('wrong_credentials', { why: 'setup token' })
}
