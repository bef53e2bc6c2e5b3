import * as z from 'zod'
import { dateRule } from '../collection/datum/date.ts'
import { emailRule } from '../collection/datum/email.ts'
import { phoneRule } from '../collection/datum/phone.ts'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { digitsSchema } from '../identity/code.ts'
import { sessionOf } from '../identity/session.ts'
import { askCaller, openTask, proveCaller } from './caller.ts'
import { searchCustomers } from './search.ts'

const time = z.iso.datetime()
const params = z.object({ id: z.uuid() })
const seldom = { max: 60, timeWindow: '1 minute' }

/** Three letters at least: less is no name, and finds too many. */
const nameSought = z
  .string()
  .trim()
  .max(200, 'too_long')
  .refine(name => (name.match(/\p{L}/gu) ?? []).length >= 3, 'three_letters')

/** What somebody is looked for by. It travels in a body and never in an address. */
const soughtSchema = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('email'), email: emailRule }),
  z.strictObject({ by: z.literal('phone'), phone: phoneRule }),
  z.strictObject({ by: z.literal('number'), number: z.string().trim().min(1, 'required').max(100) }),
  z.strictObject({ by: z.literal('person'), name: nameSought, birth: dateRule }),
])

const shown = z.object({
  name: z.string().optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
})

/** Finding a customer who calls or writes, and making sure that it is them. */
export async function searchRoutes(app: App, house: House): Promise<void> {
  app.post(
    '/work/searches',
    {
      config: { room: 'work', entry: 'search', rateLimit: seldom },
      schema: {
        body: soughtSchema,
        response: {
          200: z.object({
            hits: z.array(z.object({ hit: z.string(), shown })),
            more: z.boolean(),
            types: z.array(z.string()),
          }),
        },
      },
    },
    request => searchCustomers(house, sessionOf(request), request.body),
  )

  app.post(
    '/work/tasks',
    {
      config: { room: 'work', entry: 'task.opened' },
      schema: {
        body: z.strictObject({ hit: z.string().min(1).max(200), type: z.string().max(40) }),
        response: { 201: z.object({ id: z.uuid() }) },
      },
    },
    async (request, reply) => {
      const { hit, type } = request.body
      const id = await openTask(house, sessionOf(request), hit, type)
      reply.code(201)
      return { id }
    },
  )

  app.post(
    '/work/tasks/:id/caller-codes',
    {
      config: { room: 'work', entry: 'caller' },
      schema: { params, body: z.strictObject({}), response: { 202: z.object({ until: time }) } },
    },
    async (request, reply) => {
      const until = await askCaller(house, sessionOf(request), request.params.id)
      reply.code(202)
      return { until: until.toISOString() }
    },
  )

  app.post(
    '/work/tasks/:id/caller-proofs',
    {
      config: { room: 'work', entry: 'caller.proof' },
      schema: {
        params,
        body: z.strictObject({ code: digitsSchema }),
        response: { 201: z.object({}) },
      },
    },
    async (request, reply) => {
      await proveCaller(house, sessionOf(request), request.params.id, request.body.code)
      reply.code(201)
      return {}
    },
  )
}
