import { randomUUID } from 'node:crypto'
import { framed } from './cipher.ts'
import { canonical } from './entry.ts'
import { opens } from './grants.ts'
import { hpkeOpen, x25519PublicBytes } from './hpke.ts'
import { signIntakeKey } from './intake-note.ts'
import { faultOf, type IntakeRule } from './intake-rule.ts'
import type { LiveIntake } from './intakes.ts'
import type { Keeper } from './keeper.ts'
import { type ArrivedBox, openCovered, requireSubject } from './reading.ts'
import { KeeperRefusal } from './refusal.ts'
import type { BoxValues, NewBox } from './requests.ts'
import { organisationTrail } from './reserved.ts'
import { requireBoxSlot, sealNew } from './sealing.ts'

/** How long a key is offered and taken. */
const lifetime = 24 * 3_600_000
/** Envelopes under one key: what was taken is remembered, so that none is taken twice. */
const mostTaken = 200_000
const info = Buffer.from('custode intake 1')

/** One envelope, and the box that it becomes. */
export interface TakenItem extends NewBox {
  /** By field code: what the envelope must hold, and nothing else. */
  fields: ReadonlyMap<string, IntakeRule>
  /** The version of the notice under which the customer agreed. */
  form: number
  nonce: string
  /** The slot of the key that it was sealed to. */
  key: number
  envelope: Buffer
  /** The box that is there already; what it holds stays unless the envelope says otherwise. */
  box: ArrivedBox | null
}

export interface AskedIntake {
  grant: string
  secret: string
  items: TakenItem[]
}

export interface FieldFault {
  field: string
  code: string
}

/**
 * The key to which browsers seal for the next hours, with its signed note. A new one when none is in use: its entry is
 * durable before it is told. Its private half lies in a slot and is never told. It is refused when the keeper ends and
 * after a day, and destroyed by the next roll: HPKE's base mode has no forward secrecy, so the key itself must go.
 */
export async function intakeKey(keeper: Keeper): Promise<{ note: string; slot: number }> {
  const { slot, publicKey, until } = await liveIntake(keeper)
  const key = { log: `custode/${keeper.organisation}`, slot, publicKey: publicKey.toString('base64'), until }
  return { note: keeper.log.sign(signer => signIntakeKey(key, signer)), slot }
}

async function liveIntake(keeper: Keeper): Promise<LiveIntake> {
  const { intakes } = keeper
  const { live } = intakes
  // Not one that ends while somebody fills in the form.
  if (live !== null && live.until - keeper.now() > lifetime / 24 && live.taken.size < mostTaken) return live
  intakes.making ??= makeIntake(keeper).finally(() => {
    intakes.making = null
  })
  return intakes.making
}

async function makeIntake(keeper: Keeper): Promise<LiveIntake> {
  do await keeper.keybook.grow(keeper.slots.issued)
  while (keeper.keybook.capacity <= keeper.slots.issued)
  const { from: slot } = keeper.slots.take(1)
  keeper.intakes.add(slot)
  const body = {
    ...{ kind: 'intake', act: randomUUID(), actor: 'keeper', subject: 'organisation', result: 'made' },
    detail: { slot },
  }
  const control = { lease: [slot, slot], intake: slot }
  await keeper.write([{ trailSlot: organisationTrail, body, control }])
  await keeper.saveCheckpoint()
  const privateKey = await keeper.keybook.privateKey(slot)
  // A roll that came between has destroyed it: then there must be another.
  if (keeper.slots.isErased(slot)) return makeIntake(keeper)
  const publicKey = x25519PublicBytes(privateKey)
  const live = { slot, privateKey, publicKey, until: keeper.now() + lifetime, taken: new Set<string>() }
  keeper.intakes.live = live
  return live
}

/**
 * Shreds intake keys: those whose time is over or whose process has ended, or all of them (`all`), before a roll that
 * destroys something, so that what somebody recorded on its way here is lost with the rest. The next roll destroys them.
 */
export async function endIntakes(keeper: Keeper, all = false): Promise<void> {
  const slots = all ? keeper.intakes.all() : keeper.intakes.ended(keeper.now())
  if (slots.length === 0) return
  keeper.intakes.forget(slots)
  const act = randomUUID()
  const body = {
    ...{ kind: 'shred', act, actor: 'keeper', subject: 'organisation', result: 'refused-from-now-on' },
    detail: { reason: 'intake', slots },
  }
  const index = keeper.log.next
  const time = keeper.now()
  // Begun and completed at once: no row hangs on these slots.
  const control = { shred: { act, slots }, completed: act }
  const written = keeper.write([{ trailSlot: organisationTrail, body, control }])
  const { epoch } = keeper.keybook
  keeper.shreds.add({ act, slots, trailSlot: organisationTrail, time, index, epoch, completed: index })
  keeper.slots.shred(slots)
  keeper.keybook.forget(slots)
  await written
}

/**
 * Opens envelopes that browsers have sealed and answers with boxes, all or none; nothing of what they hold leaves. Each
 * value is judged by the keeper's own rules; faults are answered by their field instead of boxes. Refuses `intake_key` for
 * a key that is not in use (any more), `malformed` for what is no envelope of this customer, form and fields, or was taken
 * before, and as `openBoxes` does. Nothing is entered: the caller notes the change.
 */
