import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { sessionOf } from '../identity/session.ts'
import { depart } from './departure.ts'

/** An officer ends an employment. */
export async function departureRoutes(app: App, house: House): Promise<void> {
  app.post(
    '/office/employees/:id/departures',
    {
      config: { room: 'office', entry: 'employee.departed' },
      schema: {
        params: z.object({ id: z.uuid() }),
        body: z.strictObject({}),
        response: { 201: z.object({ at: z.iso.datetime() }) },
      },
    },
    async (request, reply) => {
      const at = await depart(house, sessionOf(request), request.params.id)
      return reply.status(201).send({ at: at.toISOString() })
    },
  )
}
