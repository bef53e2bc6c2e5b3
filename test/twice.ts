import { findSession, type Session } from '../src/identity/session.ts'
import { searchDuplicates } from '../src/use/duplicate-search.ts'
import { makeMergeWord } from '../src/use/merge-word.ts'
import { merge } from '../src/use/merging.ts'
import { closeTask, takeTask } from '../src/use/task.ts'
import type { Outcome } from '../src/use/task-type.ts'
import type { TestHouse } from './house.ts'
import { newEmployee } from './people.ts'
import { call, joinAs, signInAs } from './portal.ts'

/** One record of somebody who is there twice, joined by its own address. */
export interface Record {
  id: string
  alias: string
  email: string
  cookie: string
}

let made = 0

/** Somebody who joined twice, with two addresses and one telephone: two records that nobody has compared yet. */
export async function joinTwice(
  shop: TestHouse,
  surname: string,
  purposes: [string[], string[]] = [['service'], ['service']],
): Promise<[Record, Record]> {
  const phone = `+3934766${String(10_000 + ++made)}`
  const join = async (given: string, at: 0 | 1): Promise<Record> => {
    const email = `${'ab'[at]}.${surname.toLowerCase()}@example.org`
    const joined = await joinAs(shop, { name: `${given} ${surname}`, email, phone }, purposes[at])
    return { ...joined, email }
  }
  return [await join('Livia', 0), await join('Lvia', 1)]
}

/** What an employee decides of two: the task in which they do. */
export async function decidePair(shop: TestHouse, pair: { id: string }[], outcome: Outcome): Promise<string> {
  const employee = await newEmployee(shop)
  const ben = await findSession(shop.house.database, shop.clock.now(), 'work', employee.session.token)
  await searchDuplicates(shop.house)
  const { task } = await shop.owner.one<{ task: string }>(
    'select task from duplicate where $1 in (subject, other) and $2 in (subject, other)',
    pair.map(one => one.id),
  )
  await takeTask(shop.house, ben!, task)
  await closeTask(shop.house, ben!, task, outcome)
  return task
}

export const sessionIn = async (shop: TestHouse, { cookie }: Pick<Record, 'cookie'>): Promise<Session> =>
  (await findSession(shop.house.database, shop.clock.now(), 'portal', cookie))!

/** The first stays, the second rests: both rooms of one person, with the word between them. */
export async function mergeSessions(shop: TestHouse, [stays, rests]: [Session, Session], task: string) {
  const { word } = await makeMergeWord(shop.house, rests, task)
  return merge(shop.house, stays, task, word)
}

export const mergeRecords = async (shop: TestHouse, [stays, rests]: [Record, Record], task: string) =>
  mergeSessions(shop, [await sessionIn(shop, stays), await sessionIn(shop, rests)], task)

/** Two records made one. */
export async function newMerged(
  shop: TestHouse,
  surname: string,
  purposes?: [string[], string[]],
): Promise<{ stays: Record; rests: Record; task: string; link: string }> {
  const pair = await joinTwice(shop, surname, purposes)
  const task = await decidePair(shop, pair, 'same')
  const { link } = await mergeRecords(shop, pair, task)
  return { stays: pair[0], rests: pair[1], task, link }
}

/** A call of somebody's own room. */
export const ask = (
  shop: TestHouse,
  { cookie }: Pick<Record, 'cookie'>,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
) => call(shop, method, path, { cookie, ...(body === undefined ? {} : { body }) })

/** What somebody sees of themselves. */
export const dataOf = async (shop: TestHouse, record: Pick<Record, 'cookie'>) =>
  (await ask(shop, record, 'GET', '/portal/data')).body

/** The same an hour later: what was due meanwhile is done, and they have signed in anew. */
export async function again(shop: TestHouse, record: Record): Promise<Record> {
  await shop.work()
  shop.clock.advance(3_600_000)
  return { ...record, cookie: (await signInAs(shop, record.email)).cookie }
}
