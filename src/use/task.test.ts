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
import { newId } from '../core/ids.ts'
import { change } from '../core/outbox.ts'
import { findSession, type Session } from '../identity/session.ts'
import { keep } from '../storage/keeping.ts'
import { endSession } from './grant.ts'
import { hashOf, shippedText } from './policy.ts'
import { askQuestion } from './question.ts'
import { closeTask, getMyTask, makeTask, takeTask } from './task.ts'
import { readTask } from './task-reading.ts'
import { taskTypes } from './task-type.ts'

let test: TestHouse
let ana: Person
let ben: Session
let bea: Session

beforeAll(async () => {
  test = await openHouse()
  await openCompany(test)
  ana = await newCustomer(test, {
    name: 'Ana Moretti',
    email: 'ana.moretti@example.org',
    phone: '+393331234567',
  })
  ben = await workSession(await newEmployee(test))
  bea = await workSession(await newEmployee(test))
})
afterAll(() => test.close())

async function sessionIn(room: 'work' | 'portal', person: Person): Promise<Session> {
  const { database, clock } = test.house
  return (await findSession(database, clock.now(), room, person.session.token))!
}
const workSession = (person: Person) => sessionIn('work', person)

async function ask(who: Person = ana, text = 'Where is my parcel?'): Promise<string> {
  return (await askQuestion(test.house, await sessionIn('portal', who), 'delivery_question', text)).id
}

const codeOf = (outcome: PromiseSettledResult<unknown>): string => {
  if (outcome.status === 'rejected') return (outcome.reason as { code: string }).code
  const { statusCode } = (outcome.value ?? {}) as { statusCode?: number }
  return statusCode === undefined || statusCode < 300 ? 'done' : `status ${statusCode}`
}

const liveGrants = (task: string) =>
  test.owner.query<{ id: string; policies: string[] }>(
    'select id, policies from grants where task = $1 and ended_at is null',
    [task],
  )

describe('taking', () => {
  it('gives a task to exactly one of two who try at once', async () => {
    for (let round = 0; round < 4; round++) {
      const task = await ask(await newCustomer(test, { name: 'Leo Fonti', email: `leo${round}@example.org` }))
      const takers = [ben, bea, ben, bea]
      const outcomes = await Promise.allSettled(takers.map(session => takeTask(test.house, session, task)))
      const { assignee } = await test.owner.one<{ assignee: string }>(
        'select assignee from task where id = $1',
        [task],
      )
      const loser = assignee === ben.subject ? bea : ben
      for (const [at, outcome] of outcomes.entries())
        if (takers[at] === loser) expect(codeOf(outcome)).toBe('taken')
      expect(outcomes.map(codeOf)).toContain('done')
      await expect(readTask(test.house, loser, task, null)).rejects.toMatchObject({ code: 'not_found' })
      expect(await liveGrants(task)).toHaveLength(1)
    }
  })

  it('records which policies of which file decided', async () => {
    const task = await ask()
    await takeTask(test.house, ben, task)
    expect((await liveGrants(task))[0]!.policies).toEqual([
      ...['a-task-opens-what-it-needs', 'deliveries-are-everybodys-work'],
      hashOf(shippedText),
    ])
  })

  it('opens what the type needs and the consent names, and no more', async () => {
    const eva = await newCustomer(test, {
      name: 'Eva Bruni',
      email: 'eva@example.org',
      phone: '+393339876543',
    })
    // An older consent that never named the phone.
    await test.owner.query(
      `delete from consent_field where field = 'phone' and consent in (select id from consent where subject = $1)`,
      [eva.id],
    )
    const task = await ask(eva)
    const { grant } = await takeTask(test.house, ben, task)
    expect(grant.fields).toEqual(['name', 'purchase', 'question'])
    const { values } = await readTask(test.house, ben, task, null)
    expect(values).not.toHaveProperty('phone')
    await expect(readTask(test.house, ben, task, ['phone'])).rejects.toMatchObject({
      ...{ code: 'outside_grant', detail: { field: 'phone', purpose: 'service' } },
    })
  })

  it('is refused without a live consent to the purpose, which Ana can read in her trail', async () => {
    const ida = await newCustomer(test, { name: 'Ida Neri', email: 'ida@example.org' }, ['service', 'offers'])
    const task = await ask(ida)
    // As a withdrawal leaves it between its steps: no consent any more, the rows still there.
    await test.owner.query('alter table consent_withdrawal disable trigger slot_needs_consent')
    await test.owner.query(
      `insert into consent_withdrawal (consent, at)
       select id, now() from consent where subject = $1 and purpose = 'service'`,
      [ida.id],
    )
    await test.owner.query('alter table consent_withdrawal enable trigger slot_needs_consent')
    await expect(takeTask(test.house, ben, task)).rejects.toMatchObject({ code: 'no_consent' })
    expect(await liveGrants(task)).toEqual([])
    const { assignee } = await test.owner.one<{ assignee: string | null }>(
      'select assignee from task where id = $1',
      [task],
    )
    expect(assignee).toBeNull()
    const reply = await test.app.inject({
      method: 'GET',
      url: '/api/v1/portal/entries',
      cookies: ida.cookies,
    })
    expect(reply.json().items).toContainEqual(
      expect.objectContaining({ kind: 'grant.refused', result: 'refused' }),
    )
  })
})

