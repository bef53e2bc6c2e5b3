import type { FloorRecord } from './floors.ts'
import type { Keeper } from './keeper.ts'
import { KeeperRefusal } from './refusal.ts'
import type { Appended, Change } from './requests.ts'
import { organisationTrail } from './reserved.ts'

/** Kinds that only the keeper itself may write. */
const own = new Set([
  ...['reading', 'tokens', 'grant', 'revocation'],
  ...['lease', 'shred', 'shred.complete', 'roll.begun', 'rolled', 'restoring', 'recovery'],
  ...['custodian', 'alarm', 'intake', 'search'],
])

/**
 * Appends changes in order, all or none; floors rise with them. An id that was seen answers its old index, durable
 * by then. Refuses with `change_gap` a change that is not its subject's next, with `gone` one for a shredded trail,
 * with `malformed` a kind that only the keeper writes.
 */
export async function appendChanges(keeper: Keeper, changes: Change[]): Promise<Appended[]> {
  await keeper.fetch(changes.map(change => change.trailSlot))
  const fresh = requireInOrder(keeper, changes)
  const first = keeper.log.next
  const written = keeper.write(fresh.map(entryOf))
  // Refused whole: nothing may be remembered of it.
  if (keeper.log.next === first) await written
  fresh.forEach((change, at) => {
    keeper.changes.record(change.id, change.number, change.trailSlot, first + at)
    for (const floor of floorsOf(change)) {
      keeper.floors.raise(floor)
      keeper.people.raise(...floor)
    }
  })
  await written
  const appended = changes.map(({ id }) => ({ id, index: keeper.changes.find(id)! }))
  await keeper.durable(Math.max(...appended.map(one => one.index)))
  return appended
}

/** The changes that were not seen before. */
function requireInOrder(keeper: Keeper, changes: Change[]): Change[] {
  const last = new Map<number, number>()
  const ids = new Set<string>()
  return changes.filter((change, at) => {
    const { id, number, trailSlot } = change
    if (ids.has(id)) throw new KeeperRefusal('malformed', { why: 'the same id twice', at })
    ids.add(id)
    if (keeper.changes.find(id) !== null) return false
    if (own.has(change.body.kind)) throw new KeeperRefusal('malformed', { why: 'a kind of the keeper', at })
    if (trailSlot !== organisationTrail) keeper.slots.requireIssued(trailSlot, at)
    if (keeper.intakes.has(trailSlot)) throw new KeeperRefusal('subject_slot', { at })
    if (keeper.slots.isErased(trailSlot))
      throw new KeeperRefusal('gone', { why: 'its trail was shredded', at })
    // Only a person's changes are counted. One of somebody forgotten meanwhile goes to the organisation's trail.
    if (trailSlot === organisationTrail) return true
    const before = last.get(trailSlot) ?? keeper.changes.last(trailSlot)
    keeper.changes.require(number, before, at)
    if (number !== 0) last.set(trailSlot, number)
    return true
  })
}

const floorsOf = (change: Change): FloorRecord[] =>
  (change.floors ?? []).map(({ slot, row, version }) => [slot, row, version])

function entryOf(change: Change) {
  const { id, number, trailSlot, body } = change
  const floors = floorsOf(change)
  return { trailSlot, body, control: { change: { id, number }, ...(floors.length === 0 ? {} : { floors }) } }
}
