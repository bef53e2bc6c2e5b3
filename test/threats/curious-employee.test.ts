import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fields } from '../../src/collection/field.ts'
import { taskTypes } from '../../src/use/task-type.ts'
import { Searcher } from '../failures/disguise.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { newCustomer, newEmployee, newPurchase, newSession, openCompany, type Person } from '../people.ts'

// Every field there is, asked for by every role, in every state a task can be in.

const values = {
  ...{ name: 'Zaira Quondamatteo', email: 'zaira.quondamatteo@example.org', phone: '+393201987654' },
  ...{ purchase: 'Cinghie di Zanzibar', question: 'Dove rimane il pacco?' },
}
const searcher = new Searcher(Object.values(values))
const codes = Object.keys(fields)
const type = taskTypes.delivery_question

let test: TestHouse
let zaira: Person

beforeAll(async () => {
  test = await openHouse()
  await openCompany(test)
  zaira = await newCustomer(test, values)
  await newPurchase(test, zaira, 'F-1', values.purchase)
})
afterAll(() => test.close())

const call = (method: 'GET' | 'POST', path: string, who: Pick<Person, 'cookies'>, payload?: object) =>
  test.app.inject({
    ...{ method, url: `/api/v1${path}`, cookies: who.cookies },
    ...(payload === undefined ? {} : { payload }),
  })

async function ask(): Promise<string> {
  const payload = { type: 'delivery_question', text: values.question }
  const reply = await call('POST', '/portal/questions', zaira, payload)
  expect(reply.statusCode).toBe(201)
  return reply.json().id
}

const take = async (task: string, who: Pick<Person, 'cookies'>) =>
  expect((await call('POST', `/work/tasks/${task}/grants`, who, {})).statusCode).toBe(201)

const read = (task: string, who: Pick<Person, 'cookies'>, field: string) =>
  call('GET', `/work/tasks/${task}/customer?fields=${field}`, who)

interface Reading {
  index: number
  fields: string[]
  task: { id: string }
}

/** Her readings under a task, as she sees them, page after page. */
async function readings(): Promise<Reading[]> {
  const found: Reading[] = []
  let after = ''
  do {
    const reply = await call('GET', `/portal/entries?limit=50${after}`, zaira)
    const { items, next } = reply.json<{
      items: { kind: string; index: number; fields: string[]; task: { id: string } | null }[]
      next: string | null
    }>()
    for (const { kind, task, ...entry } of items)
      if (kind === 'reading' && task !== null) found.push({ ...entry, task })
    after = next === null ? '' : `&after=${next}`
  } while (after !== '')
  return found
}

describe.each(['employee', 'officer'] as const)('somebody in the role %s', role => {
  let who: Person
  let mine: string
  /** Of nobody, of a colleague, closed, and of theirs in another session. */
  let others: string[]
  beforeAll(async () => {
    who = await newEmployee(test, role)
    mine = await ask()
    await take(mine, who)
    others = [await ask(), await ask(), await ask(), await ask()]
    const [, colleagues, closed, elsewhere] = others as [string, string, string, string]
    await take(colleagues, await newEmployee(test, role))
    await take(closed, who)
    await call('POST', `/work/tasks/${closed}/closures`, who, { outcome: 'answered' })
    await take(elsewhere, await newSession(test, 'work', who))
  })

  it.each(codes)('reads %s under a task if its type opens it, and has left a trail before', async field => {
    const opens = type.fields.includes(field)
    const { size } = await test.house.keeper.status()
    const { statusCode, body } = await read(mine, who, field)
    const after = (await test.house.keeper.status()).size
    expect([statusCode, searcher.in(Buffer.from(body)).length > 0]).toEqual(
      opens ? [200, true] : [403, false],
    )
    const left = (await readings()).filter(({ index }) => index >= size && index < after)
    expect(left.map(entry => [entry.task.id, entry.fields])).toEqual(opens ? [[mine, [field]]] : [])
  })

  it.each(codes)('reads no %s without a task of theirs, in whatever state it is', async field => {
    const before = await readings()
    for (const task of others) {
      const { statusCode, body } = await read(task, who, field)
      expect(statusCode).toBeGreaterThanOrEqual(400)
      expect(searcher.in(Buffer.from(body))).toEqual([])
    }
    expect(await readings()).toEqual(before)
  })
})
