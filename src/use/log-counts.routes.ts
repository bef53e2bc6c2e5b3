import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { countEntries, spans } from './log-counts.ts'

const count = z.int().min(0)

const countsSchema = z.object({
  /** The first day that is counted, in UTC. */
  from: z.iso.date(),
  /** How many entries of each kind, the most frequent first. */
  kinds: z.array(z.object({ kind: z.string(), count })),
  /** Days that have entries, the newest first. */
  days: z.array(
    z.object({ day: z.iso.date(), count, kinds: z.array(z.object({ kind: z.string(), count })) }),
  ),
  table: z.object({
    /** Entries of the log, from the first on, that are in the table. */
    entries: count,
    /** False where the table is not what the log holds: then nothing that is counted here means anything. */
    whole: z.boolean(),
  }),
  log: z.object({
    size: count,
    checkpoint: z.string(),
    /** The newest tree that somebody elsewhere has signed. */
    cosigned: z.object({ witness: z.string(), size: count, at: z.iso.datetime() }).nullable(),
  }),
})

/** What is in the log, counted by kind and day, and how the log stands. Nobody is named, nor any trail. */
export async function logCountsRoutes(app: App, house: House): Promise<void> {
  app.get(
    '/office/log-counts',
    {
      config: { room: 'office', entry: 'none: counts by kind, of nobody' },
      schema: {
        querystring: z.strictObject({ days: z.enum(spans).default('7') }),
        response: { 200: countsSchema },
      },
    },
    async request => {
      const { log, ...counts } = await countEntries(house, Number(request.query.days))
      const { cosigned } = log
      return {
        ...counts,
        log: { ...log, cosigned: cosigned === null ? null : { ...cosigned, at: cosigned.at.toISOString() } },
      }
    },
  )
}
