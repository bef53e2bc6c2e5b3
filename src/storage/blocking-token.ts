import type { House } from '../core/house.ts'
import { findBoxes, type Key } from './record.ts'

/**
 * The fingerprints under which each of these people is looked for among all others, by subject. The grant is a job's that
 * names nobody; PostgreSQL hands out the boxes of those whom it names there for it. The keeper takes the boxes and answers with
 * fingerprints alone: nothing plain leaves it.
 */
export async function findBlocking(
  house: House,
  key: Key & { id: string },
  compartments: readonly string[],
  subjects: readonly string[],
): Promise<Map<string, Buffer[]>> {
  await house.database.query(
    `insert into grant_subject (grant_id, subject)
     select $1, s.id from subject s where s.id = any ($2) on conflict do nothing`,
    [key.id, subjects],
  )
  const found = await Promise.all(
    subjects.map(async customer => {
      const boxes = await findBoxes(house.database, key, customer, compartments, [customer])
      return boxes.map(({ compartment, row, version, bytes: box }) => ({
        customer,
        compartment,
        row,
        version,
        box,
      }))
    }),
  )
  const items = found.flat()
  if (items.length === 0) return new Map()
  return house.keeper.blocking({ grant: key.grant, secret: key.secret, items })
}
