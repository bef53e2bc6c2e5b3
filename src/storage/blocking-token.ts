import type { House } from '../core/house.ts'
import { findOwnBoxes, type Key } from './record.ts'

/**
 * The fingerprints under which each of these people is looked for among all others, by subject, under a grant as
 * `findOwnBoxes` takes it. The keeper takes the boxes and answers with fingerprints alone: nothing plain leaves it.
 */
export async function findBlocking(
  house: House,
  key: Key & { id: string },
  compartments: readonly string[],
  subjects: readonly string[],
): Promise<Map<string, Buffer[]>> {
  const items = await findOwnBoxes(house.database, key, compartments, subjects)
  if (items.length === 0) return new Map()
  return house.keeper.blocking({ grant: key.grant, secret: key.secret, items })
}
