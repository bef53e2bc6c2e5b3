import type * as z from 'zod'
import type { House } from '../core/house.ts'
import { Refusal } from '../core/refusal.ts'
import { grantSecret, type Session } from '../identity/session.ts'
import {
  documentField,
  listDocumentsOfGrant,
  readDocument,
  type readDocumentSchema,
  shownDocument,
} from './statutory-document.ts'
import { getMyTask } from './task.ts'
import { refuse } from './task-reading.ts'

/**
 * The documents that a task of mine opens; none for a task whose type opens none. Refuses `not_found` and `no_grant` as every
 * reading in a task. Each document's own trail has the reading.
 */
export async function readTaskDocuments(
  house: House,
  session: Session,
  id: string,
): Promise<z.input<typeof readDocumentSchema>[]> {
  const task = await getMyTask(house.database, session, id)
  const { grant } = task
  if (!task.type.fields.includes(documentField.code)) return []
  if (grant === null) return refuse(house, session, task, [documentField.code], new Refusal('no_grant'))
  const key = { grant: grant.id, secret: grantSecret(session.token, grant.id) }
  const documents = await listDocumentsOfGrant(house.database, grant.id)
  const items = []
  for (const document of documents) {
    const content = await readDocument(house, key, document.id, { task: id })
    items.push({ ...shownDocument(document), content })
  }
  return items
}