export async function takeIn(
  keeper: Keeper,
  asked: AskedIntake,
): Promise<{ boxes: Buffer[] } | { faults: FieldFault[] }> {
  const { subjects } = keeper.grants.require(asked.grant, asked.secret, keeper.now())
  await keeper.fetch(asked.items.flatMap(item => [item.slot, item.box?.slot ?? item.slot]))
  await keeper.fetch(asked.items.map(item => subjects.get(item.customer)?.trailSlot ?? item.trailSlot))
  const opened = asked.items.map((item, at) => {
    const values = openEnvelope(keeper, asked, item, at)
    // Judged or not: whoever could have one judged again and again would learn what it holds.
    keeper.intakes.live?.taken.add(item.envelope.toString('base64', 0, 32))
    return { item, values }
  })
  const faults = opened.flatMap(({ item, values }) => faultsIn(keeper, item, values))
  if (faults.length > 0) return { faults }
  return { boxes: opened.map(({ item, values }, at) => sealed(keeper, asked, item, values, at)) }
}

/**
 * What the additional data say of an envelope: whose it is, and in which trail its readings are entered, for which form, by
 * which rules, and once. What the server says of these is of no use where the browser said otherwise.
 */
export const intakeData = (
  log: string,
  alias: string,
  { trailSlot, compartment, form, nonce, fields }: Bound,
): Buffer => {
  const rules = canonical(Object.fromEntries(fields))
  return framed('custode intake 1', log, alias, trailSlot, compartment, form, nonce, rules)
}

type Bound = Pick<TakenItem, 'trailSlot' | 'compartment' | 'form' | 'nonce' | 'fields'>

function openEnvelope(keeper: Keeper, asked: AskedIntake, item: TakenItem, at: number): BoxValues {
  const grant = keeper.grants.require(asked.grant, asked.secret, keeper.now())
  const { alias } = requireSubject(keeper, grant, { customer: item.customer, trail: item.trailSlot }, at)
  if (!grant.compartments.has(item.compartment))
    throw new KeeperRefusal('outside_grant', { why: 'compartment', at })
  for (const field of item.fields.keys())
    if (!opens(grant, field)) throw new KeeperRefusal('outside_grant', { why: 'field', at })
  const { live } = keeper.intakes
  if (live === null || live.slot !== item.key || live.until <= keeper.now())
    throw new KeeperRefusal('intake_key', { at })
  keeper.slots.requireUsable(live.slot, at)
  if (live.taken.has(item.envelope.toString('base64', 0, 32)))
    throw new KeeperRefusal('malformed', { why: 'an envelope is taken once', at })
  const aad = intakeData(`custode/${keeper.organisation}`, alias, item)
  const plain = hpkeOpen(live.privateKey, item.envelope, { info, aad })
  if (plain === null) throw new KeeperRefusal('malformed', { why: 'not sealed for this', at })
  const values = valuesIn(plain)
  plain.fill(0)
  const asSaid = Object.keys(values).sort().join() === [...item.fields.keys()].sort().join()
  if (!asSaid) throw new KeeperRefusal('malformed', { why: 'other fields', at })
  return values
}

function valuesIn(plain: Buffer): BoxValues {
  try {
    const values: unknown = JSON.parse(plain.toString('utf8'))
    if (typeof values === 'object' && values !== null && !Array.isArray(values)) return values as BoxValues
  } catch {
    // What it is must not be told.
  }
  throw new KeeperRefusal('malformed', { why: 'no values' })
}

const faultsIn = (keeper: Keeper, { fields }: TakenItem, values: BoxValues): FieldFault[] =>
  [...fields].flatMap(([field, rule]) => {
    if (values[field] === null) return []
    // The whole number of a card is taken in by a keeper that was started to do so, and taken back by every one.
    const closed = rule.type === 'card_number' && !keeper.intakes.cardNumbers
    const code = closed ? 'not_asked' : faultOf(rule, values[field])
    return code === null ? [] : [{ field, code }]
  })

/** By which a card's whole number is known wherever it is shown. */
const cardMark = ({ fields }: TakenItem, field: string) =>
  fields.get(field)?.type === 'card_number' ? { card: true } : {}

/** The next box: what lay in the one before, with what was given put in and what was taken back (null) left out. */
function sealed(keeper: Keeper, asked: AskedIntake, item: TakenItem, given: BoxValues, at: number): Buffer {
  const grant = keeper.grants.require(asked.grant, asked.secret, keeper.now())
  requireBoxSlot(keeper, item, at)
  const values: BoxValues = item.box === null ? {} : openCovered(keeper, grant, item.box, at)
  const time = new Date(keeper.now()).toISOString()
  for (const [field, value] of Object.entries(given)) {
    if (value === null) delete values[field]
    else values[field] = { value, source: 'customer', at: time, sealed: true, ...cardMark(item, field) }
  }
  // Below what the log knows of this row it would never open.
  keeper.floors.require(item.slot, item.row, item.version, at)
  return sealNew(keeper, item, values, at)
}
