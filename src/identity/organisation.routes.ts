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
  /** Whether a field may ask for the whole number of a card. */
  card_numbers: z.boolean(),
  /** What anyone needs to check the log and a receipt without us; null while the keeper does not answer. */
  keys: z.strictObject({ log: z.string(), receipts: z.string() }).nullable(),
})
type Keys = z.infer<typeof company>['keys']

/** What every page needs to know before anybody signs in, and the public keys, which are for everybody. */
export async function organisationRoutes(app: App, house: House): Promise<void> {
  const publicKeys = publicKeysOf(house)
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
        card_numbers: house.cardNumbers === true,
        development_outbox: house.post instanceof DevelopmentOutbox,
        keys: await publicKeys(),
      }
    },
  )
}

/** Asks the keeper until it has answered once: its keys stay the same for the life of its log. */
function publicKeysOf(house: House): () => Promise<Keys> {
  let known: Keys = null
  return async () => {
    if (known !== null) return known
    const status = await house.keeper.status().catch(() => null)
    if (status !== null) known = { log: status.vkey, receipts: status.receiptKey }
    return known
  }
}
