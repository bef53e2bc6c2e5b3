import * as z from 'zod'
import { languageSchema } from '../collection/notice.ts'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import type { Attempts } from '../identity/attempts.ts'
import { digitsSchema } from '../identity/code.ts'
import { sessionOf } from '../identity/session.ts'
import { askForCheckCode, checkByCode } from './channel-check.ts'

const seldom = { max: 30, timeWindow: '1 minute' }
const field = z.string().max(60)

/** Proving an address that is held, other than the one to sign in with, by a code that is sent to it. `sent` counts what went to one. */
export async function channelCheckRoutes(app: App, house: House, sent: Attempts): Promise<void> {
  app.post(
    '/portal/check-codes',
    {
      config: { room: 'portal', entry: 'code', rateLimit: seldom },
      schema: {
        body: z.strictObject({ field, language: languageSchema }),
        response: { 202: z.object({ id: z.uuid(), until: z.iso.datetime() }) },
      },
    },
    async (request, reply) => {
      const { field: code, language } = request.body
      const { id, until } = await askForCheckCode(house, sessionOf(request), code, { language, sent })
      reply.code(202)
      return { id, until: until.toISOString() }
    },
  )

  app.post(
    '/portal/checks',
    {
      config: { room: 'portal', entry: 'verification', rateLimit: seldom },
      schema: {
        body: z.strictObject({ field, code_id: z.uuid(), code: digitsSchema }),
        response: { 201: z.object({ field: z.string() }) },
      },
    },
    async (request, reply) => {
      const { field: code, code_id: id, code: digits } = request.body
      await checkByCode(house, sessionOf(request), code, { id, digits })
      reply.code(201)
      return { field: code }
    },
  )
}
