import type { Queryable, Tx } from '../core/database.ts'
import { brokenConstraint } from '../core/database.ts'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { Refusal } from '../core/refusal.ts'

export interface Organisation {
  id: string
  name: string
  opened_at: Date
  demo: boolean
}

/** The one company of this installation, or null before it is set up. */
export function findOrganisation(database: Queryable): Promise<Organisation | null> {
  return database.maybe<Organisation>('select id, name, opened_at, demo from organisation')
}

/** The company. Throws `not_open` before it is set up. */
export async function requireOrganisation(database: Queryable): Promise<Organisation> {
  const organisation = await findOrganisation(database)
  if (organisation === null) throw new Refusal('not_open')
  return organisation
}

/** Opens the company, under the id that its keeper goes by. Throws `already_open` when it exists. */
export async function makeOrganisation(tx: Tx, house: House, name: string): Promise<Organisation> {
  const { organisation: id } = await house.keeper.status()
  try {
    return await tx.one<Organisation>(
      `insert into organisation (id, name, opened_at, demo) values ($1, $2, $3, $4)
       returning id, name, opened_at, demo`,
      [id, name, house.clock.now(), house.demo],
    )
  } catch (error) {
    if (brokenConstraint(error) === 'organisation_pkey') throw new Refusal('already_open')
    throw error
  }
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers also before the company is set up. */
    beforeOpening?: boolean
  }
}

/** Refuses every route of the API as `not_open` until the company is set up, but those that say otherwise. */
export function guardOpening(app: App, house: House): void {
  let open = false
  app.addHook('onRequest', async request => {
    const { room, beforeOpening } = request.routeOptions.config
    if (house.closedToCustomers === true && request.routeOptions.url?.startsWith('/api/v1/portal/'))
      throw new Refusal('not_open', { why: 'custode doctor says what to change first' })
    if (open || room === undefined || beforeOpening === true) return
    await requireOrganisation(house.database)
    open = true
  })
}
