import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { DevelopmentOutbox } from '../core/mail.ts'
import { findOrganisation } from './organisation.ts'

const company = z.strictObject({
  open: z.boolean(),
  name: z.string().nullable(),
  demo: z.boolean(),
  languages: z.array(z.enum(['en', 'it'])),
  development_outbox: z.boolean(),
})

/** What every page needs to know before anybody signs in. */
export async function organisationRoutes(app: App, house: House): Promise<void> {
  app.get(
    '/company',
    {
      config: { room: 'public', entry: 'none: says nothing of anybody', beforeOpening: true },
      schema: { response: { 200: company } },
    },
    async () => {
      const organisation = await findOrganisation(house.database)
      return {
        open: organisation !== null,
        name: organisation?.name ?? null,
        demo: house.demo,
        languages: ['en' as const, 'it' as const],
        development_outbox: house.post instanceof DevelopmentOutbox,
      }
    },
  )
}
