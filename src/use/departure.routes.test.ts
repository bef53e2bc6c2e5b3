import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeAt, newTotpSecret } from '../../test/authenticator.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { buildWorld, type World } from '../../test/world.ts'
import { rebuildAddresses } from './address-index.ts'
import { depart as sendAway } from './departure.ts'

let house: TestHouse
let world: World

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
})
afterAll(() => house.close())

const unknown = '00000000-0000-4000-8000-000000000000'
const post = (url: string, body: object, cookies: Record<string, string> = {}) =>
  house.app.inject({ method: 'POST', url: `/api/v1${url}`, body, cookies })
const get = (url: string, cookies: Record<string, string>) =>
  house.app.inject({ url: `/api/v1${url}`, cookies })
const depart = (id: string, cookies = world.pia.cookies) =>
  post(`/office/employees/${id}/departures`, {}, cookies)

/** Hires one more employee, and returns how they are signed in. */
async function hire(role: 'employee' | 'officer', email: string) {
  const asked = { name: 'Dario Neri', email, role, language: 'it' }
  const { employee, invitation } = (await post('/office/employees', asked, world.pia.cookies)).json()
  const secret = newTotpSecret()
  const chosen = { password: 'eleven geese and a goat', totp_secret: secret }
  const code = codeAt(secret, house.clock.now())
  const accepted = await post('/invitation-acceptances', { token: invitation.token, ...chosen, code })
  const [cookie] = accepted.cookies
  return {
    ...(employee as { id: string; pseudonym: string }),
    secret,
    cookies: { [cookie!.name]: cookie!.value },
  }
}

async function ask(text: string): Promise<string> {
  const body = { type: 'delivery_question', text }
  return (await post('/portal/questions', body, world.ana.cookies)).json().id
}

describe('a departure is refused', () => {
  it('to whoever is no officer', async () => {
    expect((await depart(world.ben.id, {})).statusCode).toBe(401)
    expect((await depart(world.pia.id, world.ben.cookies)).statusCode).toBe(401)
  })

  it('of somebody unknown, and of what is no id', async () => {
    expect((await depart(unknown)).statusCode).toBe(404)
    expect((await depart(world.ana.id)).statusCode).toBe(404)
    expect((await depart('ben')).statusCode).toBe(400)
    expect(
      (await post(`/office/employees/${world.ben.id}/departures`, { at: 'now' }, world.pia.cookies))
        .statusCode,
    ).toBe(400)
  })

  it('of oneself', async () => {
    expect((await depart(world.pia.id)).json()).toMatchObject({
      status: 409,
      code: 'conflict',
      detail: { reason: 'oneself' },
    })
  })

  it('of the last officer, when two send each other away at the same moment', async () => {
    for (let round = 0; round < 3; round++) {
      const other = await hire('officer', `second.officer${round}@example.org`)
      const officers = [
        { subject: world.pia.id, actor: world.pia.pseudonym },
        { subject: other.id, actor: other.pseudonym },
      ] as const
      // Two connections that are open already, or the one who connects first would be done before the other begins.
      await Promise.all([1, 2].map(() => house.house.database.query('select pg_sleep(0.05)')))
      const [first, second] = await Promise.allSettled([
        sendAway(house.house, officers[0], other.id),
        sendAway(house.house, officers[1], world.pia.id),
      ])
      expect([first.status, second.status].sort()).toEqual(['fulfilled', 'rejected'])
      const refused = first.status === 'rejected' ? first : second
      expect(refused).toMatchObject({ reason: { code: 'conflict', detail: { reason: 'last_officer' } } })
      const left = await house.owner.query<{ id: string }>(
        `select id from employee where role = 'officer' and ended_at is null`,
      )
      expect(left.length).toBe(1)
      // Whoever is left is the officer of the tests that follow.
      if (left[0]!.id === other.id) world.pia = { ...world.pia, ...other }
    }
  })
})

