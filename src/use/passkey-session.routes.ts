import * as z from 'zod'
import type { House } from '../core/house.ts'
import { type App, asRefusal } from '../core/http.ts'
import { countSteps } from '../core/stopwatch.ts'
import { employeeSchema, shownEmployee } from '../identity/employee-schema.ts'
import { askToSign } from '../identity/passkey.ts'
import { optionsSchema, shownPasskeySchema } from '../identity/passkey-schema.ts'
import { RefusedSessions } from '../identity/refused-sessions.ts'
import { setSessionCookie } from '../identity/session.ts'
import { signInByPasskey, signInStaffByPasskey } from './passkey-session.ts'

const time = z.iso.datetime()
const seldom = { max: 60, timeWindow: '1 minute' }

/** A refusal is answered after so many milliseconds or a multiple of them: it does not tell whether the passkey is known. */
const step = 100

/** Signing in with a passkey, in each room: no address is typed, the authenticator knows who it has a passkey for. */
export async function passkeySessionRoutes(app: App, house: House): Promise<void> {
  const refused = new RefusedSessions(house)
  app.addHook('onClose', () => refused.write().catch(() => {}))

  /** Counts what is refused without a name, and answers it at the end of a step. */
  async function counted<T>(work: () => Promise<T>): Promise<T> {
    const nextStep = countSteps(house.stopwatch, step)
    try {
      return await work()
    } catch (error) {
      if (asRefusal(error)?.code === 'wrong_passkey') refused.add()
      await nextStep()
      throw error
    }
  }

  for (const room of ['portal', 'work', 'office'] as const)
    app.post(
      `/${room}/passkey-sessions/challenges`,
      {
        config: { room: 'public', entry: 'none: random bytes to sign', rateLimit: seldom },
        schema: { body: z.strictObject({}), response: { 201: optionsSchema } },
      },
      async (_request, reply) => {
        const asked = await askToSign(house, { act: 'enter', room, session: null }, null)
        reply.code(201)
        return asked as z.input<typeof optionsSchema>
      },
    )

  app.post(
    '/portal/passkey-sessions',
    {
      config: { room: 'public', entry: 'session', rateLimit: seldom },
      schema: {
        body: shownPasskeySchema,
        response: { 201: z.object({ kind: z.literal('customer'), until: time }) },
      },
    },
    async (request, reply) => {
      const session = await counted(() => signInByPasskey(house, request.body))
      setSessionCookie(reply, house, 'portal', session)
      reply.code(201)
      return { kind: 'customer' as const, until: session.until.toISOString() }
    },
  )

  for (const room of ['work', 'office'] as const)
    app.post(
      `/${room}/passkey-sessions`,
      {
        config: { room: 'public', entry: 'session', rateLimit: seldom },
        schema: {
          body: shownPasskeySchema,
          response: { 201: z.object({ employee: employeeSchema, until: time }) },
        },
      },
      async (request, reply) => {
        const { employee, session } = await counted(() => signInStaffByPasskey(house, room, request.body))
        setSessionCookie(reply, house, room, session)
        return reply
          .status(201)
          .send({ employee: shownEmployee(employee), until: session.until.toISOString() })
      },
    )
}
