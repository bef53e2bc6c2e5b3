import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { sessionOf } from '../identity/session.ts'
import { listRestorations, shredLostSlots } from './lost-slots.ts'

const time = z.iso.datetime()
const count = z.int()

const shown = z.object({
  id: z.uuid(),
  restored_at: time,
  backup_at: time.nullable(),
  counts: z.object({
    ...{ changes: count, erasures: count, withdrawals: count, closures: count, departures: count },
    ...{ sessions: count, passkeys: count.default(0), grants: count, replaced: count, deleted: count },
    lost: z.object({
      ...{ people: count, consents: count, questions: count, imports: count, purchases: count },
      documents: count.default(0),
    }),
    invite: z.array(z.string()),
    unclear: z.record(z.string(), count),
  }),
  shredding: z
    .object({
      asked_by: z.string(),
      asked_at: time,
      confirmed_at: time.nullable(),
      done_at: time.nullable(),
      slots: count.nullable(),
    })
    .nullable(),
})

export async function restorationRoutes(app: App, house: House): Promise<void> {
  app.get(
    '/office/restorations',
    {
      config: { room: 'office', entry: 'none: counts and pseudonyms' },
      schema: { response: { 200: z.object({ items: z.array(shown) }) } },
    },
    async () => {
      const items = await listRestorations(house.database)
      return {
        items: items.map(({ shredding, ...one }) => ({
          ...one,
          ...{ restored_at: one.restored_at.toISOString(), backup_at: one.backup_at?.toISOString() ?? null },
          shredding:
            shredding === null
              ? null
              : {
                  ...shredding,
                  asked_at: shredding.asked_at.toISOString(),
                  confirmed_at: shredding.confirmed_at?.toISOString() ?? null,
                  done_at: shredding.done_at?.toISOString() ?? null,
                },
        })),
      }
    },
  )

  app.post(
    '/office/restorations/:id/shreddings',
    {
      config: { room: 'office', entry: 'lost.shredding' },
      schema: {
        params: z.strictObject({ id: z.uuid() }),
        body: z.strictObject({}),
        response: { 201: z.object({ confirmed: z.boolean() }) },
      },
    },
    async (request, reply) => {
      const confirmed = await shredLostSlots(house, sessionOf(request), request.params.id)
      reply.code(201)
      return { confirmed }
    },
  )
}
