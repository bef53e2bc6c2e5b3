import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { newCustomer, openCompany, type Person } from '../../test/people.ts'
import type { Queryable } from '../core/database.ts'
import { endGrant, type Grant, makeGrant } from '../use/grant.ts'
import { BoxSearch, type Sought } from './box-search.ts'

let test: TestHouse
let people: Person[]
let grants: Grant[]

beforeAll(async () => {
  test = await openHouse()
  await openCompany(test)
  people = []
  for (let at = 0; at < 40; at++)
    people.push(await newCustomer(test, { name: `Cliente ${at}`, email: `cliente.${at}@example.org` }))
  grants = await Promise.all(people.map(one => grantFor(one)))
})
afterAll(() => test.close())

const grantFor = (whose: Person): Promise<Grant> =>
  makeGrant(test.house, {
    ...{ kind: 'job', session: null, actor: 'system', subjects: [whose.id], fields: ['name'] },
    ...{ compartments: ['identity'], purpose: 'service', minutes: 5, most: 1000 },
  })

/** What one of them is looked for with: their own grant unless told. */
const sought = (at: number, about: Partial<Sought> & { under?: { grant: string; secret: string } } = {}) => {
  const { under = grants[at]!, ...rest } = about
  const { id } = people[at]!
  const key = { grant: under.grant, secret: under.secret }
  return { key, subject: id, compartments: ['identity', 'contact'], rows: [id], ...rest }
}

/** Counts the statements that a search sends. */
function counted() {
  const counts = { statements: 0 }
  const { database } = test.house
  const queryable = {
    query: (sql: string, values: readonly unknown[]) => {
      counts.statements++
      return database.query(sql, values)
    },
  } as unknown as Queryable
  return { counts, search: new BoxSearch(queryable) }
}

describe('readings that are asked for at the same time', () => {
  it('each find their own customer’s boxes and nobody else’s, in far fewer statements', async () => {
    const { counts, search } = counted()
    const found = await Promise.all(people.map((_, at) => search.find(sought(at))))
    expect(found.map(boxes => boxes.map(box => [box.compartment, box.row]))).toEqual(
      people.map(one => [['identity', one.id]]),
    )
    expect(counts.statements).toBeLessThan(6)
  })

  it('find nothing under a grant that has ended, of another, or none, while those beside them find theirs', async () => {
    const { search } = counted()
    const ended = await grantFor(people[1]!)
    await endGrant(test.house, ended.id, 'system')
    const wrong = { grant: grants[2]!.grant, secret: 'wrong' }
    const found = await Promise.all([
      ...[
        search.find(sought(0)),
        search.find(sought(1, { under: ended })),
        search.find(sought(2, { under: wrong })),
      ],
      ...[
        search.find(sought(3, { under: grants[4]! })),
        search.find(sought(5, { compartments: ['contact'] })),
      ],
      ...[
        search.find(sought(6, { rows: [people[7]!.id] })),
        search.find(sought(6, { rows: [] })),
        search.find(sought(8)),
      ],
    ])
    expect(found.map(boxes => boxes.length)).toEqual([1, 0, 0, 0, 0, 0, 0, 1])
  })

  it('do not fail because of one that PostgreSQL cannot take', async () => {
    const { search } = counted()
    const ended = await Promise.allSettled([
      ...[search.find(sought(0)), search.find(sought(1, { rows: ['no id'] })), search.find(sought(2))],
    ])
    expect(ended.map(one => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  it('are not held up by one that asks for everything: it goes by itself', async () => {
    const { counts, search } = counted()
    const [whole] = await Promise.all([search.find(sought(0, { rows: null })), search.find(sought(1))])
    expect(whole).toHaveLength(1)
    expect(counts.statements).toBe(2)
  })
})
