import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { sessionOf } from '../identity/session.ts'
import {
  addField,
  catalogueFieldSchema,
  changeField,
  decidingSchema,
  getCatalogueField,
  listCatalogue,
  listVersions,
  newFieldSchema,
  shownField,
} from './catalogue.ts'
import { heldAtMost, monthsOf, retentionSchema } from './retention.ts'

/** What a form asks, as anybody may see it: who is asked must know what for before they agree. */
const askedSchema = catalogueFieldSchema.omit({ made_at: true, made_by: true })
const code = z.object({ code: z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, 'invalid') })

/** The catalogue of fields: shown to everybody, decided by officers. */
export async function catalogueRoutes(app: App, house: House): Promise<void> {
  app.get(
    '/fields',
    {
      config: { room: 'public', entry: 'none: what the company asks, and of nobody' },
      schema: { response: { 200: z.object({ items: z.array(askedSchema) }) } },
    },
    async () => ({
      items: (await listCatalogue(house.database)).map(
        ({ made_at: _when, made_by: _who, ...field }) => field,
      ),
    }),
  )

  const one = { schema: { params: code, response: { 200: catalogueFieldSchema } } }
  app.get(
    '/office/fields/:code',
    { config: { room: 'office', entry: 'none: what the company asks, and of nobody' }, ...one },
    async request => shownField(await getCatalogueField(house.database, request.params.code)),
  )

  app.get(
    '/office/fields/:code/versions',
    {
      config: { room: 'office', entry: 'none: what the company asks, and of nobody' },
      schema: {
        params: code,
        response: { 200: z.object({ items: z.array(catalogueFieldSchema), next: z.null() }) },
      },
    },
    async request => {
      const versions = await listVersions(house.database, request.params.code)
      return { items: versions.map(shownField), next: null }
    },
  )

  app.post(
    '/office/fields',
    {
      config: { room: 'office', entry: 'field' },
      schema: { body: newFieldSchema, response: { 201: catalogueFieldSchema } },
    },
    async (request, reply) => {
      const field = await addField(house, sessionOf(request).actor, request.body)
      reply.code(201)
      return shownField(field)
    },
  )

  app.post(
    '/office/fields/:code/versions',
    {
      config: { room: 'office', entry: 'field' },
      schema: {
        params: code,
        // The version that is decided anew: somebody else may have written a newer one meanwhile.
        body: decidingSchema.extend({ after: z.int().min(1) }),
        response: { 201: catalogueFieldSchema },
      },
    },
    async (request, reply) => {
      const { after, ...decided } = request.body
      const field = await changeField(house, sessionOf(request).actor, request.params.code, after, decided)
      reply.code(201)
      return shownField(field)
    },
  )

  app.post(
    '/office/fields/:code/retention-previews',
    {
      config: { room: 'office', entry: 'none: how many at most, and nobody; nothing is opened to count it' },
      schema: {
        params: code,
        body: z.strictObject({ retention: retentionSchema }),
        // Customers who may hold a value, and those of them whose value may be over already.
        response: { 200: z.object({ held_at_most: z.int(), over_at_most: z.int() }) },
      },
    },
    async request => {
      const field = await getCatalogueField(house.database, request.params.code)
      const now = house.clock.now()
      const { retention } = request.body
      const months = monthsOf(retention)
      const before = new Date(now)
      before.setUTCMonth(before.getUTCMonth() - (months ?? 0))
      const { held, older } = await heldAtMost(house.database, field.code, before)
      return { held_at_most: held, over_at_most: months === null ? 0 : older }
    },
  )
}
