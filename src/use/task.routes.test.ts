import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import {
  newCustomer,
  newEmployee,
  newPurchase,
  newSession,
  openCompany,
  type Person,
} from '../../test/people.ts'

const anaValues = { name: 'Ana Moretti', email: 'ana.moretti@example.org', phone: '+393331234567' }

let house: TestHouse
let ana: Person
let ben: Awaited<ReturnType<typeof newEmployee>>
let pia: Awaited<ReturnType<typeof newEmployee>>

beforeAll(async () => {
  house = await openHouse()
  await openCompany(house)
  ana = await newCustomer(house, anaValues)
  ben = await newEmployee(house)
  pia = await newEmployee(house, 'officer')
})
afterAll(() => house.close())

type Method = 'GET' | 'POST' | 'DELETE'
const call = (method: Method, url: string, who: Pick<Person, 'cookies'> | null, body?: object) =>
  house.app.inject({
    ...{ method, url: `/api/v1${url}` },
    ...(who === null ? {} : { cookies: who.cookies }),
    ...(body === undefined ? {} : { payload: body }),
  })

async function ask(text = 'Where is my parcel?', who: Person = ana): Promise<string> {
  const reply = await call('POST', '/portal/questions', who, { type: 'delivery_question', text })
  expect(reply.statusCode).toBe(201)
  return reply.json().id
}

const take = (task: string, who: Pick<Person, 'cookies'>) =>
  call('POST', `/work/tasks/${task}/grants`, who, {})

async function taken(who: Pick<Person, 'cookies'> = ben, text?: string): Promise<string> {
  const task = await ask(text)
  expect((await take(task, who)).statusCode).toBe(201)
  return task
}

const trailOf = async (who: Person) => {
  const reply = await call('GET', '/portal/entries?limit=50', who)
  expect(reply.statusCode).toBe(200)
  return reply.json().items as {
    kind: string
    index: number
    actor: object
    fields: string[]
    task: object
  }[]
}

describe('from a question to an answer', () => {
  it('Ben takes the task, sees exactly the fields of its type, and why, and Ana sees that he did', async () => {
    await newPurchase(house, ana, 'F-1', 'Blue vase')
    const task = await ask('Has my vase left?')
    const grant = await take(task, ben)
    expect(grant.statusCode).toBe(201)
    expect(grant.json()).toMatchObject({
      ...{ task, purpose: 'service', fields: ['name', 'phone', 'purchase', 'question'] },
      why: {
        policies: ['a-task-opens-what-it-needs', 'deliveries-are-everybodys-work'],
        task_type: 'delivery_question',
      },
    })
    const reading = await call('GET', `/work/tasks/${task}/customer`, ben)
    expect(reading.statusCode).toBe(200)
    const { values } = reading.json()
    expect(Object.keys(values).sort()).toEqual(['name', 'phone', 'purchase', 'question'])
    expect(values.name).toMatchObject({ value: 'Ana Moretti', source: 'customer', verified: null })
    expect(values.question.value).toBe('Has my vase left?')
    expect(values.purchase.value).toMatchObject([{ invoice: 'F-1', lines: [{ description: 'Blue vase' }] }])
    const [latest] = (await trailOf(ana)).filter(entry => entry.kind === 'reading' && entry.task !== null)
    expect(latest).toMatchObject({
      actor: { role: 'employee', name: 'Ben' },
      fields: ['name', 'phone', 'purchase', 'question'],
      purpose: 'service',
      task: { id: task, type: 'delivery_question' },
    })
  })

  it('after closing, the same addresses are not found, and Ana sees the task as closed', async () => {
    const task = await taken()
    const closed = await call('POST', `/work/tasks/${task}/closures`, ben, { outcome: 'answered' })
    expect(closed.statusCode).toBe(201)
    for (const url of [`/work/tasks/${task}`, `/work/tasks/${task}/customer`])
      expect((await call('GET', url, ben)).statusCode).toBe(404)
    expect((await take(task, ben)).statusCode).toBe(404)
    const again = await call('POST', `/work/tasks/${task}/closures`, ben, { outcome: 'answered' })
    expect(again.statusCode).toBe(404)
    const questions = (await call('GET', '/portal/questions', ana)).json().items
    expect(questions.find((one: { id: string }) => one.id === task).state).toBe('closed')
    const closures = (await call('GET', '/work/tasks?state=closed', ben)).json().items
    expect(closures).toContainEqual(expect.objectContaining({ id: task, state: 'closed', name: null }))
  })
})

