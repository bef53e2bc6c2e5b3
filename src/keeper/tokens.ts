import { raise } from './alarm.ts'
import { type Grant, opens } from './grants.ts'
import type { Keeper } from './keeper.ts'
import type { Appending } from './log.ts'
import { type ArrivedBox, openCovered, requireSubject } from './reading.ts'
import { readingEntry } from './reading-entry.ts'
import { KeeperRefusal } from './refusal.ts'
import type { BoxValues } from './requests.ts'
import { organisationTrail } from './reserved.ts'

export interface AskedTokens {
  grant: string
  secret: string
  kind: string
  field: string
  items: ArrivedBox[]
}

/**
 * The fingerprints that are indexed, and of which field each is. There is no other, or whoever may have fingerprints
 * made could try guesses at any field.
 */
export const indexed: ReadonlyMap<string, string> = new Map([
  ['email', 'email'],
  ['applicant-email', 'email'],
  ['employee-email', 'work_email'],
])

/**
 * Fingerprints of one field inside boxes, null where there is no such text; no plaintext leaves. A grant of kind
 * `job` without subjects covers everybody for this alone and is logged once, in the organisation's trail; any other
 * is logged once for each of its subjects whose box is used. Refuses as `openBoxes` does.
 */
export async function tokensOf(keeper: Keeper, asked: AskedTokens): Promise<(Buffer | null)[]> {
  const { subjects } = keeper.grants.require(asked.grant, asked.secret, keeper.now())
  await keeper.fetch(asked.items.map(item => item.slot))
  await keeper.fetch([...subjects.values()].map(subject => subject.trailSlot))
  const grant = keeper.grants.require(asked.grant, asked.secret, keeper.now())
  if (!opens(grant, asked.field) || indexed.get(asked.kind) !== asked.field)
    throw new KeeperRefusal('outside_grant', { why: 'field' })
  const everybody = grant.kind === 'job' && grant.subjects.size === 0
  const entries = new Map<string, Appending>()
  const tokens = asked.items.map((item, at) => {
    const entry = everybody ? jobEntry(grant, asked) : subjectEntry(keeper, grant, asked, item, at)
    entries.set(everybody ? '' : item.customer, entry)
    const value = textIn(openCovered(keeper, grant, item, at), asked.field)
    return value === null ? null : keeper.fingerprint(asked.kind, value)
  })
  const people = new Set(asked.items.map(item => item.customer)).size
  const alarms = keeper.grants.spendTokens(grant, people, keeper.now())
  await Promise.all([writeOnce(keeper, grant, asked, entries), raise(keeper, alarms)])
  return tokens
}

/** A value is `{ value, … }` or stands alone. */
function textIn(values: BoxValues, field: string): string | null {
  const held = values[field]
  const value = typeof held === 'object' && held !== null && 'value' in held ? held.value : held
  return typeof value === 'string' && value !== '' ? value : null
}

function subjectEntry(
  keeper: Keeper,
  grant: Grant,
  asked: AskedTokens,
  item: ArrivedBox,
  at: number,
): Appending {
  const subject = requireSubject(keeper, grant, item, at)
  return tokensEntry(grant, asked, subject.trailSlot, subject.alias)
}

const jobEntry = (grant: Grant, asked: AskedTokens): Appending =>
  tokensEntry(grant, asked, organisationTrail, 'organisation')

function tokensEntry(grant: Grant, asked: AskedTokens, trailSlot: number, subject: string): Appending {
  const { body } = readingEntry(grant, { trailSlot, subject, fields: [asked.field], act: grant.id })
  return {
    trailSlot,
    body: { ...body, kind: 'tokens', result: 'fingerprinted', detail: { kind: asked.kind } },
  }
}

async function writeOnce(
  keeper: Keeper,
  grant: Grant,
  asked: AskedTokens,
  entries: Map<string, Appending>,
): Promise<void> {
  const keyOf = (customer: string) => `${grant.id}/tokens/${asked.field}/${asked.kind}/${customer}`
  const fresh = [...entries].filter(([customer]) => keeper.shared.find(keyOf(customer)) === undefined)
  const earlier = [...entries.keys()].map(customer => keeper.shared.find(keyOf(customer))?.durable)
  const written = keeper.write(fresh.map(([, entry]) => entry))
  for (const [customer] of fresh)
    keeper.shared.keep(keyOf(customer), { until: grant.until, durable: written })
  await Promise.all([written, ...earlier])
}
