import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { sessionOf } from '../identity/session.ts'
import { issueDocument } from './document-issue.ts'
import { askForDocument, listIssued } from './document-list.ts'

const time = z.iso.datetime()
const params = z.object({ id: z.uuid() })

const listed = z.object({
  ...{ id: z.uuid(), basis: z.string(), source: z.string(), number: z.string(), part: z.int() },
  ...{ issued_at: time, until: time, left: z.boolean(), asked: z.boolean() },
})

/** Documents that the law makes the company keep: issued in a task, and found again by their number. */
export async function documentIssueRoutes(app: App, house: House): Promise<void> {
  app.post(
    '/work/tasks/:id/documents',
    {
      config: { room: 'work', entry: 'document' },
      schema: {
        params,
        body: z.strictObject({
          basis: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'invalid'),
          purchase: z.uuid(),
          // Those that Italian law knows, in per cent (D.P.R. 633/1972, articles 10 and 16); null where none applies.
          vat_rate: z.union([0, 4, 5, 10, 22].map(rate => z.literal(rate))).nullable(),
          reason: z.enum(['buyer', 'goods', 'cancelled']).nullable(),
        }),
        response: { 201: z.object({ id: z.uuid(), part: z.int(), issued_at: time, until: time }) },
      },
    },
    async (request, reply) => {
      const issued = await issueDocument(house, sessionOf(request), request.params.id, request.body)
      reply.code(201)
      return {
        ...issued,
        ...{ issued_at: issued.issued_at.toISOString(), until: issued.until.toISOString() },
      }
    },
  )

  app.get(
    '/office/documents',
    {
      config: { room: 'office', entry: 'none: numbers of documents and dates, and nobody' },
      schema: {
        querystring: z.strictObject({
          number: z.string().min(1).max(60).optional(),
          after: z.uuid().optional(),
          limit: z.coerce.number().int().min(1).max(50).default(50),
        }),
        response: { 200: z.object({ items: z.array(listed), next: z.uuid().nullable() }) },
      },
    },
    async request => {
      const { items, next } = await listIssued(house.database, request.query)
      return {
        items: items.map(({ issued_at, until, ...one }) => ({
          ...{ ...one, issued_at: issued_at.toISOString(), until: until.toISOString() },
        })),
        next,
      }
    },
  )

  app.post(
    '/office/documents/:id/tasks',
    {
      config: { room: 'office', entry: 'document.task' },
      schema: { params, body: z.strictObject({}), response: { 201: z.object({ id: z.uuid() }) } },
    },
    async (request, reply) => {
      const id = await askForDocument(house, sessionOf(request), request.params.id)
      reply.code(201)
      return { id }
    },
  )
}
