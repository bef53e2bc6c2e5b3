import { raise } from './alarm.ts'
import { findAnnounced } from './announcing.ts'
import { headOfBox, openBox } from './box.ts'
import { maskedFor } from './card-mask.ts'
import { type Grant, opens } from './grants.ts'
import type { Keeper } from './keeper.ts'
import type { Appending } from './log.ts'
import { readingEntry, requireFields } from './reading-entry.ts'
import { KeeperRefusal } from './refusal.ts'
import type { BoxItem, BoxValues, GrantSubject, Opened } from './requests.ts'

export const shareTime = 10 * 60_000

/** A box that arrived: its bytes, the slot that it names, and the trail in which its readings are entered. */
export type ArrivedBox = Omit<BoxItem, 'box'> & { box: Buffer; slot: number; trail: number }

export interface Asked {
  grant: string
  secret: string
  fields: string[]
  items: ArrivedBox[]
  act?: string
  task?: string
  list?: boolean
}

export function arrived(item: Omit<BoxItem, 'box'>, box: Buffer, at: number): ArrivedBox {
  return { ...item, box, ...headOfBox(box, at) }
}

/**
 * Opens boxes under a grant. What is answered are the asked and granted fields and nothing else, and it is answered
 * only when an entry for each customer is durable in their trail (invariant 3). All or none: one refused box refuses
 * the request and nothing is logged; one that was announced is in the log either way. Refuses with `no_grant`, `grant_ended`, `outside_grant`, `erased`,
 * `unknown_slot`, `superseded`, `bad_box` (with the position of the box) and `budget`.
 */
export async function openBoxes(keeper: Keeper, asked: Asked, newAct: () => string): Promise<Opened[]> {
  const grant = keeper.grants.require(asked.grant, asked.secret, keeper.now())
  const { subjects, actorSlot } = grant
  const entered = await findAnnounced(keeper, asked)
  await keeper.fetch(asked.items.map(item => item.slot))
  await keeper.fetch(
    asked.items.map(item => subjects.get(item.customer)?.trailSlot ?? 0).filter(slot => slot > 0),
  )
  if (actorSlot !== undefined) await keeper.fetch([actorSlot])
  // INVARIANT: nothing waits from here until the entries have their places, so a revocation comes before or after.
  const now = keeper.now()
  keeper.grants.requireLive(grant, now)
  requireFields(grant, asked.fields)
  const customers = new Map(asked.items.map(item => [item.customer, new Set<string>()]))
  if (entered === null) keeper.grants.requireReadings(grant, customers.size, now)
  const opened = asked.items.map((item, at) => {
    const values = select(grant, asked.fields, openItem(keeper, grant, item, at))
    for (const field of Object.keys(values)) customers.get(item.customer)!.add(field)
    return { values }
  })
  if (entered === null) await writeReadings(keeper, grant, asked, customers, now, newAct)
  else await entered.durable
  return opened
}

/**
 * The subject of a box, when the grant covers it. A grant that names another trail than the box was sealed with would
 * hide the reading from its customer. Refuses with `outside_grant`, or `erased` if the trail is gone.
 */
export function requireSubject(
  keeper: Keeper,
  grant: Grant,
  item: Pick<ArrivedBox, 'customer' | 'trail'>,
  at: number,
): GrantSubject {
  const subject = grant.subjects.get(item.customer)
  if (subject === undefined) throw new KeeperRefusal('outside_grant', { why: 'customer', at })
  if (subject.trailSlot !== item.trail) throw new KeeperRefusal('outside_grant', { why: 'trail', at })
  keeper.slots.requireUsable(subject.trailSlot, at)
  return subject
}

function openItem(keeper: Keeper, grant: Grant, item: ArrivedBox, at: number): BoxValues {
  requireSubject(keeper, grant, item, at)
  return openCovered(keeper, grant, item, at)
}

/** Opens a box whose customer has been judged already. */
export function openCovered(keeper: Keeper, grant: Grant, item: ArrivedBox, at: number): BoxValues {
  const { customer, compartment, row, version, slot, trail, box } = item
  if (!grant.compartments.has(compartment))
    throw new KeeperRefusal('outside_grant', { why: 'compartment', at })
  keeper.slots.requireUsable(slot, at)
  keeper.floors.require(slot, row, version, at)
  const place = { organisation: keeper.organisation, customer, compartment, row, version, trail }
  return openBox(keeper.keyAtHand(slot), place, box, at)
}

function select(grant: Grant, fields: string[], values: BoxValues): BoxValues {
  const all = fields.includes('*')
  const chosen = Object.entries(values).filter(
    ([field]) => (all || fields.includes(field)) && opens(grant, field),
  )
  return Object.fromEntries(chosen.map(([field, value]) => [field, maskedFor(grant.purpose, value)]))
}

/** Writes one entry per customer and resolves when all are durable, shared ones too. */
async function writeReadings(
  keeper: Keeper,
  grant: Grant,
  asked: Asked,
  customers: Map<string, Set<string>>,
  now: number,
  newAct: () => string,
): Promise<void> {
  const act = asked.act ?? newAct()
  const until = asked.list === true ? Math.min(now + shareTime, grant.until) : undefined
  const earlier: Promise<unknown>[] = []
  const unshared: string[] = []
  const entries: Appending[] = []
  for (const [customer, found] of customers) {
    const fields = (asked.fields.includes('*') ? [...found] : [...new Set(asked.fields)]).sort()
    const key = `${grant.id}/${customer}/${fields.join()}`
    const shared = until === undefined ? undefined : keeper.shared.find(key)
    if (shared !== undefined && shared.until > now) {
      earlier.push(shared.durable)
      continue
    }
    const { trailSlot, alias } = grant.subjects.get(customer)!
    entries.push(readingEntry(grant, { trailSlot, subject: alias, fields, act, task: asked.task, until }))
    unshared.push(key)
  }
  const several =
    entries.length > 1 && grant.actorSlot !== undefined && !keeper.slots.isErased(grant.actorSlot)
  if (several) entries.push(actorEntry(grant, asked, act, entries.length))
  const written = keeper.write(entries)
  const alarm = raise(keeper, keeper.grants.countReadings(grant, customers.size, now, unshared.length))
  if (until !== undefined) for (const key of unshared) keeper.shared.keep(key, { until, durable: written })
  await Promise.all([written, alarm, ...earlier])
}

/** What the actor's trail says of a reading of several people: how many, never who. */
function actorEntry(grant: Grant, asked: Asked, act: string, people: number): Appending {
  const about = {
    trailSlot: grant.actorSlot!,
    subject: grant.actor,
    fields: asked.fields,
    act,
    task: asked.task,
  }
  const { trailSlot, body } = readingEntry(grant, about)
  return { trailSlot, body: { ...body, detail: { people } } }
}
