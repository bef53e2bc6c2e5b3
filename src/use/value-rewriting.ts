import { listLiveConsents } from '../collection/consent.ts'
import { compartmentsOfAny } from '../collection/field.ts'
import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import type { Floor } from '../keeper/client.ts'
import { replace } from '../storage/keeping.ts'
import { rowsOf } from '../storage/sealed-row.ts'
import { withJobGrant } from './grant.ts'
import { type Key, type OpenedBox, read, type Value, type Values } from './reading.ts'

/** Somebody's own values of some fields as they were read, and the way to put others in their place. */
export interface Rewriting {
  values: Values
  /**
   * Puts these in the place of what was read, the rest of each box as it was. Refuses `conflict` where a box has changed
   * since. Returns the floors to note.
   */
  put(tx: Tx, changed: ReadonlyMap<string, Value>): Promise<Floor[]>
}

/** Reads the boxes of these fields, whole, under a grant that covers them. */
export async function rewritingUnder(
  house: House,
  key: Key,
  subject: string,
  codes: readonly string[],
): Promise<Rewriting> {
  const places = await compartmentsOfAny(house.database, codes)
  const compartments = [...new Set(places.values())]
  const rows = await rowsOf(house.database, subject, codes)
  const boxes = await read(house, key, subject, { fields: ['*'], compartments, rows })
  const all: Values = Object.assign({}, ...boxes.map(box => box.values))
  const held = codes.filter(code => all[code] !== undefined)
  return {
    values: Object.fromEntries(held.map(code => [code, all[code]!])),
    put: async (tx, changed) => {
      const live = await listLiveConsents(tx, subject)
      const basis = { fields: live.flatMap(consent => consent.fields) }
      await tx.query('select enter($1, $2)', [key.grant, key.secret])
      const floors: Floor[] = []
      for (const box of boxes) {
        const here = [...changed].filter(([code]) => box.values[code] !== undefined)
        if (here.length > 0)
          floors.push(await replace(tx, house, basis, { subject, ...box }, withIn(box, here)))
      }
      return floors
    },
  }
}

const withIn = (box: OpenedBox, changed: [string, Value][]): Values => ({
  ...box.values,
  ...Object.fromEntries(changed),
})

/**
 * The same for the system, which writes what an employee, a link or a provider has shown: an employee's own grant opens
 * some fields of a box and could not seal the others again.
 */
export async function rewriting<T>(
  house: House,
  subject: string,
  codes: readonly string[],
  work: (rewriting: Rewriting) => Promise<T>,
): Promise<T> {
  const compartments = [...new Set((await compartmentsOfAny(house.database, codes)).values())]
  const wanted = { subjects: [subject], fields: ['*'], compartments, purpose: 'verification' }
  return withJobGrant(house, { ...wanted, minutes: 5, most: 10 }, async grant =>
    work(await rewritingUnder(house, grant, subject, codes)),
  )
}
