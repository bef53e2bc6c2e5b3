import { opens } from './grants.ts'
import type { Keeper } from './keeper.ts'
import { type ArrivedBox, openCovered, requireSubject } from './reading.ts'
import { KeeperRefusal } from './refusal.ts'
import type { BoxValues, NewBox } from './requests.ts'
import { requireBoxSlot, sealNew } from './sealing.ts'

/** One box, and what becomes of it. */
export interface ResealedItem extends NewBox {
  /** Under which it is sealed: that of the box, or another. */
  slot: number
  /** The codes of the fields that are left out; what the box does not hold is none. */
  without: string[]
  box: ArrivedBox
}

export interface AskedResealing {
  grant: string
  secret: string
  items: ResealedItem[]
}

/**
 * Seals boxes anew with some of their fields left out, or under another slot, all or none: nobody outside reads what stays in
 * them. Null for a box that stays as it is. The grant must open everything that such a box holds. Refuses as `openBoxes` does;
 * nothing is entered, since nothing is told: the caller notes the change.
 */
export async function reseal(keeper: Keeper, asked: AskedResealing): Promise<(Buffer | null)[]> {
  const { subjects } = keeper.grants.require(asked.grant, asked.secret, keeper.now())
  await keeper.fetch(asked.items.flatMap(item => [item.slot, item.box.slot]))
  await keeper.fetch(asked.items.map(item => subjects.get(item.customer)?.trailSlot ?? item.trailSlot))
  const grant = keeper.grants.require(asked.grant, asked.secret, keeper.now())
  return asked.items.map((item, at) => {
    requireSubject(keeper, grant, { customer: item.customer, trail: item.trailSlot }, at)
    const values = openCovered(keeper, grant, item.box, at)
    const held = Object.keys(values)
    if (!held.every(field => opens(grant, field)))
      throw new KeeperRefusal('outside_grant', { why: 'field', at })
    if (item.slot === item.box.slot && !held.some(field => item.without.includes(field))) return null
    for (const field of item.without) delete values[field]
    return sealAnew(keeper, item, values, at)
  })
}

function sealAnew(keeper: Keeper, item: ResealedItem, values: BoxValues, at: number): Buffer {
  requireBoxSlot(keeper, item, at)
  // Below what the log knows of this row it would never open.
  keeper.floors.require(item.slot, item.row, item.version, at)
  const box = sealNew(keeper, item, values, at)
  keeper.people.hear({ ...item, trail: item.trailSlot }, values)
  return box
}