describe('who does not see', () => {
  it('401: nobody without a session', async () => {
    for (const url of [
      '/work/tasks',
      '/work/task-types',
      '/portal/questions',
      '/portal/data',
      '/portal/entries',
    ])
      expect((await call('GET', url, null)).statusCode).toBe(401)
    expect((await take(crypto.randomUUID(), { cookies: {} })).statusCode).toBe(401)
  })

  it('401: a cookie of another room opens nothing here', async () => {
    const office = await newSession(house, 'office', pia)
    expect(
      (await call('GET', '/work/tasks', { cookies: { custode_work: ana.session.token } })).statusCode,
    ).toBe(401)
    expect((await call('GET', '/portal/data', office)).statusCode).toBe(401)
  })

  it('404: a task that is nobody’s, somebody else’s, or does not exist, all alike', async () => {
    const open = await ask()
    const pias = await taken(pia)
    for (const task of [open, pias, crypto.randomUUID()]) {
      for (const url of [`/work/tasks/${task}`, `/work/tasks/${task}/customer`]) {
        const reply = await call('GET', url, ben)
        expect([reply.statusCode, reply.json().code]).toEqual([404, 'not_found'])
      }
      const closed = await call('POST', `/work/tasks/${task}/closures`, ben, { outcome: 'answered' })
      expect(closed.statusCode).toBe(404)
    }
    expect((await take(crypto.randomUUID(), ben)).statusCode).toBe(404)
  })

  it('409: a task that somebody else has taken', async () => {
    const task = await taken(pia)
    const reply = await take(task, ben)
    expect([reply.statusCode, reply.json().code]).toEqual([409, 'taken'])
  })

  it('403: a field that the task does not open, named with the purpose it would need and noted in her trail', async () => {
    const task = await taken()
    const reply = await call('GET', `/work/tasks/${task}/customer?fields=name,email`, ben)
    expect(reply.statusCode).toBe(403)
    expect(reply.json()).toMatchObject({
      code: 'outside_grant',
      detail: { field: 'email', purpose: 'service' },
    })
    expect(reply.body).not.toContain('Moretti')
    expect(await trailOf(ana)).toContainEqual(
      expect.objectContaining({ kind: 'reading.refused', fields: ['email'], result: 'refused' }),
    )
  })

  it('400: what is no task, no field, no outcome, no state', async () => {
    const task = await taken()
    const wrong = [
      call('GET', '/work/tasks/7', ben),
      call('GET', `/work/tasks/${task}/customer?fields=shoe_size`, ben),
      call('GET', `/work/tasks/${task}/customer?fields=`, ben),
      call('GET', '/work/tasks?state=all', ben),
      call('GET', '/work/tasks?after=yesterday', ben),
      call('GET', '/work/tasks?limit=51', ben),
      call('POST', `/work/tasks/${task}/closures`, ben, { outcome: 'ignored' }),
      call('POST', `/work/tasks/${task}/grants`, ben, { fields: ['email'] }),
    ]
    for (const reply of await Promise.all(wrong)) expect(reply.statusCode).toBe(400)
  })
})

describe('the list of tasks', () => {
  it('shows no value of a customer whose task nobody has taken, and the name only of mine', async () => {
    const open = await ask()
    const mine = await taken()
    const listed = await call('GET', '/work/tasks?state=open', ben)
    expect(listed.json().items).toContainEqual(
      expect.objectContaining({ id: open, alias: ana.alias, state: 'open', mine: false, name: null }),
    )
    expect(listed.body).not.toContain('Moretti')
    const own = (await call('GET', '/work/tasks?state=mine', ben)).json().items
    expect(own).toContainEqual(expect.objectContaining({ id: mine, mine: true, name: 'Ana Moretti' }))
    const elsewhere = await newSession(house, 'work', ben)
    const there = (await call('GET', '/work/tasks?state=mine', elsewhere)).json().items
    expect(there).toContainEqual(expect.objectContaining({ id: mine, mine: true, name: null }))
    expect((await call('GET', '/work/tasks?state=mine', pia)).body).not.toContain(mine)
  })

  it('leaves one entry for a list that is looked at again and again', async () => {
    const bruno = await newCustomer(house, { name: 'Bruno Sala', email: 'bruno@example.org' })
    const task = await ask('Where?', bruno)
    await take(task, ben)
    for (let look = 0; look < 3; look++) await call('GET', '/work/tasks?state=mine', ben)
    const readings = (await trailOf(bruno)).filter(
      one => one.kind === 'reading' && one.fields.includes('name'),
    )
    expect(readings).toHaveLength(1)
  })

  it('comes in pages that hold every task once, in order of urgency', async () => {
    const clara = await newCustomer(house, { name: 'Clara Riva', email: 'clara@example.org' })
    for (let at = 0; at < 5; at++) {
      house.clock.advance(1000)
      await ask(`Question ${at}`, clara)
    }
    const seen: { id: string; due_at: string }[] = []
    let after = ''
    for (;;) {
      const page = (await call('GET', `/work/tasks?state=open&limit=2${after}`, ben)).json()
      seen.push(...page.items)
      if (page.next === null) break
      after = `&after=${page.next}`
    }
    expect(new Set(seen.map(one => one.id)).size).toBe(seen.length)
    expect(seen.map(one => one.due_at)).toEqual(seen.map(one => one.due_at).sort())
    expect(seen.length).toBeGreaterThanOrEqual(5)
  })
})