describe('what the policies refuse', () => {
  it('is not taken, whatever the consents say: nobody serves a person who is no longer a customer', async () => {
    const ivo = await newCustomer(test, { name: 'Ivo Sarti', email: 'ivo@example.org' })
    const task = await ask(ivo)
    // PostgreSQL lets nobody be both; the policy must not lean on it.
    await test.owner.query('alter table customer drop constraint customer_id_kind_fkey')
    await test.owner.query('alter table subject disable trigger slot_needs_consent')
    await test.owner.query(`update subject set kind = 'former' where id = $1`, [ivo.id])
    await test.owner.query('alter table subject enable trigger slot_needs_consent')
    await expect(takeTask(test.house, ben, task)).rejects.toMatchObject({ code: 'wrong_role' })
    expect(await liveGrants(task)).toEqual([])
  })
})

describe('a new session', () => {
  it('finds the task and not its grant, takes it again by one act, and the old session reads no more', async () => {
    const [employee] = await test.owner.query<Person>('select id, alias, trail from subject where id = $1', [
      ben.subject,
    ])
    const task = await ask()
    await takeTask(test.house, ben, task)
    const later = await workSession(await newSession(test, 'work', employee!))
    expect((await getMyTask(test.house.database, later, task)).grant).toBeNull()
    await expect(readTask(test.house, later, task, null)).rejects.toMatchObject({ code: 'no_grant' })
    const trail = await test.app.inject({
      method: 'GET',
      url: '/api/v1/portal/entries',
      cookies: ana.cookies,
    })
    expect(trail.json().items).toContainEqual(
      expect.objectContaining({
        ...{ kind: 'reading.refused', task: { id: task, type: 'delivery_question' }, result: 'refused' },
      }),
    )
    await takeTask(test.house, later, task)
    expect((await readTask(test.house, later, task, ['name'])).values.name!.value).toBe('Ana Moretti')
    await expect(readTask(test.house, ben, task, null)).rejects.toMatchObject({ code: 'no_grant' })
    expect(await liveGrants(task)).toHaveLength(1)
    await endSession(test.house, later.id, later.actor)
    expect(await liveGrants(task)).toEqual([])
  })
})

