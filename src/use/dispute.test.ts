import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { newEmployee } from '../../test/people.ts'
import { trailOf } from '../../test/portal.ts'
import { buildWorld, type CustomerInWorld, type EmployeeInWorld, type World } from '../../test/world.ts'
import { newId, newToken, sha256 } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import type { Session } from '../identity/session.ts'
import { findSession } from '../identity/session.ts'
import type { Claim } from '../storage/record.ts'
import { disputeOwn, hearClaims, settleOwn } from './dispute.ts'
import { changeOwn, confirmOwn } from './own-values.ts'
import { askQuestion } from './question.ts'
import { takeTask } from './task.ts'
import { readTask } from './task-reading.ts'

let test: TestHouse
let world: World
let ben: Session

beforeAll(async () => {
  test = await openHouse()
  world = await buildWorld(test)
  ben = await workSession(world.ben)
})
afterAll(() => test.close())

async function workSession({ session }: Pick<EmployeeInWorld, 'session'>): Promise<Session> {
  return (await findSession(test.house.database, test.clock.now(), 'work', session.token))!
}

const joinWithPhone = () => world.join({ phone: '+393475550142' })
const askBy = async (who: CustomerInWorld) =>
  (await askQuestion(test.house, who.session, 'delivery_question', 'Where is it?')).id
const codeOf = (error: unknown) => (error instanceof Refusal ? error.code : String(error))
const refusalOf = (act: Promise<unknown>) => act.then(() => 'done', codeOf)

async function data(who: CustomerInWorld) {
  const response = await test.app.inject({ url: '/api/v1/portal/data', cookies: who.cookies })
  const { values } = response.json()
  return (field: string) => values.find((one: { field: string }) => one.field === field)
}

/** Another source says this of somebody, as an import or an employee's evidence does. */
async function say(who: { id: string }, field: string, claim: Partial<Claim> & { value: unknown }) {
  const at = test.clock.now().toISOString()
  const whole: Claim = { source: 'import', at, ...claim }
  const about = { subject: who.id, actor: 'system', method: 'import' }
  return hearClaims(test.house, about, new Map([[field, whole]]))
}

async function claimOf(who: CustomerInWorld, field: string, value: string): Promise<string> {
  const { claims } = (await data(who))(field).disputed
  return claims.find((one: { value: unknown }) => one.value === value).id
}

