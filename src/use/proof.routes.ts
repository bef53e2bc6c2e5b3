import * as z from 'zod'
import { languageSchema } from '../collection/notice.ts'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { digitsSchema } from '../identity/code.ts'
import { askToSign } from '../identity/passkey.ts'
import { optionsSchema, shownPasskeySchema } from '../identity/passkey-schema.ts'
import { sessionOf } from '../identity/session.ts'
import { freshMinutes, type SessionProof } from '../identity/session-proof.ts'
import { proveByCode, proveByPasskey, sendOwnCode } from './proof.ts'

const time = z.iso.datetime()
const provenSchema = z.object({ by: z.enum(['code', 'passkey', 'password']), until: time })
const seldom = { max: 30, timeWindow: '1 minute' }

/** How a customer who is signed in shows again that it is them, for an act that needs it. */
export async function proofRoutes(app: App, house: House): Promise<void> {
  app.post(
    '/portal/proof-codes',
    {
      config: { room: 'portal', entry: 'code', rateLimit: seldom },
      schema: {
        body: z.strictObject({ language: languageSchema }),
        response: { 202: z.object({ id: z.uuid(), until: time, email: z.string() }) },
      },
    },
    async (request, reply) => {
      const { id, until, email } = await sendOwnCode(house, sessionOf(request), request.body.language)
      reply.code(202)
      return { id, until: until.toISOString(), email }
    },
  )

  app.post(
    '/portal/proofs',
    {
      config: { room: 'portal', entry: 'proof', rateLimit: seldom },
      schema: {
        body: z.strictObject({ code_id: z.uuid(), code: digitsSchema }),
        response: { 201: provenSchema },
      },
    },
    async (request, reply) => {
      const { code_id: id, code } = request.body
      const proof = await proveByCode(house, sessionOf(request), id, code)
      reply.code(201)
      return shown(proof)
    },
  )

  app.post(
    '/portal/proof-challenges',
    {
      config: { room: 'portal', entry: 'none: random bytes to sign', rateLimit: seldom },
      schema: { body: z.strictObject({}), response: { 201: optionsSchema } },
    },
    async (request, reply) => {
      const { id, room, subject } = sessionOf(request)
      const asked = await askToSign(house, { act: 'prove', room, session: id }, subject)
      reply.code(201)
      return asked as z.input<typeof optionsSchema>
    },
  )

  app.post(
    '/portal/passkey-proofs',
    {
      config: { room: 'portal', entry: 'proof', rateLimit: seldom },
      schema: { body: shownPasskeySchema, response: { 201: provenSchema } },
    },
    async (request, reply) => {
      const proof = await proveByPasskey(house, sessionOf(request), request.body)
      reply.code(201)
      return shown(proof)
    },
  )
}

const shown = ({ by, at }: SessionProof) => ({
  by,
  until: new Date(at.getTime() + freshMinutes * 60_000).toISOString(),
})
