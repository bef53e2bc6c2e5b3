import * as z from 'zod'
import { emailRule } from '../collection/field.ts'
import { languageSchema } from '../collection/notice.ts'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import type { Attempts } from '../identity/attempts.ts'
import { digitsSchema } from '../identity/code.ts'
import { sessionOf } from '../identity/session.ts'
import { askForAddressChange, changeAddress } from './address-change.ts'
import { takeBackAddress } from './address-reversal.ts'

const time = z.iso.datetime()
const seldom = { max: 30, timeWindow: '1 minute' }

/** How a customer changes the address they sign in with, and how whoever reads the one before takes that back. `sent` counts what went to one address. */
export async function addressChangeRoutes(app: App, house: House, sent: Attempts): Promise<void> {
  app.post(
    '/portal/address-codes',
    {
      config: { room: 'portal', entry: 'code', rateLimit: seldom },
      schema: {
        body: z.strictObject({ email: emailRule, language: languageSchema }),
        response: { 202: z.object({ id: z.uuid(), until: time }) },
      },
    },
    async (request, reply) => {
      const { email, language } = request.body
      const { id, until } = await askForAddressChange(house, sessionOf(request), email, { language, sent })
      reply.code(202)
      return { id, until: until.toISOString() }
    },
  )

  app.post(
    '/portal/address-changes',
    {
      config: { room: 'portal', entry: 'address', rateLimit: seldom },
      schema: {
        // The address again: it is stored nowhere while its code is on its way.
        body: z.strictObject({
          ...{ email: emailRule, language: languageSchema },
          ...{ code_id: z.uuid(), code: digitsSchema },
        }),
        response: { 201: z.object({ until: time }) },
      },
    },
    async (request, reply) => {
      const { code_id: id, code: digits, email, language } = request.body
      const until = await changeAddress(house, sessionOf(request), { id, digits, email, language })
      reply.code(201)
      return { until: until.toISOString() }
    },
  )

  app.post(
    '/address-reversals',
    {
      // Whoever reads what is sent to the address before is signed in nowhere.
      config: { room: 'public', entry: 'address.reversal', rateLimit: seldom },
      schema: {
        body: z.strictObject({ token: z.string().min(1).max(100), language: languageSchema }),
        response: { 201: z.object({ reversed: z.literal(true) }) },
      },
    },
    async (request, reply) => {
      await takeBackAddress(house, request.body.token, request.body.language)
      reply.code(201)
      return { reversed: true as const }
    },
  )
}