describe('signing out', () => {
  it('ends the grants, the session and the cookie, in either room', async () => {
    for (const room of ['work', 'office'] as const) {
      const pia = await newEmployee(test, 'officer', room)
      const url = `/api/v1/${room}/sessions/current`
      const out = await test.app.inject({ method: 'DELETE', url, cookies: pia.cookies })
      expect(out.statusCode).toBe(204)
      expect(String(out.headers['set-cookie'])).toContain(`custode_${room}=;`)
      expect((await test.app.inject({ method: 'DELETE', url, cookies: pia.cookies })).statusCode).toBe(401)
      expect((await test.app.inject({ method: 'DELETE', url })).statusCode).toBe(401)
    }
  })
})

describe('reading for a task', () => {
  it('opens this question and none of her others, and her latest twenty purchases', async () => {
    const gina = await newCustomer(test, { name: 'Gina Poli', email: 'gina@example.org' })
    for (let at = 0; at < 22; at++)
      await newPurchase(test, gina, `G-${at}`, `Thing ${at}`, new Date(Date.UTC(2026, 0, 1 + at)))
    await ask(gina, 'The other question')
    const task = await ask(gina, 'This question')
    // A box that is opened is checked: one that is not opened may be as broken as it likes.
    await test.owner.query(
      `update box set bytes = decode(repeat('00', 100), 'hex')
        where subject = $1 and compartment = 'messages' and row <> $2`,
      [gina.id, task],
    )
    await takeTask(test.house, ben, task)
    const { values } = await readTask(test.house, ben, task, null)
    expect(values.question!.value).toBe('This question')
    expect(JSON.stringify(values)).not.toContain('The other question')
    const bought = values.purchase!.value as { invoice: string }[]
    expect(bought.map(one => one.invoice)).toEqual(Array.from({ length: 20 }, (_, at) => `G-${21 - at}`))
  })

  it('answers with nothing, and not with an error, where nothing is kept', async () => {
    const rosa = await newCustomer(test, { name: 'Rosa Villa', email: 'rosa@example.org' })
    const task = await ask(rosa)
    await takeTask(test.house, ben, task)
    expect((await readTask(test.house, ben, task, ['purchase'])).values).toEqual({})
    expect((await readTask(test.house, ben, task, ['phone'])).values).toEqual({})
  })

  it('is over when its time is', async () => {
    const task = await ask(await newCustomer(test, { name: 'Ugo Serra', email: 'ugo@example.org' }))
    await takeTask(test.house, ben, task)
    await test.owner.query(`update grants set until = clock_timestamp() where task = $1`, [task])
    await expect(readTask(test.house, ben, task, null)).rejects.toMatchObject({ code: 'no_grant' })
  })

  it('is answered by nobody after the closing is acknowledged', async () => {
    for (let round = 0; round < 4; round++) {
      const task = await ask(
        await newCustomer(test, { name: 'Pino Riva', email: `pino${round}@example.org` }),
      )
      await takeTask(test.house, ben, task)
      let closed = false
      const late: unknown[] = []
      let answered = 0
      const reader = async () => {
        for (;;) {
          const begunAfter = closed
          const reading = await readTask(test.house, ben, task, ['name']).catch(error => String(error.code))
          if (typeof reading === 'string')
            return expect(['not_found', 'no_grant', 'grant_ended']).toContain(reading)
          answered++
          if (begunAfter) late.push(reading)
        }
      }
      const readers = Array.from({ length: 4 }, reader)
      while (answered < 4) await new Promise(resolve => setImmediate(resolve))
      await closeTask(test.house, ben, task, 'answered')
      closed = true
      await Promise.all(readers)
      expect(late).toEqual([])
    }
  })
})

