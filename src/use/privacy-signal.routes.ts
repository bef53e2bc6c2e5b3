import * as z from 'zod'
import { saysNo, signalHeardAt } from '../collection/privacy-signal.ts'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { sessionOf } from '../identity/session.ts'
import { hearSignal } from './privacy-signal.ts'

/** When we began to honour the signal, as a browser or an auditor reads it. */
const honouredSince = '2026-11-28'

const shown = z.object({
  /** When the customer's browser said so first; null when it never did. */
  heard_at: z.iso.datetime().nullable(),
  /** Whether this very request says so. */
  now: z.boolean(),
})

/** `navigator.globalPrivacyControl` has no header in some browsers, so the page may tell it as well. */
export async function privacySignalRoutes(app: App, house: House): Promise<void> {
  app.get(
    '/portal/privacy-signal',
    {
      config: { room: 'portal', entry: 'none: when a browser said no, to its own customer' },
      schema: { response: { 200: shown } },
    },
    async request => told(await signalHeardAt(house.database, sessionOf(request).subject), saysNo(request)),
  )

  app.post(
    '/portal/privacy-signal',
    {
      config: { room: 'portal', entry: 'privacy.signal' },
      schema: { body: z.strictObject({}), response: { 201: shown } },
    },
    async (request, reply) => {
      const { subject } = sessionOf(request)
      await hearSignal(house, subject)
      reply.code(201)
      return told(await signalHeardAt(house.database, subject), true)
    },
  )
}

/** Says at the place that the specification names that the signal is honoured here. */
export async function gpcSupportRoute(app: App): Promise<void> {
  app.get(
    '/.well-known/gpc.json',
    {
      config: { room: 'public', entry: 'none: the same for everyone' },
      schema: { response: { 200: z.object({ gpc: z.literal(true), lastUpdate: z.iso.date() }) } },
    },
    () => ({ gpc: true as const, lastUpdate: honouredSince }),
  )
}

const told = (heardAt: Date | null, now: boolean) => ({ heard_at: heardAt?.toISOString() ?? null, now })
