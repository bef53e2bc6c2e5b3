import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { sha256 } from '../core/ids.ts'
import { listDocumentsByLink, ownDocumentSchema, readOwnDocuments } from '../use/statutory-document.ts'
import { getDestructionByLink } from './destruction.ts'

/** For who has left: what the law makes the company keep of them, by the link of their receipt. */
export async function documentViewRoutes(app: App, house: House): Promise<void> {
  app.post(
    '/document-views',
    {
      config: { room: 'public', entry: 'reading', rateLimit: { max: 20, timeWindow: '1 minute' } },
      schema: {
        body: z.strictObject({ link: z.string().min(1).max(200) }),
        response: { 200: z.object({ items: z.array(ownDocumentSchema) }) },
      },
    },
    async request => {
      const { link } = request.body
      await getDestructionByLink(house.database, link)
      const documents = await listDocumentsByLink(house.database, sha256(link))
      return { items: await readOwnDocuments(house, documents, null) }
    },
  )
}
