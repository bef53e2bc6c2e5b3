import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { intakeProof, intakeProofSchema } from './intake-page.ts'

/** So many in a minute for one address: a form asks once for each time that it is sent. */
const rateLimit = { max: 120, timeWindow: '1 minute' }

/**
 * What the page for sealed forms asks for by itself, from an origin that is nobody's: no cookie comes along, so both are
 * for everybody.
 */
export async function intakePageRoutes(app: App, house: House): Promise<void> {
  app.get(
    '/intake-key',
    {
      config: {
        ...{ room: 'public', rateLimit },
        entry: 'none: a public key, whose making the keeper enters',
      },
      schema: { response: { 200: z.object({ note: z.string(), slot: z.int(), vkey: z.string() }) } },
    },
    async (_request, reply) => {
      reply.header('access-control-allow-origin', '*').header('cross-origin-resource-policy', 'cross-origin')
      const [key, { vkey }] = await Promise.all([house.keeper.intakeKey(), house.keeper.status()])
      return { ...key, vkey }
    },
  )

  app.get(
    '/intake-proof',
    {
      config: {
        ...{ room: 'public', rateLimit, beforeOpening: true },
        entry: 'none: an entry of the company’s trail that is public',
      },
      schema: { response: { 200: intakeProofSchema } },
    },
    () => intakeProof(house),
  )
}
