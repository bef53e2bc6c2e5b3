import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { sessionOf } from '../identity/session.ts'
import { countDuplicates } from './duplicate.ts'
import { askForSearch } from './duplicate-search.ts'

const counts = z.object({
  waiting: z.int(),
  same: z.int(),
  not_same: z.int(),
  cannot_say: z.int(),
  merged: z.int(),
})

/** The officer has duplicates looked for, and sees how many; never who. */
export async function duplicateRoutes(app: App, house: House): Promise<void> {
  app.get(
    '/office/duplicates',
    {
      config: { room: 'office', entry: 'none: counts, nobody by name or alias' },
      schema: { response: { 200: counts } },
    },
    () => countDuplicates(house.database),
  )

  app.post(
    '/office/duplicate-searches',
    {
      config: { room: 'office', entry: 'duplicate.search' },
      schema: { body: z.strictObject({}), response: { 202: z.object({}) } },
    },
    async (request, reply) => {
      await askForSearch(house, sessionOf(request).actor)
      reply.code(202)
      return {}
    },
  )
}
