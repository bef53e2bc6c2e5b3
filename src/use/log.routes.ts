import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { Refusal } from '../core/refusal.ts'
import { parseTilePath } from '../keeper/checkpoint.ts'
import { KeeperRefusal } from '../keeper/client.ts'
import { checkpointToShow } from './cosigned-checkpoint.ts'

/** So many in a minute for one address: a client that follows the log needs a handful. */
const rateLimit = { max: 600, timeWindow: '1 minute' }
const forever = 'public, max-age=31536000, immutable'

const keysSchema = z.object({
  /** The verifier key of the log's checkpoints and trail heads. */
  log: z.string(),
  /** The raw Ed25519 key of receipts, base64. */
  receipt: z.string(),
  /** Who cosigns the log: each one's verifier key, and where anybody can ask it what it has signed. */
  witnesses: z.array(z.object({ key: z.string(), url: z.string() })),
})

/**
 * The log for whoever wants to check it (C2SP tlog-tiles): the newest checkpoint with the signatures of the witnesses
 * under it, the public keys, and tiles of hashes and of leaves. A leaf is a salted commitment: none of this says what an
 * entry holds, whom it is about or who wrote it.
 */
export async function logRoutes(app: App, house: House): Promise<void> {
  app.get(
    '/log/checkpoint',
    {
      config: { room: 'public', entry: 'none: hashes of the log, which say nothing of anybody', rateLimit },
      schema: { response: { 200: { content: { 'text/plain': { schema: z.string() } } } } },
    },
    async (_request, reply) => {
      reply.type('text/plain; charset=utf-8')
      return checkpointToShow(house)
    },
  )

  app.get(
    '/log/keys',
    {
      config: { room: 'public', entry: 'none: public keys', rateLimit, beforeOpening: true },
      schema: { response: { 200: keysSchema } },
    },
    async () => {
      const { vkey, receiptKey } = await house.keeper.status()
      return { log: vkey, receipt: receiptKey, witnesses: [...(house.witnesses ?? [])] }
    },
  )

  app.get(
    '/log/tile/*',
    {
      config: { room: 'public', entry: 'none: hashes of the log, which say nothing of anybody', rateLimit },
      schema: {
        params: z.strictObject({ '*': z.string().max(64) }),
        response: { 200: { content: { 'application/octet-stream': { schema: z.any() } } } },
      },
    },
    async (request, reply) => {
      const name = parseTilePath(`tile/${request.params['*']}`)
      if (name === null) throw new Refusal('not_found')
      const tile = await house.keeper.tile(name).catch(error => {
        if (error instanceof KeeperRefusal && error.code === 'malformed') throw new Refusal('not_found')
        throw error
      })
      return reply.type('application/octet-stream').header('cache-control', forever).send(tile)
    },
  )
}