describe('a value that its customer puts in doubt', () => {
  it('is opened under no live grant any more once that is answered, and by no new one', async () => {
    const ida = await joinWithPhone()
    const task = await askBy(ida)
    await takeTask(test.house, ben, task)
    expect((await readTask(test.house, ben, task, null)).values).toHaveProperty('phone')
    await disputeOwn(test.house, ida.session, 'phone')
    expect(await refusalOf(readTask(test.house, ben, task, ['phone']))).toBe('no_grant')
    const { grant } = await takeTask(test.house, ben, task)
    expect(grant.fields).toEqual(['name', 'purchase', 'question'])
    expect((await readTask(test.house, ben, task, null)).values).not.toHaveProperty('phone')
    expect(await refusalOf(readTask(test.house, ben, task, ['phone']))).toBe('outside_grant')
  })

  it('leaves grants alone that never opened it', async () => {
    const ida = await joinWithPhone()
    const task = await askBy(ida)
    await takeTask(test.house, ben, task)
    await disputeOwn(test.house, ida.session, 'email')
    expect((await readTask(test.house, ben, task, null)).values).toHaveProperty('phone')
  })

  it('stays closed however taking and doubting come together', async () => {
    for (let round = 0; round < 8; round++) {
      const ida = await joinWithPhone()
      const task = await askBy(ida)
      const [, doubted] = await Promise.allSettled([
        takeTask(test.house, ben, task),
        disputeOwn(test.house, ida.session, 'phone'),
      ])
      expect(doubted.status).toBe('fulfilled')
      expect(await refusalOf(readTask(test.house, ben, task, ['phone']))).not.toBe('done')
      const live = await test.owner.query(
        `select 1 from grants where task = $1 and ended_at is null and 'phone' = any (fields)`,
        [task],
      )
      expect(live).toEqual([])
    }
  })

  it('is shown as in doubt to the customer, and is theirs to read and to settle', async () => {
    const ida = await joinWithPhone()
    const post = (path: string, payload: object) =>
      test.app.inject({ method: 'POST', url: `/api/v1${path}`, cookies: ida.cookies, payload })
    expect((await post('/portal/disputes', { field: 'phone' })).statusCode).toBe(201)
    expect((await data(ida))('phone')).toMatchObject({
      value: '+393475550142',
      disputed: { since: expect.any(String), claims: [] },
    })
    expect((await post('/portal/disputes', { field: 'phone' })).statusCode).toBe(409)
    const settle = (claim: string | null) => post('/portal/dispute-settlements', { field: 'phone', claim })
    expect((await settle('nothing')).statusCode).toBe(409)
    expect((await settle(null)).statusCode).toBe(201)
    expect((await settle(null)).statusCode).toBe(409)
    expect((await data(ida))('phone')).toMatchObject({ disputed: null, source: 'customer' })
    const task = await askBy(ida)
    expect((await takeTask(test.house, ben, task)).grant.fields).toContain('phone')
    const kinds = (await trailOf(test, ida.id)).filter(entry => entry.kind === 'dispute')
    expect(kinds.map(entry => entry.result)).toEqual(['restricted', 'settled'])
  })

  it('is refused for what is sealed: the system would seal what may be shown in its place', async () => {
    const ida = await world.join()
    const refused = { fields: [{ field: 'field', code: 'sealed_only' }] }
    await expect(disputeOwn(test.house, ida.session, 'iban')).rejects.toMatchObject(refused)
    await expect(settleOwn(test.house, ida.session, 'iban', null)).rejects.toMatchObject(refused)
  })

  it('is refused for what is not held', async () => {
    const ida = await world.join()
    for (const field of ['phone', 'purchase', 'nothing'])
      expect(await refusalOf(disputeOwn(test.house, ida.session, field))).toBe('invalid')
  })
})

describe('PostgreSQL', () => {
  const grantOf = (subject: string, fields: string[], task: string | null = null) => {
    const id = newId()
    return test.house.database.transaction(async tx => {
      await tx.query(
        `insert into grants (id, kind, actor, secret_hash, task, purpose, fields, compartments, made_at, until)
         values ($1, 'task', 'st_9', $2, $3, 'service', $4, '{contact}', now(), now() + interval '1 hour')`,
        [id, sha256(newToken()), task, fields],
      )
      await tx.query('insert into grant_subject (grant_id, subject) values ($1, $2)', [id, subject])
    })
  }
  const closed = { constraint: 'restricted_is_closed' }

  it('takes no grant of a task that opens a restricted field, whoever forgot to look', async () => {
    const ida = await joinWithPhone()
    await disputeOwn(test.house, ida.session, 'phone')
    await expect(grantOf(ida.id, ['name', 'phone'])).rejects.toMatchObject(closed)
    await expect(grantOf(ida.id, ['*'])).rejects.toMatchObject(closed)
    await grantOf(ida.id, ['name'])
  })

  it('takes no restriction while such a grant lives', async () => {
    const ida = await joinWithPhone()
    await grantOf(ida.id, ['phone'])
    const restriction = test.house.database.query(
      `insert into restriction (subject, compartment, slot, field, since)
       select subject, compartment, number, 'phone', now() from slot where subject = $1 and compartment = 'contact'`,
      [ida.id],
    )
    await expect(restriction).rejects.toMatchObject(closed)
  })
})

