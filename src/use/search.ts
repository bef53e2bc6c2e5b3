import type { House } from '../core/house.ts'
import { Refusal } from '../core/refusal.ts'
import { grantSecret, type Session } from '../identity/session.ts'
import { KeeperRefusal } from '../keeper/client.ts'
import { type Recognised, type Sought, search } from '../storage/search.ts'
import { makeGrant } from './grant.ts'
import { sealHit } from './hit.ts'
import { holdDecisions } from './policy-version.ts'
import type { Key } from './reading.ts'
import { askForSearchIndex } from './search-index.ts'
import { taskTypes } from './task-type.ts'

/** Of every search; nobody chooses it. */
const searchPurpose = 'service'

export interface Hit {
  /** What a task is opened with, in this session and for half an hour. */
  hit: string
  shown: Recognised['shown']
}

export interface Searching {
  hits: Hit[]
  more: boolean
  /** The types of task that this employee may open about whomever they find. */
  types: string[]
}

/**
 * Looks for a customer who calls or writes, and answers with at most twenty masked cards. Whoever is found reads in their log
 * who looked for them; that nobody was found is in the company's. Refuses `wrong_role` to whom the policies permit no task
 * that could be opened, `search_rebuilding` while the keeper does not know of everybody, and `search_budget` when this
 * employee's searches of a day are used up.
 */
export async function searchCustomers(house: House, session: Session, sought: Sought): Promise<Searching> {
  const types = await openableTypes(house, session)
  if (types.length === 0) throw new Refusal('wrong_role', { why: 'no task to open' })
  const found = await lookFor(house, await searchGrant(house, session), sought)
  if (found === null) {
    await askForSearchIndex(house)
    throw new Refusal('search_rebuilding')
  }
  const hits = found.found.map(({ subject, shown }) => ({ hit: sealHit(house, session, subject), shown }))
  return { hits, more: found.more, types }
}

async function lookFor(house: House, key: Key, sought: Sought) {
  try {
    return await search(house, key, sought, searchPurpose)
  } catch (error) {
    if (error instanceof KeeperRefusal && error.code === 'budget')
      throw new Refusal('search_budget', { cause: error })
    throw error
  }
}

/** What the policies in force let this role open about whomever it finds. */
async function openableTypes(house: House, session: Session): Promise<string[]> {
  const role = session.role ?? 'employee'
  const decisions = await house.database.transaction(holdDecisions)
  return Object.values(taskTypes)
    .filter(type => type.openable === true)
    .filter(type => decisions.taking(role, type.code, { consented: true, restricted: false }).allowed)
    .map(type => type.code)
}

const mostSearches = 2_000
const minutes = 60

/** The grant under which this session searches: one for an hour, which ends with the session. */
async function searchGrant(house: House, session: Session): Promise<Key> {
  const live = await house.database.maybe<{ id: string }>(
    `select id from grants
      where session = $1 and kind = 'search' and ended_at is null and until > clock_timestamp() + interval '10 seconds'
      order by until desc limit 1`,
    [session.id],
  )
  if (live !== null) return { grant: live.id, secret: grantSecret(session.token, live.id) }
  return makeGrant(house, {
    ...{ kind: 'search', session, actor: session.actor, subjects: [], purpose: searchPurpose },
    ...{ fields: ['name', 'birth_date', 'email', 'phone'], compartments: ['contact', 'identity'] },
    ...{ minutes, most: mostSearches },
  })
}
