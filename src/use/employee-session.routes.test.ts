import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { codeAt } from '../../test/authenticator.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { buildWorld, type World } from '../../test/world.ts'
import { withJobGrant } from './grant.ts'
import { readTrail } from './trail.ts'

let house: TestHouse
let world: World

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
})
afterAll(() => house.close())
// Each test has time steps and attempts of its own.
beforeEach(() => house.clock.advance(16 * 60_000))

const post = (url: string, body: object) => house.app.inject({ method: 'POST', url: `/api/v1${url}`, body })
const signIn = (room: 'work' | 'office', body: object) => post(`/${room}/sessions`, body)
const proofs = (who: 'ben' | 'pia') => ({
  email: world[who].email,
  password: world[who].password,
  code: codeAt(world[who].totpSecret, house.clock.now()),
})
const wrong = { status: 401, code: 'wrong_credentials' }

describe('a sign-in is refused', () => {
  it.each([
    ['an unknown address', { email: 'nobody@example.org' }],
    ['a customer’s address', { email: 'ana.conti@example.org' }],
    ['what is no address', { email: 'ben' }],
    ['a wrong password', { password: 'seven boats by the peer' }],
    ['an empty password', { password: '' }],
    ['a wrong code', { code: '000000' }],
    ['no code', { code: '' }],
  ])('for %s, in the same words', async (_what, change) => {
    const answer = await signIn('work', { ...proofs('ben'), ...change })
    expect(answer.json()).toEqual({
      type: 'about:blank',
      title: 'These sign-in details do not fit together.',
      ...wrong,
    })
    expect(answer.cookies).toEqual([])
  })

  it('for a code that was used, also by two at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => signIn('work', proofs('ben'))))
    expect(answers.map(answer => answer.statusCode).sort()).toEqual([201, 401, 401, 401])
    expect((await signIn('work', proofs('ben'))).json()).toMatchObject(wrong)
  })

  it('for a code older than the last that was used', async () => {
    const before = proofs('ben')
    house.clock.advance(30_000)
    expect((await signIn('work', proofs('ben'))).statusCode).toBe(201)
    expect((await signIn('work', before)).json()).toMatchObject(wrong)
  })

  it('for an employee at the office’s door', async () => {
    expect((await signIn('office', proofs('ben'))).json()).toMatchObject({ status: 403, code: 'wrong_role' })
  })

  it('for a body that is malformed', async () => {
    for (const body of [{}, { ...proofs('ben'), more: 1 }, { ...proofs('ben'), email: 7 }])
      expect((await signIn('work', body)).json()).toMatchObject({ status: 400, code: 'invalid' })
  })

  it('after ten attempts at one address, though the eleventh is right, until time has passed', async () => {
    for (let n = 0; n < 10; n++)
      expect((await signIn('work', { ...proofs('ben'), password: 'not this one' })).statusCode).toBe(401)
    const answer = await signIn('work', { ...proofs('ben'), email: world.ben.email.toUpperCase() })
    expect(answer.json()).toMatchObject({ status: 429, code: 'rate_limited' })
    expect((await signIn('office', proofs('pia'))).statusCode).toBe(201)
    house.clock.advance(16 * 60_000)
    expect((await signIn('work', proofs('ben'))).statusCode).toBe(201)
  })
})

describe('a sign-in', () => {
  it('gives a session of its room alone, in a cookie that no script reads', async () => {
    const answer = await signIn('work', proofs('pia'))
    expect(answer.statusCode).toBe(201)
    expect(answer.json()).toMatchObject({ employee: { name: 'Pia Moretti', role: 'officer' } })
    const [cookie] = answer.cookies
    expect(cookie).toMatchObject({ name: 'custode_work', httpOnly: true, sameSite: 'Strict', path: '/' })
    const current = (room: string, cookies: Record<string, string>) =>
      house.app.inject({ url: `/api/v1/${room}/sessions/current`, cookies })
    expect((await current('work', { custode_work: cookie!.value })).json()).toEqual(answer.json())
    expect((await current('office', { custode_office: cookie!.value })).statusCode).toBe(401)
    expect((await current('work', {})).statusCode).toBe(401)
  })

  it('takes the address in any case', async () => {
    const answer = await signIn('work', { ...proofs('ben'), email: ` ${world.ben.email.toUpperCase()} ` })
    expect(answer.statusCode).toBe(201)
  })

  it('is an entry in the employee’s own trail, beside the one reading it took', async () => {
    const wanted = {
      ...{ subjects: [world.ben.id], fields: ['trail'], compartments: ['trail'] },
      ...{ purpose: 'accountability', minutes: 1, most: 50 },
    }
    const bodies = () =>
      withJobGrant(house.house, wanted, async key => {
        const { trail } = await house.owner.one<{ trail: number }>(
          'select trail from subject where id = $1',
          [world.ben.id],
        )
        return (await readTrail(house.house, key, trail)).map(entry => JSON.parse(entry.body))
      })
    const before = (await bodies()).length
    await signIn('work', proofs('ben'))
    const after = (await bodies()).slice(before)
    expect(after.filter(body => body.kind === 'session')).toMatchObject([
      { actor: world.ben.pseudonym, result: 'done', detail: { room: 'work' } },
    ])
    expect(after.filter(body => body.kind === 'reading' && body.purpose === 'sign-in')).toMatchObject([
      { fields: ['totp'] },
    ])
    expect(JSON.stringify(after)).not.toContain('Ben')
  })

  it('leaves no grant behind and never returns the secret', async () => {
    const answer = await signIn('work', proofs('ben'))
    expect(answer.body).not.toContain(world.ben.totpSecret)
    expect(
      await house.owner.query(`select 1 from grants where kind = 'signin' and ended_at is null`),
    ).toEqual([])
  })
})