describe('a source that says otherwise', () => {
  it('overwrites nothing: both stand side by side, and tasks are closed out', async () => {
    const ida = await joinWithPhone()
    const task = await askBy(ida)
    await takeTask(test.house, ben, task)
    expect((await say(ida, 'phone', { value: '+393470000001' })).contradicted).toEqual(['phone'])
    expect(await refusalOf(readTask(test.house, ben, task, ['phone']))).toBe('no_grant')
    expect((await data(ida))('phone')).toMatchObject({
      ...{ value: '+393475550142', source: 'customer' },
      disputed: { claims: [{ value: '+393470000001', source: 'import' }] },
    })
    await say(ida, 'phone', { value: '+393470000001' })
    await say(ida, 'phone', { value: '+393470000002', source: 'employee' })
    const { disputed } = (await data(ida))('phone')
    expect(disputed.claims.map((one: { value: string }) => one.value)).toEqual([
      '+393470000001',
      '+393470000002',
    ])
  })

  it('becomes one task to correct it, which alone opens both', async () => {
    const ida = await joinWithPhone()
    await say(ida, 'phone', { value: '+393470000001' })
    await say(ida, 'name', { value: 'Ida Altra' })
    const tasks = await test.owner.query<{ id: string }>(
      `select id from task where subject = $1 and type = 'data_correction'`,
      [ida.id],
    )
    expect(tasks).toHaveLength(1)
    const { id } = tasks[0]!
    await takeTask(test.house, ben, id)
    const { values } = await readTask(test.house, ben, id, null)
    expect(values.phone?.disputed?.claims).toMatchObject([{ value: '+393470000001', source: 'import' }])
    // A further contradiction does not end it.
    await say(ida, 'phone', { value: '+393470000002' })
    expect((await readTask(test.house, ben, id, ['phone'])).values.phone?.disputed?.claims).toHaveLength(2)
  })

  it.each([
    ['the held value', (ida: CustomerInWorld) => settleOwn(test.house, ida.session, 'phone', null)],
    [
      'a third value',
      (ida: CustomerInWorld) => changeOwn(test.house, ida.session, { phone: '+393475550188' }),
    ],
    ['a value that still holds', (ida: CustomerInWorld) => confirmOwn(test.house, ida.session, ['phone'])],
  ])('is closed to whoever corrects it when the last doubt is settled by %s', async (_what, settle) => {
    const ida = await joinWithPhone()
    await say(ida, 'phone', { value: '+393470000001' })
    await say(ida, 'name', { value: 'Ida Altra' })
    const { id } = await test.owner.one<{ id: string }>(
      `select id from task where subject = $1 and type = 'data_correction'`,
      [ida.id],
    )
    await takeTask(test.house, ben, id)
    await settle(ida)
    // The name is in doubt still.
    expect((await readTask(test.house, ben, id, ['name'])).values).toHaveProperty('name')
    await settleOwn(test.house, ida.session, 'name', null)
    expect(await refusalOf(readTask(test.house, ben, id, ['name']))).toBe('not_found')
    expect(await test.owner.query('select 1 from grants where task = $1 and ended_at is null', [id])).toEqual(
      [],
    )
    const closed = (await trailOf(test, ida.id)).filter(entry => entry.kind === 'task.closure')
    expect(closed).toMatchObject([{ actor: 'customer', task: id, detail: { outcome: 'settled' } }])
    // Whoever had it in hand is told, and the next contradiction is another task.
    const { items } = (
      await test.app.inject({ url: '/api/v1/work/tasks?state=closed', cookies: world.ben.cookies })
    ).json()
    expect(items.find((one: { id: string }) => one.id === id)).toMatchObject({ outcome: 'settled' })
    await say(ida, 'phone', { value: '+393470000009' })
    const tasks = await test.owner.query(
      `select 1 from task where subject = $1 and type = 'data_correction'`,
      [ida.id],
    )
    expect(tasks).toHaveLength(2)
  })

  it('is nobody’s task any more when it is settled before anybody took it', async () => {
    const ida = await joinWithPhone()
    await say(ida, 'phone', { value: '+393470000001' })
    const open = async () =>
      (await test.app.inject({ url: '/api/v1/work/tasks?limit=50', cookies: world.ben.cookies }))
        .json()
        .items.filter((one: { alias: string }) => one.alias === ida.alias)
    expect(await open()).toHaveLength(1)
    await settleOwn(test.house, ida.session, 'phone', null)
    expect(await open()).toEqual([])
  })

  it('is the right one when the customer says so, and keeps where it came from', async () => {
    const ida = await joinWithPhone()
    await say(ida, 'phone', { value: '+393470000001' })
    await settleOwn(test.house, ida.session, 'phone', await claimOf(ida, 'phone', '+393470000001'))
    expect((await data(ida))('phone')).toMatchObject({
      ...{ value: '+393470000001', source: 'import', disputed: null },
    })
    const { disputed: _no, ...shown } = (await data(ida))('phone')
    expect(JSON.stringify(shown)).not.toContain('+393475550142')
  })

  it('is chosen by what it is, never by its place: one that is gone is refused', async () => {
    const ida = await joinWithPhone()
    await say(ida, 'phone', { value: '+393470000001' })
    const gone = await claimOf(ida, 'phone', '+393470000001')
    await changeOwn(test.house, ida.session, { phone: '+393475550199' })
    await say(ida, 'phone', { value: '+393470000666', source: 'provider' })
    expect(await refusalOf(settleOwn(test.house, ida.session, 'phone', gone))).toBe('conflict')
    expect((await data(ida))('phone')).toMatchObject({ value: '+393475550199', disputed: { claims: [{}] } })
  })

  it('gives way to a third value, and to a word that the held one is right', async () => {
    const ida = await joinWithPhone()
    await say(ida, 'phone', { value: '+393470000001' })
    await changeOwn(test.house, ida.session, { phone: '+393470000003' })
    expect((await data(ida))('phone')).toMatchObject({ value: '+393470000003', disputed: null })
    await say(ida, 'phone', { value: '+393470000001' })
    await confirmOwn(test.house, ida.session, ['phone'])
    expect((await data(ida))('phone')).toMatchObject({ value: '+393470000003', disputed: null })
    const task = await askBy(ida)
    expect((await takeTask(test.house, ben, task)).grant.fields).toContain('phone')
  })

  it('never becomes the address to sign in with', async () => {
    const ida = await joinWithPhone()
    await say(ida, 'email', { value: 'thief@example.org' })
    const claim = await claimOf(ida, 'email', 'thief@example.org')
    expect(await refusalOf(settleOwn(test.house, ida.session, 'email', claim))).toBe('fixed')
    await settleOwn(test.house, ida.session, 'email', null)
  })

  it('is of no account where nothing is held, and proves what it says alike', async () => {
    const ida = await world.join({ name: 'Ida Neri' })
    const at = test.clock.now().toISOString()
    expect(await say(ida, 'phone', { value: '+393470000001' })).toMatchObject({ contradicted: [] })
    expect((await data(ida))('phone')).toBeUndefined()
    await say(ida, 'name', { value: ' ida  NERI', verified: { method: 'oidc', at, by: 'id.example' } })
    expect((await data(ida))('name')).toMatchObject({
      ...{ value: 'Ida Neri', source: 'customer', disputed: null },
      verified: { method: 'oidc', by: 'id.example', until: null },
    })
  })
})

