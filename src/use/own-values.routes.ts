import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { sessionOf } from '../identity/session.ts'
import { changeOwn, confirmOwn } from './own-values.ts'

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

  app.post(
    '/portal/confirmations',
    {
      config: { room: 'portal', entry: 'value' },
      schema: {
        body: z.strictObject({ fields: z.array(z.string().max(60)).min(1).max(100) }),
        response: { 200: z.object({ confirmed: z.array(z.string()) }) },
      },
    },
    async request => ({ confirmed: await confirmOwn(house, sessionOf(request), request.body.fields) }),
  )
}
