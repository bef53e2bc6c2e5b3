import type { House } from '../core/house.ts'
import { noteOnly } from '../core/outbox.ts'

/**
 * Has the company's trail say that a server begins which may ask for whole card numbers; nothing where the card module is
 * off. That they are taken in at all is the keeper's to decide, by how it was started.
 */
export async function enterCardModule(house: House): Promise<void> {
  if (house.cardNumbers !== true) return
  await noteOnly(house, null, { kind: 'card.module', actor: 'system', result: 'on' })
}
