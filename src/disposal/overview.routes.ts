import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { witnessStandings, witnessStates } from '../use/witness-standing.ts'

const count = z.int().min(0)

const overviewSchema = z.object({
  customers: count,
  applicants: count,
  tasks: z.object({ open: count, taken: count }),
  log: z.object({ size: count, checkpoint: z.string(), vkey: z.string() }),
  /** Who cosigns the log, and how each of them stands. */
  witnesses: z.array(
    z.object({
      ...{ name: z.string(), url: z.string(), state: z.enum(witnessStates) },
      since: z.iso.datetime().nullable(),
      cosigned: z.object({ size: count, at: z.iso.datetime() }).nullable(),
      /** The checkpoint it has signed that does not fit this log. */
      held: z.string().nullable(),
    }),
  ),
  keeper: z.object({
    ...{ epoch: count, waiting: count, grants: count, places: count },
    custodians: z.array(z.object({ id: z.string(), kind: z.string() })),
    /** Custodians by id and places by number that cannot be reached now. */
    unreached: z.array(z.string()),
    settled: z.boolean(),
    recoveries: z.array(z.object({ id: z.string(), until: z.iso.datetime() })),
    /** Custodians that may still hold a key with which old copies of the keybook open: nobody destroyed it. */
    left_out: z.array(z.object({ id: z.string(), since: z.iso.datetime() })),
  }),
  erasures: z.object({ total: count, waiting_t1: count }),
})

interface Counts {
  customers: number
  applicants: number
  open: number
  taken: number
  erasures: number
  waiting: number
}

/** What the officer sees first: counts, the state of log and keeper, and nobody. */
export async function overviewRoutes(app: App, house: House): Promise<void> {
  app.get(
    '/office/overview',
    {
      config: { room: 'office', entry: 'none: counts, and nothing of anybody' },
      schema: { response: { 200: overviewSchema } },
    },
    async () => {
      const [counts, keeper, checkpoint, witnesses] = await Promise.all([
        countAll(house),
        house.keeper.status(),
        house.keeper.checkpoint(),
        witnessStandings(house),
      ])
      return {
        customers: counts.customers,
        applicants: counts.applicants,
        tasks: { open: counts.open, taken: counts.taken },
        log: { size: keeper.size, checkpoint, vkey: keeper.vkey },
        witnesses: witnesses.map(({ since, cosigned, ...one }) => ({
          ...{ ...one, since: since?.toISOString() ?? null },
          cosigned: cosigned === null ? null : { size: cosigned.size, at: cosigned.at.toISOString() },
        })),
        keeper: {
          ...{ epoch: keeper.epoch, waiting: keeper.waiting, grants: keeper.grants },
          // The keeper's own folder is a place as well.
          places: keeper.places + 1,
          ...{ custodians: keeper.custodians, unreached: keeper.unreached },
          ...{ settled: keeper.settled, recoveries: keeper.recoveries },
          left_out: keeper.leftOut
            .filter(({ ended }) => ended === null)
            .map(({ id, since }) => ({ id, since })),
        },
        erasures: { total: counts.erasures, waiting_t1: counts.waiting },
      }
    },
  )
}

const countAll = (house: House): Promise<Counts> =>
  house.database.one<Counts>(
    `select (select count(*) from customer where kind = 'customer') as customers,
            (select count(*) from subject where kind = 'applicant') as applicants,
            t.open, t.taken, e.erasures, e.waiting
       from (select count(*) filter (where assignee is null) as open,
                    count(*) filter (where assignee is not null) as taken
               from task where not exists (select 1 from task_closure c where c.task = task.id)) t,
            (select count(*) as erasures, count(*) filter (where t1 is null) as waiting from erasure) e`,
  )
