import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeAt, newTotpSecret } from '../../test/authenticator.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { foundIn, storedText } from '../../test/stored.ts'
import { buildWorld, type World } from '../../test/world.ts'

let house: TestHouse
let world: World

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
})
afterAll(() => house.close())

const day = 86_400_000
const unknown = '00000000-0000-4000-8000-000000000000'
const post = (url: string, body: object, cookies: Record<string, string> = {}) =>
  house.app.inject({ method: 'POST', url: `/api/v1${url}`, body, cookies })
// A session of an officer lasts four hours: a test that lets days pass is signed in anew.
const officer = async () => {
  house.clock.advance(30_000)
  const { email, password, totpSecret } = world.pia
  const answer = await post('/office/sessions', {
    email,
    password,
    code: codeAt(totpSecret, house.clock.now()),
  })
  return { custode_office: answer.cookies[0]!.value }
}
let made = 0
const person = () => ({
  name: 'Carla Bruni Neri',
  email: `carla.${++made}@example.org`,
  role: 'employee',
  language: 'it',
})
const invite = async (change: object = {}) =>
  (await post('/office/employees', { ...person(), ...change }, await officer())).json() as {
    employee: { id: string; pseudonym: string }
    invitation: { token: string; until: string }
  }
const acceptance = (token: string) => {
  const secret = newTotpSecret()
  const code = codeAt(secret, house.clock.now())
  return { token, password: 'eleven geese and a goat', totp_secret: secret, code }
}
const view = (token: string) => post('/invitation-views', { token })
const accept = (body: object) => post('/invitation-acceptances', body)

describe('the list of employees', () => {
  it('is for officers', async () => {
    const get = (cookies: Record<string, string>) =>
      house.app.inject({ url: '/api/v1/office/employees', cookies })
    expect((await get({})).statusCode).toBe(401)
    expect((await get({ custode_office: world.ben.session.token })).statusCode).toBe(401)
    const { items } = (await get(world.pia.cookies)).json()
    expect(items).toMatchObject([
      { name: 'Ben Ferri', role: 'employee', state: 'active' },
      { name: 'Pia Moretti', role: 'officer', state: 'active' },
    ])
    expect(Object.keys(items[0]).sort()).toEqual(['id', 'language', 'name', 'pseudonym', 'role', 'state'])
  })
})

describe('an invitation is refused', () => {
  it('to whoever is no officer', async () => {
    expect((await post('/office/employees', person())).statusCode).toBe(401)
    expect((await post('/office/employees', person(), world.ben.cookies)).statusCode).toBe(401)
    expect((await post(`/office/employees/${unknown}/invitations`, {})).statusCode).toBe(401)
  })

  it.each([
    ['no address', { email: 'carla' }, { field: 'email', code: 'email' }],
    ['no name', { name: '' }, { field: 'name', code: 'required' }],
    ['a name with a hidden tag', { name: 'Carla\u{e0041}' }, { field: 'name', code: 'invisible' }],
    ['a name in two lines', { name: 'Carla\nBruni' }, { field: 'name', code: 'control' }],
    ['another role', { role: 'manager' }, { field: 'role', code: 'invalid' }],
    ['another language', { language: 'de' }, { field: 'language', code: 'invalid' }],
  ])('with %s', async (_what, change, error) => {
    const answer = await post('/office/employees', { ...person(), ...change }, world.pia.cookies)
    expect(answer.json()).toMatchObject({ status: 400, code: 'invalid', errors: [error] })
  })

  it('for an address that somebody here has, also by two at once', async () => {
    const ben = await post(
      '/office/employees',
      { ...person(), email: 'BEN.FERRI@example.org' },
      world.pia.cookies,
    )
    expect(ben.json()).toMatchObject({
      status: 409,
      code: 'conflict',
      errors: [{ field: 'email', code: 'invalid' }],
    })
    const same = person()
    const answers = await Promise.all([1, 2, 3].map(() => post('/office/employees', same, world.pia.cookies)))
    expect(answers.map(answer => answer.statusCode).sort()).toEqual([201, 409, 409])
  })

  it('again for who is not invited any more', async () => {
    const again = (id: string) => post(`/office/employees/${id}/invitations`, {}, world.pia.cookies)
    expect((await again(world.ben.id)).json()).toMatchObject({ status: 409, code: 'conflict' })
    expect((await again(unknown)).statusCode).toBe(404)
    expect((await again('ben')).statusCode).toBe(400)
  })
})