it('the export says how each value is known, what contradicts it, and what is restricted', async () => {
  const ida = await joinWithPhone()
  await say(ida, 'phone', { value: '+393470000001' })
  const exported = (await test.app.inject({ url: '/api/v1/portal/export', cookies: ida.cookies })).json()
  const values = new Map(exported.data.values.map((one: { field: string }) => [one.field, one]))
  expect(values.get('email')).toMatchObject({ verified: { method: 'code', at: expect.any(String) } })
  expect(values.get('phone')).toMatchObject({
    disputed: { claims: [{ value: '+393470000001', source: 'import' }] },
  })
  expect(exported.held.restriction).toMatchObject([{ field: 'phone', compartment: 'contact' }])
})

it('an employee reads how a value was verified beside it, and until when', async () => {
  const bea = await workSession(await newEmployee(test))
  const ida = await joinWithPhone()
  const task = await askBy(ida)
  const at = test.clock.now().toISOString()
  const until = '2031-12-31T23:59:59.000Z'
  await say(ida, 'name', { value: ida.name, verified: { method: 'oidc', at, by: 'id.example', until } })
  await takeTask(test.house, bea, task)
  const { values } = await readTask(test.house, bea, task, ['name'])
  expect(values.name?.verified).toMatchObject({ method: 'oidc', at, by: 'id.example', until })
})
