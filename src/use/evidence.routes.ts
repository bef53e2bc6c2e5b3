import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { sessionOf } from '../identity/session.ts'
import { askForCheck, confirmEvidence, documentSchema, findEvidence, noteEvidence } from './evidence.ts'
import { getMyTask } from './task.ts'

const time = z.iso.datetime()
const params = z.object({ id: z.uuid() })
const field = z.string().max(60)

/** A document that is shown: asked for by its owner, seen by one employee, confirmed by another. */
export async function evidenceRoutes(app: App, house: House): Promise<void> {
  app.post(
    '/portal/identity-checks',
    {
      config: { room: 'portal', entry: 'question' },
      schema: { body: z.strictObject({}), response: { 201: z.object({ id: z.uuid(), at: time }) } },
    },
    async (request, reply) => {
      const { id, at } = await askForCheck(house, sessionOf(request))
      reply.code(201)
      return { id, at: at.toISOString() }
    },
  )

  app.get(
    '/work/tasks/:id/evidence',
    {
      config: { room: 'work', entry: 'none: which fields wait for a second person, and no value' },
      schema: {
        params,
        response: {
          200: z.object({
            noted: z.object({ fields: z.array(z.string()), seen_at: time }).nullable(),
          }),
        },
      },
    },
    async request => {
      const { id } = await getMyTask(house.database, sessionOf(request), request.params.id)
      const noted = await findEvidence(house, id)
      return { noted: noted === null ? null : { ...noted, seen_at: noted.seen_at.toISOString() } }
    },
  )

  app.post(
    '/work/tasks/:id/evidence',
    {
      config: { room: 'work', entry: 'verification' },
      schema: {
        params,
        body: z.strictObject({
          document: documentSchema,
          supports: z.array(field).min(1).max(20),
          differs: z.array(z.strictObject({ field, value: z.unknown() })).max(20),
        }),
        response: { 201: z.object({ commitment: z.string(), contradicted: z.array(z.string()) }) },
      },
    },
    async (request, reply) => {
      const { document, supports, differs } = request.body
      const noted = await noteEvidence(house, sessionOf(request), request.params.id, {
        ...{ document, supports },
        differs: Object.fromEntries(differs.map(one => [one.field, one.value])),
      })
      reply.code(201)
      return noted
    },
  )

  app.post(
    '/work/tasks/:id/evidence-confirmations',
    {
      config: { room: 'work', entry: 'verification' },
      schema: {
        params,
        body: z.strictObject({ agrees: z.boolean() }),
        response: { 201: z.object({ verified: z.array(z.string()) }) },
      },
    },
    async (request, reply) => {
      const { agrees } = request.body
      const verified = await confirmEvidence(house, sessionOf(request), request.params.id, agrees)
      reply.code(201)
      return { verified }
    },
  )
}
