import { randomUUID } from 'node:crypto'
import { raise } from './alarm.ts'
import type { AskedBlocking } from './blocking.ts'
import { type Grant, opens } from './grants.ts'
import type { Keeper } from './keeper.ts'
import type { Appending } from './log.ts'
import { type Found, soughtFields } from './people.ts'
import { type ArrivedBox, openCovered } from './reading.ts'
import { readingEntry } from './reading-entry.ts'
import { maskedCard } from './recognising.ts'
import { KeeperRefusal } from './refusal.ts'
import type { BoxValues, EntryBody } from './requests.ts'
import { organisationTrail } from './reserved.ts'
import type { SearchReply, SearchTerm } from './search-terms.ts'

export interface AskedSearch {
  grant: string
  secret: string
  term: SearchTerm
}

/** What each kind of term is made of. */
const fieldsOf: Readonly<Record<SearchTerm['by'], readonly string[]>> = {
  email: ['email'],
  phone: ['phone'],
  person: ['birth_date', 'name'],
  number: [],
}

/**
 * Looks for people under a grant of kind `search`, and answers with at most twenty masked cards, only when an entry is
 * durable in the trail of everybody found and one in the organisation's: who searched and by what kind of term, never the
 * term. Nobody found is entered alike, with a count of none. Answers `whole: false`, having looked for nobody, while not
 * everybody is known. Refuses with `no_grant`, `grant_ended`, `outside_grant`, and `budget` beyond what one employee, or all
 * together, may find within a day.
 */
export async function findPeople(keeper: Keeper, asked: AskedSearch): Promise<SearchReply> {
  const { term } = asked
  requireSearching(keeper.grants.require(asked.grant, asked.secret, keeper.now()), term)
  if (!keeper.people.whole) return { whole: false, found: [], more: false }
  const trails = keeper.people.find(term).found.flatMap(one => one.trails)
  await keeper.fetch(trails)
  await Promise.all(trails.map(trail => learnAlias(keeper, trail)))
  // INVARIANT: nothing waits from here until the entries have their places; whoever has left meanwhile is not there.
  const now = keeper.now()
  const grant = keeper.grants.require(asked.grant, asked.secret, now)
  const { found, more } = keeper.people.find(term)
  const there = found.flatMap(one => partsAtHand(keeper, one))
  const searched = { actor: grant.actor, purpose: grant.purpose, found: there.length }
  keeper.searches.require(searched, now)
  const written = keeper.write(entriesOf(keeper, grant, term, there))
  await Promise.all([written, raise(keeper, keeper.searches.spend(searched, now))])
  return { whole: true, found: there.map(told), more }
}

function requireSearching(grant: Grant, term: SearchTerm): void {
  if (grant.kind !== 'search') throw new KeeperRefusal('outside_grant', { why: 'kind' })
  const closed = fieldsOf[term.by].some(field => !opens(grant, field))
  if (closed) throw new KeeperRefusal('outside_grant', { why: 'field' })
}

/**
 * Under which alias a trail's entries are written, as its first one says. A box that was sealed and never stored has a trail
 * without any, and is nobody's.
 */
async function learnAlias(keeper: Keeper, trail: number): Promise<void> {
  if (keeper.aliases.find(trail) !== undefined) return
  const [index] = keeper.log.trail(trail, -1, 1)
  if (index === undefined) return
  const body = await keeper.findBody({ index, trailSlot: trail })
  if (body !== null) keeper.aliases.keep(trail, body.subject)
}

/** Without the boxes whose trail has gone meanwhile or is not known yet: the next search finds by them. */
function partsAtHand(keeper: Keeper, { customer, trails, parts }: Found): Found[] {
  const written = trails.filter(
    trail =>
      !keeper.slots.isErased(trail) &&
      keeper.keybook.keyAtHand(trail) !== undefined &&
      keeper.aliases.find(trail) !== undefined,
  )
  const there = parts.filter(({ part }) => written.includes(part.trail))
  return there.some(({ matched }) => matched) ? [{ customer, trails: written, parts: there }] : []
}

function entriesOf(keeper: Keeper, grant: Grant, { by }: SearchTerm, found: readonly Found[]): Appending[] {
  const body = (subject: string, detail: Record<string, unknown>): EntryBody => ({
    ...{ kind: 'search', act, actor: grant.actor, subject, grant: grant.id, purpose: grant.purpose },
    ...{ fields: [...fieldsOf[by]], policy: grant.policy, detail: { by, ...detail } },
    result: found.length === 0 ? 'nobody' : 'found',
  })
  const act = randomUUID()
  const counted = {
    ...{ trailSlot: organisationTrail, body: body('organisation', { found: found.length }) },
    control: { search: grant.id },
  }
  return [
    counted,
    ...found
      .flatMap(one => one.trails)
      .map(trail => ({ trailSlot: trail, body: body(keeper.aliases.find(trail)!, {}) })),
  ]
}

const told = ({ customer, parts }: Found): SearchReply['found'][number] => ({
  customer,
  parts: parts.map(({ part, matched }) => ({
    ...{ compartment: part.compartment, version: part.version, slot: part.slot, matched },
    shown: maskedCard(part),
  })),
})

export interface AskedPeople extends AskedBlocking {
  /** With these everybody is in. */
  whole: boolean
}

/**
 * Takes boxes of people's own values into what is searched; nothing comes back. Only for a job without subjects, entered
 * once in the organisation's trail. A box that counts no more is passed over. Refuses as `tokensOf` does.
 */
export async function hearPeople(keeper: Keeper, asked: AskedPeople): Promise<void> {
  keeper.grants.require(asked.grant, asked.secret, keeper.now())
  await keeper.fetch(asked.items.map(item => item.slot))
  const grant = keeper.grants.require(asked.grant, asked.secret, keeper.now())
  if (grant.kind !== 'job' || grant.subjects.size > 0)
    throw new KeeperRefusal('outside_grant', { why: 'kind' })
  if (soughtFields.some(field => !opens(grant, field)))
    throw new KeeperRefusal('outside_grant', { why: 'field' })
  for (const [at, item] of asked.items.entries()) {
    const values = openLive(keeper, grant, item, at)
    if (values !== null) keeper.people.hear(item, values)
  }
  const people = new Set(asked.items.map(item => item.customer)).size
  const alarms = keeper.grants.spendTokens(grant, people, keeper.now())
  await Promise.all([enterOnce(keeper, grant), raise(keeper, alarms)])
  if (asked.whole) keeper.people.whole = true
}

/** Null for a box that was replaced or shredded since the database gave it. */
function openLive(keeper: Keeper, grant: Grant, item: ArrivedBox, at: number): BoxValues | null {
  try {
    return openCovered(keeper, grant, item, at)
  } catch (error) {
    const past = error instanceof KeeperRefusal && ['superseded', 'erased', 'gone'].includes(error.code)
    if (past) return null
    throw error
  }
}

function enterOnce(keeper: Keeper, grant: Grant): Promise<unknown> {
  const shared = `${grant.id}/people`
  const earlier = keeper.shared.find(shared)?.durable
  if (earlier !== undefined) return earlier
  const about = { subject: 'organisation', fields: [...soughtFields], act: grant.id }
  const { body } = readingEntry(grant, { trailSlot: organisationTrail, ...about })
  const entry = { ...body, kind: 'tokens', result: 'indexed', detail: { kind: 'search' } }
  const durable = keeper.write([{ trailSlot: organisationTrail, body: entry }])
  keeper.shared.keep(shared, { until: grant.until, durable })
  return durable
}
