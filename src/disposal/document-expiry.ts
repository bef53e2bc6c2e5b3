import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { noteOnly } from '../core/outbox.ts'
import { erase } from './erasure.ts'

/**
 * Destroys the documents whose time by law is over: each with its slot, its trail and its row, by an erasure with a record, as
 * everything is that is erased. Its customer, if they are still here, reads of it in their log.
 */
export async function expireDocuments(house: House): Promise<void> {
  const over = await house.database.query<{ id: string; customer: string | null; basis: string }>(
    'select subject as id, customer, basis from statutory_document where until <= $1 order by until limit 100',
    [house.clock.now()],
  )
  for (const { id, customer, basis } of over) {
    const act = newId()
    // First, since nothing says afterwards whose it was; where the erasure is cut off it is said again.
    if (customer !== null)
      await noteOnly(house, customer, {
        ...{ kind: 'document.end', actor: 'system', act, result: 'erased', detail: { document: id, basis } },
      })
    await erase(house, { act, subject: id, actor: 'system', reason: 'statute', keepsTrail: false })
  }
}
