import { longestBox, sealBox } from './box.ts'
import { opens } from './grants.ts'
import type { Keeper } from './keeper.ts'
import { type ArrivedBox, openCovered, requireSubject } from './reading.ts'
import { KeeperRefusal } from './refusal.ts'

/** One box, and what becomes of it. */
export interface ResealedItem {
  customer: string
  compartment: string
  row: string
  /** Of the new box: one more than that of the box it replaces. */
  version: number
  /** Under which it is sealed: that of the box, or another. */
  slot: number
  trailSlot: number
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

function sealAnew(
  keeper: Keeper,
  { customer, compartment, row, version, slot, trailSlot: trail }: ResealedItem,
  values: Record<string, unknown>,
  at: number,
): Buffer {
  keeper.slots.requireUsable(slot, at)
  if (slot === trail || keeper.log.head(slot) !== null || keeper.intakes.has(slot))
    throw new KeeperRefusal('subject_slot', { why: 'not a box’s', at })
  // Below what the log knows of this row it would never open.
  keeper.floors.require(slot, row, version, at)
  const place = { organisation: keeper.organisation, customer, compartment, row, version, trail }
  const box = sealBox(keeper.keyAtHand(slot), slot, place, values)
  if (box.length > longestBox) throw new KeeperRefusal('malformed', { why: 'a box longer than 1 MiB', at })
  keeper.people.hear({ customer, compartment, row, version, slot, trail }, values)
  return box
}
