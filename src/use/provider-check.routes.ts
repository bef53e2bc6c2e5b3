import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { sessionOf } from '../identity/session.ts'
import { beginProviderCheck, endProviderCheck, providerOf } from './provider-check.ts'

/** Proof of identity by an outside provider (OpenID Connect). */
export async function providerCheckRoutes(app: App, house: House): Promise<void> {
  const rateLimit = { max: 20, timeWindow: '1 minute' }

  app.get(
    '/portal/identity-provider',
    {
      config: { room: 'portal', entry: 'none: about the company, not about anybody' },
      schema: { response: { 200: z.object({ host: z.string().nullable() }) } },
    },
    async () => ({ host: providerOf(house) }),
  )

  app.post(
    '/portal/provider-checks',
    {
      config: { room: 'portal', entry: 'none: nothing is known before they come back', rateLimit },
      schema: { body: z.strictObject({}), response: { 201: z.object({ url: z.string() }) } },
    },
    async (request, reply) => {
      const url = await beginProviderCheck(house, sessionOf(request))
      reply.code(201)
      return { url }
    },
  )

  app.post(
    '/portal/provider-answers',
    {
      config: { room: 'portal', entry: 'verification', rateLimit },
      schema: {
        body: z.strictObject({
          code: z.string().min(1).max(2000),
          state: z.string().min(1).max(200),
          iss: z.string().max(500).optional(),
        }),
        response: { 201: z.object({ agreed: z.array(z.string()), contradicted: z.array(z.string()) }) },
      },
    },
    async (request, reply) => {
      const heard = await endProviderCheck(house, sessionOf(request), request.body)
      reply.code(201)
      return heard
    },
  )
}
