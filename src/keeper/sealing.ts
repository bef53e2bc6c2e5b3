import { longestBox, sealBox } from './box.ts'
import type { Keeper } from './keeper.ts'
import { KeeperRefusal } from './refusal.ts'
import type { BoxValues, NewBox } from './requests.ts'

/** Nobody seals into a trail, whose key is for entries alone, nor into the slot of an intake key. */
export function requireBoxSlot(keeper: Keeper, { slot, trailSlot }: NewBox, at: number): void {
  keeper.slots.requireUsable(slot, at)
  if (slot === trailSlot || keeper.log.head(slot) !== null || keeper.intakes.has(slot))
    throw new KeeperRefusal('subject_slot', { why: 'not a box’s', at })
}

/** The box of these values at its place. The key of its slot must be at hand. */
export function sealNew(
  keeper: Keeper,
  { customer, compartment, row, version, slot, trailSlot: trail }: NewBox,
  values: BoxValues,
  at: number,
): Buffer {
  const place = { organisation: keeper.organisation, customer, compartment, row, version, trail }
  const box = sealBox(keeper.keyAtHand(slot), slot, place, values)
  if (box.length > longestBox) throw new KeeperRefusal('malformed', { why: 'a box longer than 1 MiB', at })
  return box
}
