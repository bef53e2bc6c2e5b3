import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { Refusal } from '../core/refusal.ts'
import type { Floor } from '../keeper/client.ts'
import type { Box, Key } from './record.ts'

/** A box as it lies in the database, and the codes of the fields that are left out of it; those it does not hold are none. */
export interface Leaving {
  box: Box
  without: readonly string[]
}

/**
 * Has the keeper seal boxes anew with these fields left out, under the slot they have or another, and puts them in their place:
 * nothing that stays in them is read. A box that holds none of the fields stays as it is. The caller has entered the
 * transaction with this grant, and it covers the boxes. Refuses `conflict` where one has changed since it was found. Returns
 * the floors to note.
 */
export async function leaveOut(
  tx: Tx,
  house: House,
  key: Key,
  subject: string,
  leaving: readonly Leaving[],
  slot: number | null = null,
): Promise<Floor[]> {
  if (leaving.length === 0) return []
  const { trail } = await tx.one<{ trail: number }>('select trail from subject where id = $1', [subject])
  const items = leaving.map(({ box: { bytes, ...box }, without }) => ({
    ...{ customer: subject, compartment: box.compartment, row: box.row, version: box.version + 1 },
    ...{ slot: slot ?? box.slot, trailSlot: trail, without: [...without], box: bytes },
  }))
  const boxes = await house.keeper.reseal(key, items)
  const anew = items.flatMap((item, at) => {
    const bytes = boxes[at]
    return bytes == null ? [] : [{ ...item, bytes }]
  })
  const changed = await tx.query(
    `update box b set version = t.v, bytes = t.b
       from unnest($2::text[], $3::uuid[], $4::integer[], $5::bytea[]) as t (c, r, v, b)
      where b.subject = $1 and b.compartment = t.c and b.row = t.r and b.version = t.v - 1 returning b.row`,
    [
      ...[subject, anew.map(item => item.compartment), anew.map(item => item.row)],
      ...[anew.map(item => item.version), anew.map(item => item.bytes)],
    ],
  )
  if (changed.length !== anew.length) throw new Refusal('conflict', { why: 'a box has changed meanwhile' })
  return anew.map(item => ({ customer: subject, row: item.row, slot: item.slot, version: item.version }))
}
