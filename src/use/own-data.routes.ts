import * as z from 'zod'
import { mayAct, requireAct } from '../collection/act.ts'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { sessionOf } from '../identity/session.ts'
import { consentReceipt } from './consent-receipt.ts'
import { bundleOwn, ownBundleSchema } from './own-bundle.ts'
import { ownDataSchema, readOwnData } from './own-data.ts'
import { exportOwn, ownExportSchema } from './own-export.ts'
import { portalGrant } from './portal-grant.ts'
import { pageOfTrail, readTrail, showEntries, shownEntrySchema, trailQuery } from './trail.ts'

/** What is held about the customer, who looked at it, and all of it to take away. */
export async function ownDataRoutes(app: App, house: House): Promise<void> {
  app.get(
    '/portal/data',
    {
      config: { room: 'portal', entry: 'reading' },
      schema: {
        // `shown`: all of it, or a refusal. Without it what is sensitive is withheld unless it may be seen just now.
        querystring: z.strictObject({ sensitive: z.literal('shown').optional() }),
        response: { 200: ownDataSchema },
      },
    },
    async request => {
      const session = sessionOf(request)
      await requireAct(house, session, request.query.sensitive === 'shown' ? 'view_sensitive' : 'view')
      return readOwnData(house, session, { sensitive: await mayAct(house, session, 'view_sensitive') })
    },
  )

  app.get(
    '/portal/entries',
    {
      config: { room: 'portal', entry: 'reading' },
      schema: {
        querystring: z.strictObject(trailQuery),
        response: { 200: z.object({ items: z.array(shownEntrySchema), next: z.string().nullable() }) },
      },
    },
    async request => {
      const session = sessionOf(request)
      const trail = await readTrail(house, await portalGrant(house, session), session.trail)
      const { after, limit } = request.query
      const { entries, next } = pageOfTrail(trail, { after, limit })
      return { items: await showEntries(house.database, entries), next }
    },
  )

  app.get(
    '/portal/export',
    {
      config: {
        room: 'portal',
        entry: 'reading',
        rateLimit: { max: 20, timeWindow: '1 minute' },
      },
      schema: { response: { 200: ownExportSchema } },
    },
    async (request, reply) => {
      const session = sessionOf(request)
      await requireAct(house, session, 'export')
      const whole = await exportOwn(house, session)
      reply.header('content-disposition', `attachment; filename="custode-${session.alias}.json"`)
      return whole
    },
  )

  app.get(
    '/portal/consents/:id/receipt',
    {
      config: {
        room: 'portal',
        entry: 'reading',
        rateLimit: { max: 60, timeWindow: '1 minute' },
      },
      schema: {
        params: z.strictObject({ id: z.uuid() }),
        // JSON-LD (W3C DPV); `custode:proof` is checked by `custode receipt verify`.
        response: { 200: z.looseObject({ '@type': z.literal('dpv:ConsentReceipt') }) },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const receipt = await consentReceipt(house, sessionOf(request), id)
      reply.header('content-disposition', `attachment; filename="custode-agreement-${id.slice(0, 8)}.json"`)
      return receipt as { '@type': 'dpv:ConsentReceipt' }
    },
  )

  app.get(
    '/portal/log-bundle',
    {
      config: {
        room: 'portal',
        entry: 'reading',
        rateLimit: { max: 60, timeWindow: '1 minute' },
      },
      schema: {
        querystring: z.strictObject({ from: z.coerce.number().int().min(0).optional() }),
        response: { 200: ownBundleSchema },
      },
    },
    async (request, reply) => {
      const session = sessionOf(request)
      const bundle = await bundleOwn(house, session, request.query.from)
      reply.header('content-disposition', `attachment; filename="custode-${session.alias}-log.json"`)
      return bundle
    },
  )
}
