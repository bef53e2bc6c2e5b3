import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decideAnew } from '../../test/catalogue.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { newEmployee, type Person } from '../../test/people.ts'
import { trailOf } from '../../test/portal.ts'
import { buildWorld, type CustomerInWorld, type World } from '../../test/world.ts'
import { commitmentOf } from './evidence.ts'

let test: TestHouse
let world: World
let ben: Pick<Person, 'cookies'>
let bea: Pick<Person, 'cookies'>

beforeAll(async () => {
  test = await openHouse()
  world = await buildWorld(test)
  await decideAnew(test, 'birth_date', { asked: 'portal', editor: 'customer' })
  ben = world.ben
  bea = await newEmployee(test)
})
afterAll(() => test.close())

type Caller = Pick<Person, 'cookies'>
const post = async (path: string, payload: object, who: Caller) => {
  const response = await test.app.inject({
    ...{ method: 'POST', url: `/api/v1${path}`, payload, cookies: who.cookies },
  })
  return { status: response.statusCode, body: response.json() }
}
const get = async (path: string, who: Caller) =>
  (await test.app.inject({ url: `/api/v1${path}`, cookies: who.cookies })).json()

const document = { kind: 'passport', country: 'IT', expires: 2031 } as const
const supports = ['name', 'birth_date']

/** Somebody who has given a date of birth and asks to be looked at. */
async function asking(): Promise<{ ida: CustomerInWorld; task: string }> {
  const ida = await world.join()
  expect((await post('/portal/values', { values: { birth_date: '1990-03-12' } }, ida)).status).toBe(200)
  const asked = await post('/portal/identity-checks', {}, ida)
  expect(asked.status).toBe(201)
  return { ida, task: asked.body.id }
}

const take = async (task: string, who: Caller) => post(`/work/tasks/${task}/grants`, {}, who)
const note = (task: string, who: Caller, seen: object = {}) =>
  post(`/work/tasks/${task}/evidence`, { document, supports, differs: [], ...seen }, who)
const confirm = (task: string, who: Caller, agrees = true) =>
  post(`/work/tasks/${task}/evidence-confirmations`, { agrees }, who)
const levelOf = async ({ id }: { id: string }) =>
  (await test.owner.one<{ level: number }>('select level from customer where id = $1', [id])).level

const outcomeOf = async (task: string) =>
  (await test.owner.one<{ outcome: string }>('select outcome from task_closure where task = $1', [task]))
    .outcome

async function own(who: CustomerInWorld, field: string) {
  const { values } = await get('/portal/data', who)
  return values.find((one: { field: string }) => one.field === field)
}

