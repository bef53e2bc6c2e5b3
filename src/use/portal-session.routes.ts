import * as z from 'zod'
import { listConsents } from '../collection/consent.ts'
import { findCustomer } from '../collection/customer.ts'
import { findGuardianship } from '../collection/guardianship.ts'
import { languageSchema } from '../collection/notice.ts'
import { saysNo } from '../collection/privacy-signal.ts'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { countSteps } from '../core/stopwatch.ts'
import { digitsSchema } from '../identity/code.ts'
import { clearSessionCookie, sessionOf, setSessionCookie } from '../identity/session.ts'
import { endSession } from './grant.ts'
import { signIn } from './portal-session.ts'
import { hearSignal } from './privacy-signal.ts'

/**
 * A refusal is answered after so many milliseconds or a multiple of them. A wrong try of a live code is noted in a
 * trail and takes longer than that of a dead one: by the time somebody could see that an address's owner has signed in.
 */
const step = 250

const kindSchema = z.enum(['customer', 'applicant'])

export async function portalSessionRoutes(app: App, house: House): Promise<void> {
  app.post(
    '/portal/sessions',
    {
      config: { room: 'public', entry: 'session', rateLimit: { max: 60, timeWindow: '1 minute' } },
      schema: {
        body: z.strictObject({ code_id: z.uuid(), code: digitsSchema }),
        response: { 201: z.object({ kind: kindSchema, until: z.iso.datetime(), email: z.string() }) },
      },
    },
    async (request, reply) => {
      const nextStep = countSteps(house.stopwatch, step)
      try {
        const { kind, email, subject, session } = await signIn(house, request.body.code_id, request.body.code)
        setSessionCookie(reply, house, 'portal', session)
        if (kind === 'customer' && saysNo(request)) await hearSignal(house, subject)
        reply.code(201)
        return { kind, until: session.until.toISOString(), email }
      } catch (error) {
        await nextStep()
        throw error
      }
    },
  )

  app.get(
    '/portal/sessions/current',
    {
      config: { room: 'portal', who: 'either', entry: 'none: says what the caller’s own cookie is worth' },
      schema: {
        response: {
          200: z.object({
            kind: kindSchema,
            alias: z.string(),
            language: languageSchema.optional(),
            until: z.iso.datetime(),
            level: z.int().optional(),
            /** It is the guardian's session, who acts for this customer. */
            as_guardian: z.boolean().optional(),
            /** Whether a guardian agrees for them; and until when what one agreed to stands, once they are old enough. */
            guardian: z
              .object({ active: z.boolean(), lapse_at: z.iso.datetime().nullable() })
              .nullable()
              .optional(),
          }),
        },
      },
    },
    async request => {
      const session = sessionOf(request)
      const { alias } = session
      const until = session.until.toISOString()
      const customer = await findCustomer(house.database, session.subject)
      if (customer === null) return { kind: 'applicant' as const, alias, until }
      const language = await languageOf(house, session.subject)
      const { guardian: as_guardian } = session
      const guardian = await guardianOf(house, session.subject)
      return {
        kind: 'customer' as const,
        alias,
        until,
        level: customer.level,
        as_guardian,
        guardian,
        ...language,
      }
    },
  )

  app.delete(
    '/portal/sessions/current',
    {
      config: { room: 'portal', who: 'either', entry: 'session.end' },
      schema: { response: { 204: z.null() } },
    },
    async (request, reply) => {
      const { id, actor } = sessionOf(request)
      await endSession(house, id, actor)
      clearSessionCookie(reply, 'portal')
      reply.code(204)
      return null
    },
  )
}

async function guardianOf(house: House, subject: string) {
  const found = await findGuardianship(house.database, subject)
  if (found === null) return null
  return { active: found.of_age_at === null, lapse_at: found.lapse_at?.toISOString() ?? null }
}

/** The language in which the customer last agreed to something. */
async function languageOf(house: House, subject: string) {
  const consent = (await listConsents(house.database, subject)).find(one => one.language !== null)
  return consent?.language == null ? {} : { language: consent.language }
}
