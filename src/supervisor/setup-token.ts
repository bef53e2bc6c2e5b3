import type { Database } from '../core/database.ts'
import { newToken, sha256 } from '../core/ids.ts'

/**
 * A fresh one-time token with which the first officer opens the company, or null when it is open already. Only its
 * hash is stored, so each start before the opening makes a new one and the older ones end.
 */
export async function newSetupToken(database: Database): Promise<string | null> {
  return await database.transaction(async tx => {
    const open = await tx.maybe('select 1 from organisation')
    await tx.query('delete from setup_token')
    if (open !== null) return null
    const token = newToken()
    await tx.query('insert into setup_token (hash) values ($1)', [sha256(token)])
    return token
  })
}
