import { compare, type Person } from '../collection/likeness.ts'
import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { addJob, type Jobs } from '../core/jobs.ts'
import { change, noteOnly } from '../core/outbox.ts'
import { KeeperRefusal, organisationTrail } from '../keeper/client.ts'
import { findBlocking } from '../storage/blocking-token.ts'
import { comparedFields, personOf } from './compared-person.ts'
import { makeReview, type Pair, pairOf, undecided } from './duplicate.ts'
import { type Grant, withJobGrant } from './grant.ts'
import { read } from './reading.ts'

const purpose = 'service'
const compartments = ['contact', 'identity']

/** How many people are looked for in one request to the keeper, and how many pairs are compared under one grant. */
const batch = 200
const together = 100
/** A key that more people share tells nobody apart. */
const mostInBlock = 50

/** Asks for a search, which a job carries out; a second one while the first waits is the same. */
export async function askForSearch(house: House, actor: string): Promise<void> {
  await change(house, async (tx, note) => {
    await addJob(tx, 'duplicate.search', {}, { key: 'duplicate.search' })
    await note(null, { kind: 'duplicate.search', actor, result: 'asked' })
  })
}

/**
 * Looks for customers who are there twice, and makes each likely pair the task of one employee. Only who agrees to be served is
 * compared, by the fields they agreed to. Who may be whom the keeper says by fingerprints, of this search alone, which are held
 * in memory and never stored; only who shares one is read, under a grant of its own, and finds that in their log. May be repeated:
 * who is asked about or decided already is not compared again.
 */
export async function searchDuplicates(house: House): Promise<void> {
  await house.database.transaction(async tx => {
    if (!(await isAlone(tx))) return
    const { people, pairs } = await candidatesOf(house)
    const open = []
    for (let at = 0; at < pairs.length; at += 5000)
      open.push(...(await undecided(house.database, house, pairs.slice(at, at + 5000))))
    let likely = 0
    for (let at = 0; at < open.length; at += together)
      likely += await reviewLikely(house, open.slice(at, at + together))
    await noteOnly(house, null, {
      ...{ kind: 'duplicate.search', actor: 'system', purpose, result: 'done' },
      detail: { people, compared: open.length, likely },
    })
  })
}

async function isAlone(tx: Tx): Promise<boolean> {
  const { alone } = await tx.one<{ alone: boolean }>(
    `select pg_try_advisory_xact_lock(hashtextextended('duplicate.search', 0)) as alone`,
  )
  return alone
}

/** Every two who share a fingerprint, once. For the keeper a job grant without subjects covers everybody, for this alone. */
async function candidatesOf(house: House): Promise<{ people: number; pairs: Pair[] }> {
  const blocks = new Map<string, string[]>()
  let people = 0
  const everybody = {
    ...{ subjects: [], fields: comparedFields, compartments, purpose },
    ...{ minutes: 12 * 60, most: 10_000_000 },
  }
  await withJobGrant(house, everybody, async grant => {
    let after = '00000000-0000-0000-0000-000000000000'
    for (;;) {
      const subjects = await consenting(house.database, after)
      if (subjects.length === 0) return
      after = subjects.at(-1)!
      people += subjects.length
      for (const [subject, tokens] of await findBlocking(house, grant, compartments, subjects))
        for (const token of tokens) addTo(blocks, token.toString('base64'), subject)
    }
  })
  return { people, pairs: pairsIn(blocks) }
}

function addTo(blocks: Map<string, string[]>, token: string, subject: string): void {
  const block = blocks.get(token)
  if (block === undefined) blocks.set(token, [subject])
  else block.push(subject)
}

function pairsIn(blocks: ReadonlyMap<string, readonly string[]>): Pair[] {
  const pairs = new Map<string, Pair>()
  for (const block of blocks.values())
    if (block.length <= mostInBlock)
      for (const [at, one] of block.entries())
        for (const other of block.slice(at + 1)) {
          const pair = pairOf(one, other)
          pairs.set(pair.join(), pair)
        }
  return [...pairs.values()].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
}

async function consenting(database: Queryable, after: string): Promise<string[]> {
  const rows = await database.query<{ subject: string }>(
    `select distinct c.subject from consent c join customer u on u.id = c.subject and u.kind = 'customer'
      where c.purpose = '${purpose}' and c.subject > $1
        and not exists (select 1 from consent_withdrawal w where w.consent = c.id)
      order by c.subject limit ${batch}`,
    [after],
  )
  return rows.map(row => row.subject)
}

/** Compares these pairs under one grant, and makes each likely one a task. */
async function reviewLikely(house: House, pairs: readonly Pair[]): Promise<number> {
  const agreed = await agreedFields(house.database, [...new Set(pairs.flat())])
  const subjects = [...agreed.keys()]
  if (subjects.length === 0) return 0
  const wanted = {
    ...{ subjects, fields: comparedFields, compartments, purpose },
    // The house's own trail says how many were read, and never who.
    ...{ minutes: 15, most: 2 * subjects.length, actorTrail: organisationTrail },
  }
  const people = await withJobGrant(house, wanted, grant => readAll(house, grant, agreed))
  const likely = pairs.filter(([one, other]) => {
    const [left, right] = [people.get(one), people.get(other)]
    return left !== undefined && right !== undefined && compare(left, right).likely
  })
  let made = 0
  for (const pair of likely) if (await makeReview(house, pair)) made++
  return made
}

/** Of each of these customers the fields of their live agreement to the purpose that are compared; who took it back is missing. */
async function agreedFields(
  database: Queryable,
  subjects: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = await database.query<{ subject: string; fields: string[] }>(
    `select c.subject, array_agg(distinct f.field order by f.field) as fields
       from consent c join consent_field f on f.consent = c.id
       join customer u on u.id = c.subject and u.kind = 'customer'
      where c.subject = any ($1) and c.purpose = '${purpose}' and f.field = any ($2)
        and not exists (select 1 from consent_withdrawal w where w.consent = c.id)
        and not exists (select 1 from restriction r where r.subject = c.subject and r.field = f.field)
      group by c.subject`,
    [subjects, comparedFields],
  )
  return new Map(rows.map(({ subject, fields }) => [subject, fields]))
}

async function readAll(
  house: House,
  grant: Grant,
  agreed: ReadonlyMap<string, string[]>,
): Promise<Map<string, Person>> {
  const people = await Promise.all(
    [...agreed].map(
      async ([subject, fields]) => [subject, await readPerson(house, grant, subject, fields)] as const,
    ),
  )
  return new Map(people.flatMap(([subject, person]) => (person === null ? [] : [[subject, person] as const])))
}

/** Null for somebody who is leaving at this very moment: nobody is compared with them. */
async function readPerson(
  house: House,
  grant: Grant,
  subject: string,
  fields: readonly string[],
): Promise<Person | null> {
  try {
    const boxes = await read(house, grant, subject, { fields, compartments, rows: [subject] })
    return personOf(Object.assign({}, ...boxes.map(box => box.values)))
  } catch (error) {
    if (error instanceof KeeperRefusal && error.code !== 'unavailable') return null
    throw error
  }
}

export const duplicateJobs = (house: House): Jobs => ({
  'duplicate.search': { entry: 'duplicate.search', work: () => searchDuplicates(house) },
})
