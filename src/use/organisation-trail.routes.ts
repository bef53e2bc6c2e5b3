import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { grantSecret, type Session, sessionOf } from '../identity/session.ts'
import { organisationTrail } from '../keeper/client.ts'
import { makeGrant } from './grant.ts'
import type { Key } from './reading.ts'
import { pageOfTrail, readTrail, showEntries, shownEntrySchema, trailQuery } from './trail.ts'

/** The organisation's own trail: its setup, its employees, rolls and imports. It names no customer. */
export async function organisationTrailRoutes(app: App, house: House): Promise<void> {
  app.get(
    '/office/entries',
    {
      config: { room: 'office', entry: 'reading' },
      schema: {
        querystring: z.strictObject(trailQuery),
        response: { 200: z.object({ items: z.array(shownEntrySchema), next: z.string().nullable() }) },
      },
    },
    async request => {
      const trail = await readTrail(house, await trailGrant(house, sessionOf(request)), organisationTrail)
      const { after, limit } = request.query
      const { entries, next } = pageOfTrail(trail, { after, limit })
      return { items: await showEntries(house.database, entries), next }
    },
  )
}

const purpose = 'accountability'
const minutes = 60
const mostReadings = 2_000

/** One grant for an hour of an officer's session, so that who looks again does not fill the log with looking. */
async function trailGrant(house: House, session: Session): Promise<Key> {
  const live = await house.database.maybe<{ id: string }>(
    `select id from grants
      where session = $1 and kind = 'job' and purpose = $2 and ended_at is null
        and until > clock_timestamp() + '10 seconds'::interval
      order by until desc limit 1`,
    [session.id, purpose],
  )
  if (live !== null) return { grant: live.id, secret: grantSecret(session.token, live.id) }
  return makeGrant(house, {
    ...{ kind: 'job', session, actor: session.actor, subjects: [], fields: ['trail'] },
    ...{ compartments: ['trail'], purpose, minutes, most: mostReadings },
  })
}
