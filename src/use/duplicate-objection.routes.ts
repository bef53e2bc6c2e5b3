import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { sessionOf } from '../identity/session.ts'
import { listSeenTwice, object } from './duplicate-objection.ts'

const time = z.iso.datetime()

/** The customer is told that they are taken for one person with another record, and may say that it is not so. */
export async function duplicateObjectionRoutes(app: App, house: House): Promise<void> {
  app.get(
    '/portal/duplicates',
    {
      config: { room: 'portal', entry: 'none: what was decided about oneself, and no value' },
      schema: {
        response: {
          200: z.object({
            items: z.array(
              z.object({ id: z.uuid(), decided_at: time, objected_at: time.nullable(), merged: z.boolean() }),
            ),
          }),
        },
      },
    },
    async request => {
      const seen = await listSeenTwice(house.database, sessionOf(request).subject)
      return {
        items: seen.map(one => ({
          ...{ id: one.id, decided_at: one.decided_at.toISOString() },
          objected_at: one.objected_at?.toISOString() ?? null,
          merged: one.merged,
        })),
      }
    },
  )

  app.post(
    '/portal/duplicates/:id/objections',
    {
      config: { room: 'portal', entry: 'duplicate.objection' },
      schema: {
        params: z.object({ id: z.uuid() }),
        body: z.strictObject({}),
        response: { 201: z.object({ at: time }) },
      },
    },
    async (request, reply) => {
      const at = await object(house, sessionOf(request), request.params.id)
      reply.code(201)
      return { at: at.toISOString() }
    },
  )
}
