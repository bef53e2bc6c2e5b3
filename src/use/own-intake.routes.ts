import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { sessionOf } from '../identity/session.ts'
import { takeInOwn } from './own-intake.ts'

const envelopeSchema = z.strictObject({
  compartment: z.string().max(40),
  fields: z.array(z.string().max(60)).min(1).max(50),
  nonce: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/),
  key: z.int().min(0),
  // HPKE (RFC 9180): encapsulated key, ciphertext and tag, as base64.
  envelope: z.base64().min(64).max(200_000),
})

/** Sensitive data, sealed in the browser to the keeper: what passes through here cannot be opened here. */
export async function ownIntakeRoutes(app: App, house: House): Promise<void> {
  app.get(
    '/portal/intake-key',
    {
      config: { room: 'portal', entry: 'none: a public key, whose making the keeper enters' },
      schema: {
        // `trail`: the customer's own, in which whatever is sealed will be entered when it is read.
        response: { 200: z.object({ note: z.string(), slot: z.int(), vkey: z.string(), trail: z.int() }) },
      },
    },
    async request => {
      const [key, { vkey }] = await Promise.all([house.keeper.intakeKey(), house.keeper.status()])
      return { ...key, vkey, trail: sessionOf(request).trail }
    },
  )

  app.post(
    '/portal/envelopes',
    {
      config: {
        room: 'portal',
        entry: 'value',
        rateLimit: { max: 60, timeWindow: '1 minute' },
      },
      schema: {
        body: z.strictObject({
          notice_version: z.int(),
          envelopes: z.array(envelopeSchema).min(1).max(10),
        }),
        response: { 200: z.object({ changed: z.array(z.string()) }) },
      },
    },
    async request => {
      const { notice_version: noticeVersion, envelopes } = request.body
      const sealed = envelopes.map(({ envelope, ...rest }) => ({
        ...rest,
        bytes: Buffer.from(envelope, 'base64'),
      }))
      return { changed: await takeInOwn(house, sessionOf(request), { noticeVersion, envelopes: sealed }) }
    },
  )
}
