import * as z from 'zod'
import { consentSchema, shownConsent } from '../collection/consent.ts'
import { nameRule, optionalPhoneRule } from '../collection/field.ts'
import { languageSchema } from '../collection/notice.ts'
import { saysNo } from '../collection/privacy-signal.ts'
import { purposeSchema } from '../collection/purpose.ts'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { sessionOf, setSessionCookie } from '../identity/session.ts'
import { join } from './join.ts'

const joiningSchema = z.strictObject({
  name: nameRule,
  phone: optionalPhoneRule,
  /** What else the catalogue asks of whoever joins, each judged by the rule of its field. */
  values: z.record(z.string().max(60), z.unknown()).default({}),
  notice_version: z.int(),
  language: languageSchema,
  /** What the page reads as `navigator.globalPrivacyControl`; the header `Sec-GPC` says the same. */
  signal: z.boolean().default(false),
  despite_signal: z.boolean().default(false),
  /** “I am at least so old”: the age that the page asked for, and no date of birth. */
  said_age: z.int(),
  purposes: z
    .array(purposeSchema)
    .max(10)
    .refine(purposes => purposes.includes('service'), 'consent_needed'),
})

export async function joinRoutes(app: App, house: House): Promise<void> {
  app.post(
    '/portal/joins',
    {
      config: { room: 'portal', who: 'applicant', entry: 'join' },
      schema: {
        body: joiningSchema,
        response: { 201: z.object({ alias: z.string(), consents: z.array(consentSchema) }) },
      },
    },
    async (request, reply) => {
      const {
        notice_version: noticeVersion,
        despite_signal: despiteSignal,
        said_age: saidAge,
        ...rest
      } = request.body
      const signal = rest.signal || saysNo(request)
      const joining = { ...rest, noticeVersion, signal, despiteSignal, saidAge }
      const joined = await join(house, sessionOf(request), joining)
      setSessionCookie(reply, house, 'portal', joined.session)
      reply.code(201)
      return { alias: joined.alias, consents: joined.consents.map(shownConsent) }
    },
  )
}
