import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeAt, newTotpSecret } from '../../test/authenticator.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { foundIn, storedText } from '../../test/stored.ts'
import { makeSetupToken, takeSetupToken } from '../identity/setup.ts'

let house: TestHouse
let token: string

beforeAll(async () => {
  house = await openHouse()
  token = (await makeSetupToken(house.house.database))!
})
afterAll(() => house.close())

const secret = newTotpSecret()
const good = () => ({
  token,
  organisation: 'Bottega Aurora',
  name: 'Pia Moretti',
  email: 'pia.moretti@example.org',
  password: 'nine lamps over water',
  language: 'it',
  totp_secret: secret,
  code: codeAt(secret, house.clock.now()),
})
const setup = (body: object) => house.app.inject({ method: 'POST', url: '/api/v1/setup', body })
const company = async () => (await house.app.inject('/api/v1/company')).json()

describe('before the company is set up', () => {
  it('it says so, and every other door is closed', async () => {
    expect(await company()).toEqual({
      open: false,
      name: null,
      demo: false,
      card_numbers: false,
      languages: ['en', 'it'],
      development_outbox: true,
      keys: { log: expect.any(String), receipts: expect.any(String) },
    })
    for (const url of ['/api/v1/notice?language=it', '/api/v1/office/employees', '/api/v1/portal/consents'])
      expect((await house.app.inject(url)).json()).toMatchObject({ status: 503, code: 'not_open' })
  })

  it('refuses a wrong token alike, whatever else is sent', async () => {
    const answer = await setup({ ...good(), token: 'x'.repeat(43), password: 'short' })
    expect(answer.json()).toMatchObject({ status: 401, code: 'wrong_credentials' })
  })

  it('takes the newest token alone, and looks again in the moment of taking', async () => {
    const older = token
    token = (await makeSetupToken(house.house.database))!
    expect((await setup({ ...good(), token: older })).json()).toMatchObject({ code: 'wrong_credentials' })
    const taking = house.house.database.transaction(tx => takeSetupToken(tx, older))
    await expect(taking).rejects.toMatchObject({ code: 'wrong_credentials' })
  })

  it.each([
    ['a short password', { password: 'elevenchars' }, [{ field: 'password', code: 'too_short' }]],
    [
      'a password that is the company',
      { password: 'Bottega-Aurora1' },
      [{ field: 'password', code: 'invalid' }],
    ],
    ['a code of another moment', { code: '000000' }, [{ field: 'code', code: 'code' }]],
    [
      'a secret that is none',
      { totp_secret: 'ABC' },
      [
        { field: 'totp_secret', code: 'invalid' },
        { field: 'code', code: 'code' },
      ],
    ],
    ['an address that is none', { email: 'pia' }, [{ field: 'email', code: 'email' }]],
    ['no name', { organisation: '  ' }, [{ field: 'organisation', code: 'required' }]],
    [
      'a name that turns the direction',
      { organisation: 'Aurora\u202e' },
      [{ field: 'organisation', code: 'direction' }],
    ],
  ])('refuses %s and names the field', async (_what, change, errors) => {
    const answer = await setup({ ...good(), ...change })
    expect(answer.json()).toMatchObject({ status: 400, code: 'invalid', errors })
  })

  it('refuses an unknown key and another language', async () => {
    expect((await setup({ ...good(), more: 1 })).statusCode).toBe(400)
    expect((await setup({ ...good(), language: 'de' })).statusCode).toBe(400)
  })

  it('keeps nothing of what was refused', async () => {
    expect(await house.owner.query('select 1 from subject')).toEqual([])
    expect(await company()).toMatchObject({ open: false })
  })
})

describe('the setup', () => {
  it('is won by one of many who try at once; the others are told that the company is open', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, n) => setup({ ...good(), email: `pia.moretti${n}@example.org` })),
    )
    expect(answers.map(answer => answer.statusCode).sort()).toEqual([201, 409, 409, 409, 409])
    for (const answer of answers.filter(one => one.statusCode === 409))
      expect(answer.json()).toMatchObject({ code: 'already_open' })
    expect(await house.owner.query('select role from employee')).toEqual([{ role: 'officer' }])
    const winner = answers.find(answer => answer.statusCode === 201)!
    expect(winner.json()).toMatchObject({
      employee: {
        name: 'Pia Moretti',
        role: 'officer',
        language: 'it',
        pseudonym: expect.stringMatching(/^st_\d+$/),
      },
    })
    const cookie = winner.cookies[0]!
    expect(cookie).toMatchObject({ name: 'custode_office', httpOnly: true, sameSite: 'Strict', path: '/' })
    const current = await house.app.inject({
      url: '/api/v1/office/sessions/current',
      cookies: { custode_office: cookie.value },
    })
    expect(current.json()).toMatchObject({ employee: { name: 'Pia Moretti' } })
  })

  it('opens the company under its name, with a notice, and makes no further token', async () => {
    expect(await company()).toMatchObject({ open: true, name: 'Bottega Aurora' })
    expect((await house.app.inject('/api/v1/notice?language=it')).statusCode).toBe(200)
    expect(await house.owner.query('select 1 from setup_token')).toEqual([])
    expect(await makeSetupToken(house.house.database)).toBeNull()
    expect((await setup(good())).json()).toMatchObject({ status: 409, code: 'already_open' })
  })

  it('gives the company the id that its keeper goes by', async () => {
    const { id } = await house.owner.one<{ id: string }>('select id from organisation')
    expect(id).toBe((await house.keeper.status()).organisation)
  })

  it('leaves neither the address nor the secret nor the password in any table', async () => {
    const plain = ['pia.moretti', 'example.org', secret, 'nine lamps', token]
    expect(foundIn(await storedText(house.owner), plain)).toEqual([])
  })
})
