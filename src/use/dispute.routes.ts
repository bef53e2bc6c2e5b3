import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { sessionOf } from '../identity/session.ts'
import { disputeOwn, settleOwn } from './dispute.ts'

const field = z.string().max(60)

/** What a customer does about a value that is in doubt. */
export async function disputeRoutes(app: App, house: House): Promise<void> {
  app.post(
    '/portal/disputes',
    {
      config: { room: 'portal', entry: 'dispute' },
      schema: {
        body: z.strictObject({ field }),
        response: { 201: z.object({ field: z.string() }) },
      },
    },
    async (request, reply) => {
      await disputeOwn(house, sessionOf(request), request.body.field)
      reply.code(201)
      return { field: request.body.field }
    },
  )

  app.post(
    '/portal/dispute-settlements',
    {
      config: { room: 'portal', entry: 'dispute' },
      schema: {
        // Null: what is held is right. A third value is given like any other.
        body: z.strictObject({ field, claim: z.string().min(1).max(60).nullable() }),
        response: { 201: z.object({ field: z.string() }) },
      },
    },
    async (request, reply) => {
      const { field: code, claim } = request.body
      await settleOwn(house, sessionOf(request), code, claim)
      reply.code(201)
      return { field: code }
    },
  )
}
