import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { sessionOf } from '../identity/session.ts'
import {
  type BasisVersion,
  basisCode,
  decideBasis,
  declaredSchema,
  listBases,
  proposeBasis,
} from './statutory-basis.ts'

const time = z.iso.datetime()
const shownWords = z.object({ en: z.string(), it: z.string() })

const versionSchema = declaredSchema.extend({
  // What was judged when it came in goes out as it is.
  ...{ name: shownWords, law: shownWords, why: shownWords, fields: z.array(z.string()) },
  ...{ readers: z.array(z.string()), basis: z.string(), version: z.int() },
  ...{ proposed_by: z.string().nullable(), proposed_at: time.nullable() },
  ...{ decided_by: z.string().nullable(), decided_at: time.nullable(), approved: z.boolean().nullable() },
})

const shown = ({ proposed_at, decided_at, ...version }: BasisVersion): z.input<typeof versionSchema> => ({
  ...version,
  ...{ proposed_at: proposed_at?.toISOString() ?? null, decided_at: decided_at?.toISOString() ?? null },
})

/** By which laws documents are kept without consent: read by officers, proposed by one and confirmed by another. */
export async function statutoryBasisRoutes(app: App, house: House): Promise<void> {
  app.get(
    '/office/bases',
    {
      config: { room: 'office', entry: 'none: what the law says, and nobody' },
      schema: {
        response: {
          200: z.object({
            items: z.array(
              z.object({
                ...{ code: z.string(), closed: z.boolean(), newest: z.int(), now: versionSchema.nullable() },
                versions: z.array(versionSchema),
              }),
            ),
          }),
        },
      },
    },
    async () => ({
      items: (await listBases(house.database)).map(({ now, versions, ...basis }) => ({
        ...{ ...basis, now: now === null ? null : shown(now), versions: versions.map(shown) },
      })),
    }),
  )

  app.post(
    '/office/bases',
    {
      config: { room: 'office', entry: 'basis' },
      schema: {
        // `after` is the newest version that was seen; 0 for a basis that is new.
        body: declaredSchema.extend({ code: basisCode, after: z.int().min(0) }),
        response: { 201: versionSchema },
      },
    },
    async (request, reply) => {
      const version = await proposeBasis(house, sessionOf(request), request.body)
      reply.code(201)
      return shown(version)
    },
  )

  app.post(
    '/office/bases/:code/decisions',
    {
      config: { room: 'office', entry: 'basis' },
      schema: {
        params: z.strictObject({ code: basisCode }),
        body: z.strictObject({ version: z.int().min(1).max(2_147_483_647), approved: z.boolean() }),
        response: { 201: versionSchema },
      },
    },
    async (request, reply) => {
      const { code } = request.params
      const decided = await decideBasis(house, sessionOf(request), { code, ...request.body })
      reply.code(201)
      return shown(decided)
    },
  )
}
