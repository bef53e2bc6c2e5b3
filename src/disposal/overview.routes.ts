import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'

const count = z.int().min(0)

const overviewSchema = z.object({
  customers: count,
  applicants: count,
  tasks: z.object({ open: count, taken: count }),
  log: z.object({ size: count, checkpoint: z.string(), vkey: z.string() }),
  keeper: z.object({
    ...{ epoch: count, waiting: count, grants: count, places: count },
    custodians: z.array(z.object({ id: z.string(), kind: z.string() })),
    /** Custodians by id and places by number that cannot be reached now. */
    unreached: z.array(z.string()),
    settled: z.boolean(),
    recoveries: z.array(z.object({ id: z.string(), until: z.iso.datetime() })),
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
      const [counts, keeper, checkpoint] = await Promise.all([
        countAll(house),
        house.keeper.status(),
        house.keeper.checkpoint(),
      ])
      return {
        customers: counts.customers,
        applicants: counts.applicants,
        tasks: { open: counts.open, taken: counts.taken },
        log: { size: keeper.size, checkpoint, vkey: keeper.vkey },
        keeper: {
          ...{ epoch: keeper.epoch, waiting: keeper.waiting, grants: keeper.grants },
          // The keeper's own folder is a place as well.
          places: keeper.places + 1,
          ...{ custodians: keeper.custodians, unreached: keeper.unreached },
          ...{ settled: keeper.settled, recoveries: keeper.recoveries },
        },
        erasures: { total: counts.erasures, waiting_t1: counts.waiting },
      }
    },
  )
}

const countAll = (house: House): Promise<Counts> =>
  house.database.one<Counts>(
    `select (select count(*) from customer) as customers,
            (select count(*) from subject where kind = 'applicant') as applicants,
            t.open, t.taken, e.erasures, e.waiting
       from (select count(*) filter (where assignee is null) as open,
                    count(*) filter (where assignee is not null) as taken
               from task where not exists (select 1 from task_closure c where c.task = task.id)) t,
            (select count(*) as erasures, count(*) filter (where t1 is null) as waiting from erasure) e`,
  )