describe('closing', () => {
  it('leaves no grant behind when the task is taken anew at the same moment', async () => {
    for (let round = 0; round < 2; round++) {
      const task = await ask(
        await newCustomer(test, { name: 'Nina Galli', email: `nina${round}@example.org` }),
      )
      await takeTask(test.house, ben, task)
      await Promise.allSettled([
        takeTask(test.house, ben, task),
        closeTask(test.house, ben, task, 'answered'),
        takeTask(test.house, ben, task),
      ])
      expect(await liveGrants(task)).toEqual([])
      expect(await test.owner.query('select 1 from task_closure where task = $1', [task])).toHaveLength(1)
    }
  })

  it('happens once, and is noted once', async () => {
    const omar = await newCustomer(test, { name: 'Omar Testa', email: 'omar@example.org' })
    const task = await ask(omar)
    await takeTask(test.house, ben, task)
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map(() => closeTask(test.house, ben, task, 'answered')),
    )
    expect(outcomes.map(codeOf).sort()).toEqual(['done', 'not_found', 'not_found'])
    const reply = await test.app.inject({
      method: 'GET',
      url: '/api/v1/portal/entries',
      cookies: omar.cookies,
    })
    const closures = reply.json().items.filter((one: { kind: string }) => one.kind === 'task.closure')
    expect(closures).toHaveLength(1)
  })
})

describe('somebody who leaves', () => {
  it('is not found from then on: not her task, not her values, and nothing new can be made about her', async () => {
    const lia = await newCustomer(test, { name: 'Lia Costa', email: 'lia@example.org' })
    const task = await ask(lia)
    await takeTask(test.house, ben, task)
    const session = await sessionIn('portal', lia)
    const reply = await test.app.inject({
      method: 'POST',
      url: '/api/v1/portal/withdrawals',
      cookies: lia.cookies,
      payload: { confirm: true },
    })
    expect(reply.statusCode).toBe(201)
    await expect(readTask(test.house, ben, task, null)).rejects.toMatchObject({ code: 'not_found' })
    await expect(takeTask(test.house, ben, task)).rejects.toMatchObject({ code: 'not_found' })
    await expect(closeTask(test.house, ben, task, 'answered')).rejects.toMatchObject({ code: 'not_found' })
    const late = askQuestion(test.house, session, 'delivery_question', 'too late')
    await expect(late).rejects.toMatchObject({ code: expect.stringMatching(/^(erased|no_consent)$/) })
    await expect(
      change(test.house, async tx => {
        await makeTask(tx, test.house, taskTypes.delivery_question, { id: newId(), subject: lia.id })
      }),
    ).rejects.toMatchObject({ code: 'erased' })
    const kept = change(test.house, async tx => {
      const question = { value: 'late', source: 'customer' as const, at: new Date().toISOString() }
      await keep(tx, test.house, { fields: ['question'] }, lia.id, newId(), { question })
    })
    await expect(kept).rejects.toMatchObject({ code: 'erased' })
  })

  it('meets questions and takings on their way with a refusal and never an error, and nothing stays', async () => {
    for (let round = 0; round < 2; round++) {
      const mia = await newCustomer(test, { name: 'Mia Lupi', email: `mia${round}@example.org` })
      const session = await sessionIn('portal', mia)
      const task = await ask(mia)
      const acts = [
        ...[1, 2, 3].map(() => askQuestion(test.house, session, 'delivery_question', 'still here?')),
        takeTask(test.house, ben, task),
        test.app.inject({
          ...{ method: 'POST' as const, url: '/api/v1/portal/withdrawals', cookies: mia.cookies },
          payload: { confirm: true },
        }),
        ...[1, 2, 3].map(() => askQuestion(test.house, session, 'delivery_question', 'and now?')),
        readTask(test.house, ben, task, null),
      ]
      const refusals = [
        'done',
        'erased',
        'no_consent',
        'not_found',
        'no_grant',
        'unauthenticated',
        'conflict',
      ]
      for (const outcome of await Promise.allSettled<unknown>(acts))
        expect(refusals).toContain(codeOf(outcome))
      for (const table of ['box', 'task', 'customer', 'session'])
        expect(
          await test.owner.query(
            `select 1 from ${table} where ${table === 'customer' ? 'id' : 'subject'} = $1`,
            [mia.id],
          ),
        ).toEqual([])
    }
  })
})
