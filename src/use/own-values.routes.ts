import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { sessionOf } from '../identity/session.ts'
import { changeOwn } from './own-values.ts'

/** What the customer fills in and changes themselves. */
export async function ownValuesRoutes(app: App, house: House): Promise<void> {
  app.post(
    '/portal/values',
    {
      config: { room: 'portal', entry: 'value' },
      schema: {
        // Null removes a value; what is not mentioned stays.
        body: z.strictObject({ values: z.record(z.string().max(60), z.unknown()) }),
        response: { 200: z.object({ changed: z.array(z.string()) }) },
      },
    },
    async request => ({ changed: await changeOwn(house, sessionOf(request), request.body.values) }),
  )
}