describe('a departure', () => {
  it('ends sessions, grants and sign-in, and gives open tasks back', async () => {
    const dario = await hire('employee', 'dario.neri@example.org')
    const [task, closed] = [await ask('Where is my lamp?'), await ask('And my bowls?')]
    for (const id of [task, closed])
      expect((await post(`/work/tasks/${id}/grants`, {}, dario.cookies)).statusCode).toBe(201)
    await post(`/work/tasks/${closed}/closures`, { outcome: 'answered' }, dario.cookies)
    expect((await get(`/work/tasks/${task}/customer?fields=name`, dario.cookies)).statusCode).toBe(200)

    const answer = await depart(dario.id)
    expect(answer.statusCode).toBe(201)
    expect((await get('/work/sessions/current', dario.cookies)).statusCode).toBe(401)
    expect((await get(`/work/tasks/${task}/customer?fields=name`, dario.cookies)).statusCode).toBe(401)
    house.clock.advance(30_000)
    const again = { email: 'dario.neri@example.org', password: 'eleven geese and a goat' }
    const code = codeAt(dario.secret, house.clock.now())
    expect((await post('/work/sessions', { ...again, code })).statusCode).toBe(401)
    expect(
      await house.owner.query('select 1 from grants where actor = $1 and ended_at is null', [
        dario.pseudonym,
      ]),
    ).toEqual([])
    expect(
      await house.owner.query(
        'select id, assignee from task where id = any ($1) order by assignee nulls first',
        [[task, closed]],
      ),
    ).toEqual([
      { id: task, assignee: null },
      { id: closed, assignee: dario.id },
    ])
    expect((await post(`/work/tasks/${task}/grants`, {}, world.ben.cookies)).statusCode).toBe(201)
  })

  it('leaves the keeper no grant that the secret of before still opens', async () => {
    const elio = await hire('employee', 'elio@example.org')
    const task = await ask('Is it on its way?')
    await post(`/work/tasks/${task}/grants`, {}, elio.cookies)
    const before = (await house.keeper.status()).grants
    await depart(elio.id)
    expect((await house.keeper.status()).grants).toBe(before - 1)
  })

  it('may be repeated, and tells the first time', async () => {
    const fede = await hire('employee', 'fede@example.org')
    const first = await depart(fede.id)
    house.clock.advance(60_000)
    const second = await depart(fede.id)
    expect(second.statusCode).toBe(201)
    expect(second.json()).toEqual(first.json())
    const { items } = (await get('/office/employees', world.pia.cookies)).json()
    expect(items.find((one: { id: string }) => one.id === fede.id)).toMatchObject({ state: 'ended' })
  })

  it('before the beginning takes the invitation back, and frees the address', async () => {
    const asked = { name: 'Gina Rossi', email: 'gina@example.org', role: 'employee', language: 'it' }
    const { employee, invitation } = (await post('/office/employees', asked, world.pia.cookies)).json()
    await depart(employee.id)
    expect((await post('/invitation-views', { token: invitation.token })).statusCode).toBe(404)
    expect(
      (await post(`/office/employees/${employee.id}/invitations`, {}, world.pia.cookies)).statusCode,
    ).toBe(409)
    expect((await post('/office/employees', asked, world.pia.cookies)).statusCode).toBe(201)
  })

  it('frees the address for good, also when the address index is made anew', async () => {
    const email = 'ugo@example.org'
    const before = await hire('employee', email)
    await depart(before.id)
    const after = await hire('employee', email)
    await house.owner.query('delete from address')
    await house.owner.query('delete from address_generation')
    const signIn = () => {
      house.clock.advance(30_000)
      const code = codeAt(after.secret, house.clock.now())
      return post('/work/sessions', { email, password: 'eleven geese and a goat', code })
    }
    expect((await signIn()).json()).toMatchObject({ status: 503, code: 'search_rebuilding' })
    await rebuildAddresses(house.house)
    expect((await signIn()).json()).toMatchObject({ employee: { id: after.id } })
    const kept = await house.owner.query('select 1 from address where subject = $1', [before.id])
    expect(kept).toEqual([])
  })
})
