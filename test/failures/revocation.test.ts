import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findSession } from '../../src/identity/session.ts'
import { endGrant, makeGrant } from '../../src/use/grant.ts'
import { askQuestion } from '../../src/use/question.ts'
import { readTrail } from '../../src/use/trail.ts'
import { newCustomer, newEmployee, openCompany, type Person } from '../people.ts'
import { openServers, type ServerProcess, type Servers } from '../server-process.ts'

// Three real server processes serve the same employee, and one of them is stopped in the middle of its work: whatever it
// still wants to read when it goes on, the keeper has ended.

let opened: Servers
let ana: Person
let ben: Person

beforeAll(async () => {
  opened = await openServers(3)
  await openCompany(opened.house)
  ana = await newCustomer(opened.house, {
    name: 'Ana Moretti',
    email: 'ana@example.org',
    phone: '+393331234567',
  })
  ben = await newEmployee(opened.house)
}, 120_000)
afterAll(() => opened?.close())

const cookie = () =>
  Object.entries(ben.cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')

const post = (server: ServerProcess, url: string, body: object) =>
  fetch(`${server.origin}/api/v1${url}`, {
    method: 'POST',
    headers: { cookie: cookie(), origin: server.origin, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

const ask = async (): Promise<string> => {
  const { house } = opened.house
  const session = await findSession(house.database, house.clock.now(), 'portal', ana.session.token)
  return (await askQuestion(house, session!, 'delivery_question', 'Where is my parcel?')).id
}

interface Seen {
  kind: string
  grant?: string
  task?: string
}

/** Ana's whole trail, as the keeper has it. */
async function trail(): Promise<{ index: number; body: Seen }[]> {
  const { house } = opened.house
  const grant = await makeGrant(house, {
    ...{
      kind: 'job',
      session: null,
      actor: 'system',
      subjects: [ana.id],
      fields: [],
      compartments: ['trail'],
    },
    ...{ purpose: 'rights', minutes: 5, most: 1000 },
  })
  const entries = await readTrail(house, grant, ana.trail)
  await endGrant(house, grant.id, 'system')
  return entries.map(({ index, body }) => ({ index, body: JSON.parse(body) as Seen }))
}

/** Reads the task again and again at one server until told to stop; counts the answers with values. */
function hammer(server: ServerProcess, task: string) {
  const state = { answered: 0, stopped: false, acknowledged: false, after: 0 }
  const one = async () => {
    while (!state.stopped) {
      const late = state.acknowledged
      const answer = await fetch(`${server.origin}/api/v1/work/tasks/${task}/customer`, {
        headers: { cookie: cookie() },
      })
      const text = await answer.text()
      if (answer.status !== 200 || !text.includes('Ana Moretti')) continue
      state.answered++
      if (late) state.after++
    }
  }
  const ended = Promise.all(Array.from({ length: 4 }, one))
  return { state, ended }
}

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 5))
}

describe('a grant that ends while three servers read under it, one of them asleep', {
  timeout: 120_000,
}, () => {
  it('is not read under by any of them afterwards, in the log as in their answers', async () => {
    const [first, second, third] = opened.servers as [ServerProcess, ServerProcess, ServerProcess]
    for (let round = 0; round < 4; round++) {
      const task = await ask()
      const taken = await post(first, `/work/tasks/${task}/grants`, {})
      expect(taken.status).toBe(201)
      const { id: grant } = (await taken.json()) as { id: string }
      const hammers = [first, second, third].map(server => hammer(server, task))
      await until(() => hammers.every(({ state }) => state.answered > 5))
      third.child.kill('SIGSTOP')
      const closed = await post(first, `/work/tasks/${task}/closures`, { outcome: 'answered' })
      expect(closed.status).toBe(201)
      for (const { state } of hammers) state.acknowledged = true
      third.child.kill('SIGCONT')
      await new Promise(resolve => setTimeout(resolve, 100))
      for (const { state } of hammers) state.stopped = true
      await Promise.all(hammers.map(({ ended }) => ended))
      const entries = (await trail()).filter(({ body }) => body.grant === grant)
      const revoked = entries.find(({ body }) => body.kind === 'revocation')
      expect(revoked).toBeDefined()
      const readings = entries.filter(({ body }) => body.kind === 'reading')
      expect(readings.length).toBeGreaterThan(15)
      expect(readings.filter(({ index }) => index > revoked!.index)).toEqual([])
      expect(hammers.map(({ state }) => state.after)).toEqual([0, 0, 0])
    }
  })
})