describe('a document that is shown', () => {
  it('counts when a second employee confirms it, and makes the customer one of level 2', async () => {
    const { ida, task } = await asking()
    const opened = await take(task, ben)
    expect(opened.body.fields).toEqual(['name', 'birth_date'])
    const noted = await note(task, ben)
    expect(noted.status).toBe(201)
    expect(await levelOf(ida)).toBe(1)
    expect(await own(ida, 'birth_date')).toMatchObject({
      verified: null,
      awaiting: { method: 'evidence', by: world.ben.pseudonym, document },
    })
    // The fields are closed to the first at once.
    expect((await get(`/work/tasks/${task}/customer`, ben)).code).toBe('not_found')
    await take(task, bea)
    const { values } = await get(`/work/tasks/${task}/customer`, bea)
    expect(values.name.awaiting).toMatchObject({ method: 'evidence', document })
    expect((await confirm(task, bea)).body).toEqual({ verified: ['birth_date', 'name'] })
    expect(await outcomeOf(task)).toBe('proven')
    expect(await levelOf(ida)).toBe(2)
    expect(await own(ida, 'birth_date')).toMatchObject({
      awaiting: null,
      verified: { method: 'second_person', by: world.ben.pseudonym, until: '2031-12-31T23:59:59.000Z' },
    })
    expect((await get(`/work/tasks/${task}/customer`, bea)).code).toBe('not_found')
  })

  it('is bound in the log by a commitment that the customer can open, and by nothing else', async () => {
    const { ida, task } = await asking()
    await take(task, ben)
    const { body } = await note(task, ben)
    const { salt } = (await own(ida, 'name')).awaiting.document
    expect(commitmentOf(document, salt).toString('hex')).toBe(body.commitment)
    const entries = (await trailOf(test, ida.id)).filter(entry => entry.kind === 'verification')
    expect(entries).toMatchObject([{ task, result: 'awaiting', detail: { commitment: body.commitment } }])
    for (const told of [JSON.stringify(entries), JSON.stringify(await plainEvidence(task))])
      for (const word of ['passport', salt, '1990-03-12']) expect(told).not.toContain(word)
  })

  it('is confirmed by nobody who noted it, not even in the database', async () => {
    const { task } = await asking()
    await take(task, ben)
    await note(task, ben)
    expect((await take(task, ben)).body.code).toBe('second_person')
    expect((await confirm(task, ben)).status).toBe(404)
    const forced = test.owner.query('update evidence set confirmed_by = seen_by, confirmed_at = now()')
    await expect(forced).rejects.toMatchObject({ constraint: 'two_different_people' })
  })

  it('counts for nothing when its row was changed in the database', async () => {
    const { ida, task } = await asking()
    await take(task, ben)
    await note(task, ben)
    const other = commitmentOf({ ...document, expires: 2032 }, 'x')
    await test.owner.query('update evidence set commitment = $2 where task = $1', [task, other])
    await take(task, bea)
    expect((await confirm(task, bea)).body).toEqual({ verified: [] })
    expect(await levelOf(ida)).toBe(1)
  })

  it('counts for nothing when the second employee does not see the same', async () => {
    const { ida, task } = await asking()
    await take(task, ben)
    await note(task, ben)
    await take(task, bea)
    expect((await confirm(task, bea, false)).body).toEqual({ verified: [] })
    expect(await levelOf(ida)).toBe(1)
    expect(await own(ida, 'name')).toMatchObject({ verified: null, awaiting: null })
  })

  it('is never said to be proved by whoever closes the task: only that nothing was shown', async () => {
    const { task } = await asking()
    await take(task, ben)
    const close = (outcome: string) => post(`/work/tasks/${task}/closures`, { outcome }, ben)
    for (const outcome of ['proven', 'not_proven', 'answered', 'settled'])
      expect((await close(outcome)).body.errors).toEqual([{ field: 'outcome', code: 'unknown' }])
    expect((await get(`/work/tasks/${task}`, ben)).outcomes).toEqual(['not_shown', 'not_acceptable'])
    expect((await close('not_shown')).status).toBe(201)
    expect(await outcomeOf(task)).toBe('not_shown')
  })

  it('says nothing of a value that was changed after it was seen', async () => {
    const { ida, task } = await asking()
    await take(task, ben)
    await note(task, ben)
    await post('/portal/values', { values: { name: 'Somebody Else' } }, ida)
    await take(task, bea)
    expect((await confirm(task, bea)).body).toEqual({ verified: ['birth_date'] })
    expect(await levelOf(ida)).toBe(1)
    expect(await own(ida, 'name')).toMatchObject({ value: 'Somebody Else', verified: null })
  })

  it('that says otherwise puts the value in doubt and overwrites nothing', async () => {
    const { ida, task } = await asking()
    await take(task, ben)
    const noted = await note(task, ben, {
      supports: ['name'],
      differs: [{ field: 'birth_date', value: '1990-12-03' }],
    })
    expect(noted.body.contradicted).toEqual(['birth_date'])
    expect(await own(ida, 'birth_date')).toMatchObject({
      value: '1990-03-12',
      disputed: { claims: [{ value: '1990-12-03', source: 'employee', by: world.ben.pseudonym }] },
    })
    expect((await take(task, bea)).body.fields).toEqual(['name'])
  })

  it('is refused when it is over, says nothing of the name, or is said of what nobody opened', async () => {
    const { ida, task } = await asking()
    expect((await note(task, ben)).status).toBe(404)
    await take(task, ben)
    const faults = async (seen: object) => (await note(task, ben, seen)).body
    expect((await faults({ document: { ...document, expires: 2020 } })).errors).toEqual([
      { field: 'document.expires', code: 'expired' },
    ])
    expect((await faults({ supports: ['birth_date'] })).errors).toEqual([
      { field: 'supports', code: 'required' },
    ])
    expect((await faults({ supports: ['name', 'phone'] })).code).toBe('outside_grant')
    expect((await faults({ differs: [{ field: 'birth_date', value: '1990-01-01' }] })).code).toBe('invalid')
    expect((await faults({ supports: ['name'], differs: [{ field: 'birth_date', value: 'x' }] })).code).toBe(
      'invalid',
    )
    expect((await faults({ supports: ['name', 'codice_fiscale'] })).status).toBeGreaterThanOrEqual(400)
    expect((await post('/portal/identity-checks', {}, ida)).status).toBe(409)
  })
})

const plainEvidence = (task: string) =>
  test.owner.query<{ row: string }>('select e::text as row from evidence e where task = $1', [task])
