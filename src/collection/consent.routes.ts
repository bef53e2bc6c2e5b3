import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { change } from '../core/outbox.ts'
import { sessionOf } from '../identity/session.ts'
import { consentDetail, consentSchema, giveConsent, listConsents, shownConsent } from './consent.ts'
import { languageSchema } from './notice.ts'
import { purposeSchema } from './purpose.ts'

export async function consentRoutes(app: App, house: House): Promise<void> {
  app.get(
    '/portal/consents',
    {
      config: { room: 'portal', entry: 'none: ids, purposes and times, no value is opened' },
      schema: { response: { 200: z.object({ items: z.array(consentSchema), next: z.null() }) } },
    },
    async request => {
      const consents = await listConsents(house.database, sessionOf(request).subject)
      return { items: consents.map(shownConsent), next: null }
    },
  )

  app.post(
    '/portal/consents',
    {
      config: { room: 'portal', entry: 'consent' },
      schema: {
        body: z.strictObject({ purpose: purposeSchema, notice_version: z.int(), language: languageSchema }),
        response: { 201: consentSchema },
      },
    },
    async (request, reply) => {
      const { subject, actor } = sessionOf(request)
      const { purpose, notice_version: version, language } = request.body
      const consent = await change(house, async (tx, note) => {
        const given = await giveConsent(tx, house, subject, purpose, {
          evidence: 'portal',
          version,
          language,
        })
        await note(subject, {
          ...{ kind: 'consent', actor, purpose, fields: given.fields, result: 'done' },
          detail: consentDetail(given),
        })
        return given
      })
      reply.code(201)
      return shownConsent(consent)
    },
  )
}
