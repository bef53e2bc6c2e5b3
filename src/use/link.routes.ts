import * as z from 'zod'
import { languageSchema } from '../collection/notice.ts'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { sessionOf } from '../identity/session.ts'
import { confirmLink, sendLink } from './link.ts'

/** Proving an address by a link that is sent to it. */
export async function linkRoutes(app: App, house: House): Promise<void> {
  app.post(
    '/portal/links',
    {
      config: { room: 'portal', entry: 'link' },
      schema: {
        body: z.strictObject({ field: z.string().max(60), language: languageSchema }),
        response: { 202: z.object({ until: z.iso.datetime() }) },
      },
    },
    async (request, reply) => {
      const { field, language } = request.body
      const until = await sendLink(house, sessionOf(request), field, language)
      reply.code(202)
      return { until: until.toISOString() }
    },
  )

  app.post(
    '/link-confirmations',
    {
      // Whoever reads what is sent to the address may be signed in nowhere.
      config: { room: 'public', entry: 'verification', rateLimit: { max: 30, timeWindow: '1 minute' } },
      schema: {
        body: z.strictObject({ token: z.string().min(1).max(100) }),
        response: { 201: z.object({ confirmed: z.literal(true) }) },
      },
    },
    async (request, reply) => {
      await confirmLink(house, request.body.token)
      reply.code(201)
      return { confirmed: true as const }
    },
  )
}
