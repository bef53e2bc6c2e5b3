import * as z from 'zod'
import { consentSchema, shownConsent } from '../collection/consent.ts'
import { emailRule, nameRule } from '../collection/field.ts'
import { languageSchema } from '../collection/notice.ts'
import { saysNo } from '../collection/privacy-signal.ts'
import { purposeSchema } from '../collection/purpose.ts'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { countSteps } from '../core/stopwatch.ts'
import { digitsSchema } from '../identity/code.ts'
import { sessionOf, setSessionCookie } from '../identity/session.ts'
import { askGuardian, findRequest, joinChild, showGuardianship } from './guardian.ts'
import { askGuardianCode, signInGuardian } from './guardian-session.ts'

const time = z.iso.datetime()
const token = z.string().min(1).max(100)
const seldom = { max: 30, timeWindow: '1 minute' }

/** An answer comes after so many milliseconds or a multiple of them: it does not tell whether an alias has a guardian. */
const step = 250

const joiningSchema = z.strictObject({
  token,
  /** “I hold parental responsibility for this child.” */
  responsible: z.literal(true),
  name: nameRule,
  born: z.iso.date(),
  notice_version: z.int(),
  language: languageSchema,
  signal: z.boolean().default(false),
  despite_signal: z.boolean().default(false),
  purposes: z
    .array(purposeSchema)
    .max(10)
    .refine(purposes => purposes.includes('service'), 'consent_needed'),
})

/** How a guardian agrees for a child who is too young to, and comes into the child's room. */
export async function guardianRoutes(app: App, house: House): Promise<void> {
  app.post(
    '/portal/guardian-requests',
    {
      config: { room: 'portal', who: 'applicant', entry: 'guardian.request', rateLimit: seldom },
      schema: {
        body: z.strictObject({ email: emailRule, language: languageSchema }),
        response: { 202: z.object({ until: time }) },
      },
    },
    async (request, reply) => {
      const until = await askGuardian(house, sessionOf(request), request.body)
      reply.code(202)
      return { until: until.toISOString() }
    },
  )

  app.post(
    '/portal/guardian-links',
    {
      config: { room: 'public', entry: 'none: until when a link is good', rateLimit: seldom },
      schema: { body: z.strictObject({ token }), response: { 201: z.object({ until: time }) } },
    },
    async (request, reply) => {
      const { until } = await findRequest(house, request.body.token)
      reply.code(201)
      return { until: until.toISOString() }
    },
  )

  app.post(
    '/portal/guardian-joins',
    {
      config: { room: 'public', entry: 'join', rateLimit: seldom },
      schema: {
        body: joiningSchema,
        response: { 201: z.object({ alias: z.string(), consents: z.array(consentSchema) }) },
      },
    },
    async (request, reply) => {
      const { token, responsible: _said, notice_version, despite_signal, ...rest } = request.body
      const joining = { ...rest, noticeVersion: notice_version, despiteSignal: despite_signal }
      const signal = rest.signal || saysNo(request)
      const joined = await joinChild(house, token, { ...joining, signal })
      setSessionCookie(reply, house, 'portal', joined.session)
      reply.code(201)
      return { alias: joined.alias, consents: joined.consents.map(shownConsent) }
    },
  )

  app.post(
    '/portal/guardian-codes',
    {
      config: { room: 'public', entry: 'code', rateLimit: seldom },
      schema: {
        body: z.strictObject({ alias: z.string().trim().toUpperCase().max(20), language: languageSchema }),
        response: { 202: z.object({ id: z.uuid(), until: time }) },
      },
    },
    async (request, reply) => {
      const nextStep = countSteps(house.stopwatch, step)
      try {
        const { id, until } = await askGuardianCode(house, request.body)
        reply.code(202)
        return { id, until: until.toISOString() }
      } finally {
        await nextStep()
      }
    },
  )

  app.post(
    '/portal/guardian-sessions',
    {
      config: { room: 'public', entry: 'session', rateLimit: seldom },
      schema: {
        body: z.strictObject({ code_id: z.uuid(), code: digitsSchema }),
        response: { 201: z.object({ until: time }) },
      },
    },
    async (request, reply) => {
      const nextStep = countSteps(house.stopwatch, step)
      try {
        const session = await signInGuardian(house, request.body.code_id, request.body.code)
        setSessionCookie(reply, house, 'portal', session)
        reply.code(201)
        return { until: session.until.toISOString() }
      } catch (error) {
        await nextStep()
        throw error
      }
    },
  )

  app.get(
    '/portal/guardianship',
    {
      config: { room: 'portal', entry: 'reading' },
      schema: {
        response: {
          200: z.object({
            email: z.string(),
            since: time,
            of_age_at: time.nullable(),
            lapse_at: time.nullable(),
          }),
        },
      },
    },
    async request => showGuardianship(house, sessionOf(request)),
  )
}