describe('an invitation', () => {
  it('tells the invited person what it is', async () => {
    const { invitation } = await invite()
    expect((await view(invitation.token)).json()).toEqual({
      organisation: 'Bottega Aurora',
      name: 'Carla Bruni Neri',
      role: 'employee',
      language: 'it',
    })
  })

  it('opens nothing yet: nobody signs in who has only been invited', async () => {
    const email = 'early@example.org'
    await invite({ email })
    const answer = await post('/work/sessions', { email, password: '', code: '' })
    expect(answer.json()).toMatchObject({ status: 401, code: 'wrong_credentials' })
  })

  it('is over after seven days', async () => {
    const { invitation } = await invite()
    house.clock.advance(7 * day - 1000)
    expect((await view(invitation.token)).statusCode).toBe(200)
    house.clock.advance(1000)
    expect((await view(invitation.token)).statusCode).toBe(404)
    expect((await accept(acceptance(invitation.token))).statusCode).toBe(404)
  })

  it('is worth nothing once another was made', async () => {
    const { employee, invitation } = await invite()
    const again = await post(`/office/employees/${employee.id}/invitations`, {}, await officer())
    expect((await view(invitation.token)).statusCode).toBe(404)
    expect((await accept(acceptance(invitation.token))).statusCode).toBe(404)
    expect((await accept(acceptance(again.json().invitation.token))).statusCode).toBe(201)
  })

  it('of a guess is not found', async () => {
    expect((await view('x'.repeat(43))).statusCode).toBe(404)
    expect((await accept(acceptance('x'.repeat(43)))).statusCode).toBe(404)
    expect((await post('/invitation-views', {})).statusCode).toBe(400)
    expect((await accept({ ...acceptance('x'), more: 1 })).statusCode).toBe(400)
  })
})

describe('accepting an invitation', () => {
  it('asks for a good password and a code that fits, and lets try again', async () => {
    const { invitation } = await invite()
    const bad = { ...acceptance(invitation.token), password: 'Carla Bruni Neri 1', code: '000000' }
    expect((await accept(bad)).json()).toMatchObject({
      status: 400,
      errors: [
        { field: 'password', code: 'invalid' },
        { field: 'code', code: 'code' },
      ],
    })
    expect((await accept(acceptance(invitation.token))).statusCode).toBe(201)
  })

  it('works once, also for two at the same moment', async () => {
    const { invitation } = await invite()
    const body = acceptance(invitation.token)
    const answers = await Promise.all([1, 2, 3].map(() => accept(body)))
    expect(answers.map(answer => answer.statusCode).sort()).toEqual([201, 404, 404])
    expect((await view(invitation.token)).statusCode).toBe(404)
    expect((await accept(acceptance(invitation.token))).statusCode).toBe(404)
  })

  it('signs the employee in to the room of their role, and from then on by hand', async () => {
    for (const [role, room] of [
      ['employee', 'work'],
      ['officer', 'office'],
    ] as const) {
      const email = `new.${role}@example.org`
      const { invitation } = await invite({ role, email })
      const body = acceptance(invitation.token)
      const answer = await accept(body)
      expect(answer.json()).toMatchObject({ employee: { role }, room })
      expect(answer.cookies[0]!.name).toBe(`custode_${room}`)
      const credentials = { email, password: body.password }
      const again = (code: string) => post(`/${room}/sessions`, { ...credentials, code })
      expect((await again(body.code)).statusCode).toBe(401)
      house.clock.advance(30_000)
      expect((await again(codeAt(body.totp_secret, house.clock.now()))).statusCode).toBe(201)
    }
  })

  it('leaves neither address nor secret nor password nor token in any table', async () => {
    const { invitation } = await invite({ email: 'hidden.person@example.org' })
    const body = acceptance(invitation.token)
    await accept(body)
    const plain = ['hidden.person', body.totp_secret, body.password, invitation.token]
    expect(foundIn(await storedText(house.owner), plain)).toEqual([])
  })
})
