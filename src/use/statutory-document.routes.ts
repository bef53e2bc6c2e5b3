import * as z from 'zod'
import { requireAct } from '../collection/act.ts'
import type { House } from '../core/house.ts'
import type { App } from '../core/http.ts'
import { sessionOf } from '../identity/session.ts'
import {
  listDocuments,
  ownDocumentSchema,
  readDocumentSchema,
  readOwnDocuments,
} from './statutory-document.ts'
import { readTaskDocuments } from './task-documents.ts'

/** What the law makes the company keep, as its customer and as a task of its basis read it. */
export async function statutoryDocumentRoutes(app: App, house: House): Promise<void> {
  app.get(
    '/portal/documents',
    {
      config: { room: 'portal', entry: 'reading' },
      schema: { response: { 200: z.object({ items: z.array(ownDocumentSchema) }) } },
    },
    async request => {
      const session = sessionOf(request)
      await requireAct(house, session, 'view')
      const documents = await listDocuments(house.database, session.subject)
      return { items: await readOwnDocuments(house, documents, session) }
    },
  )

  app.get(
    '/work/tasks/:id/documents',
    {
      config: { room: 'work', entry: 'reading' },
      schema: {
        params: z.object({ id: z.uuid() }),
        response: { 200: z.object({ items: z.array(readDocumentSchema) }) },
      },
    },
    async request => ({ items: await readTaskDocuments(house, sessionOf(request), request.params.id) }),
  )
}
