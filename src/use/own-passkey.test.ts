import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { codeAt } from '../../test/authenticator.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { type Circumstances, SoftwareAuthenticator } from '../../test/passkey.ts'
import { newSession } from '../../test/people.ts'
import { buildWorld, type World } from '../../test/world.ts'
import { cookieOf } from '../core/http.ts'
import type { SessionRoom } from '../identity/session.ts'

// Passkeys, with an authenticator that signs whatever a test wants signed.

let house: TestHouse
let world: World
const here: Circumstances = { origin: 'http://localhost:8080', rpId: 'localhost', verified: true }

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
})
afterAll(() => house.close())
beforeEach(() => house.clock.advance(60_000))

type Cookies = Record<string, string>
let callers = 0
const send = async (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  cookies: Cookies = {},
  body?: object,
) => {
  const response = await house.app.inject({
    ...{ method, url: `/api/v1${path}`, cookies, remoteAddress: `198.51.100.${(++callers % 250) + 1}` },
    ...(body === undefined ? {} : { body }),
  })
  const answer = response.body === '' ? null : response.json()
  return { status: response.statusCode, body: answer, cookies: response.cookies, response }
}

type Whom = 'ana' | 'ben' | 'pia'
const roomOf: Record<Whom, SessionRoom> = { ana: 'portal', ben: 'work', pia: 'office' }
const fresh = async (whom: Whom): Promise<Cookies> => {
  const { id } = world[whom]
  const person = await house.owner.one<{ id: string; alias: string; trail: number }>(
    'select id, alias, trail from subject where id = $1',
    [id],
  )
  return (await newSession(house, roomOf[whom], person)).cookies
}
const askToAdd = async (whom: Whom, cookies: Cookies) =>
  (await send('POST', `/${roomOf[whom]}/passkey-challenges`, cookies, {})).body
const codeOf = (whom: Whom) =>
  whom === 'ana' ? {} : { code: codeAt(world[whom].totpSecret, house.clock.now()) }

const add = async (
  whom: Whom,
  cookies: Cookies,
  key = new SoftwareAuthenticator(),
  lies: Partial<Circumstances> = {},
) => {
  const { id: challenge, options } = await askToAdd(whom, cookies)
  const response = key.register(options, { ...here, ...lies })
  const body = { challenge, kept_on: 'phone', response, ...codeOf(whom) }
  return { ...(await send('POST', `/${roomOf[whom]}/passkeys`, cookies, body)), key, sent: body }
}
const enter = async (room: SessionRoom, key: SoftwareAuthenticator, lies: Partial<Circumstances> = {}) => {
  const { id: challenge, options } = (await send('POST', `/${room}/passkey-sessions/challenges`, {}, {})).body
  const body = { challenge, response: key.sign(options, { ...here, ...lies }) }
  return { ...(await send('POST', `/${room}/passkey-sessions`, {}, body)), sent: body, options }
}
const prove = async (cookies: Cookies, key: SoftwareAuthenticator) => {
  const { id: challenge, options } = (await send('POST', '/portal/proof-challenges', cookies, {})).body
  return send('POST', '/portal/passkey-proofs', cookies, { challenge, response: key.sign(options, here) })
}
const wrong = [401, 'wrong_passkey']
const outcome = ({ status, body }: { status: number; body: { code?: string } | null }) => [status, body?.code]

describe('a passkey', () => {
  it.each(['ana', 'ben', 'pia'] as const)(
    'of %s is added, lets them in, and shows when it was used',
    async whom => {
      const cookies = await fresh(whom)
      const { status, body, key } = await add(whom, cookies)
      expect([status, body.kept_on, body.used_at]).toEqual([201, 'phone', null])
      const entered = await enter(roomOf[whom], key)
      expect(entered.status, entered.response.body).toBe(201)
      expect(entered.cookies.map(one => one.name)).toEqual([cookieOf(roomOf[whom])])
      const own = { [cookieOf(roomOf[whom])]: entered.cookies[0]!.value }
      const { items } = (await send('GET', `/${roomOf[whom]}/passkeys`, own)).body
      expect(items.find((one: { id: string }) => one.id === body.id).used_at).not.toBeNull()
    },
  )

  it('asks to be found without an address, with its person verified, and learns no name of theirs', async () => {
    const cookies = await fresh('ana')
    const { options } = await askToAdd('ana', cookies)
    expect(options.authenticatorSelection).toMatchObject({
      ...{ residentKey: 'required', userVerification: 'required' },
    })
    expect(options.rp.id).toBe('localhost')
    expect(JSON.stringify(options)).not.toContain(world.ana.name)
    expect(JSON.stringify(options)).not.toContain(world.ana.email)
  })

  it('is asked for alike whoever comes: nothing is typed and no passkey is named', async () => {
    const { key } = await add('ana', await fresh('ana'))
    const { options } = await enter('portal', key)
    expect(options.allowCredentials ?? []).toEqual([])
    expect(options.userVerification).toBe('required')
  })

  it('shows again that it is them, for what needs a fresh proof', async () => {
    const cookies = await fresh('ana')
    const { key } = await add('ana', cookies)
    house.clock.advance(16 * 60_000)
    const refused = await send('GET', '/portal/export', cookies)
    expect(refused.body.detail).toMatchObject({ missing: 'proof', ways: ['code', 'passkey'] })
    expect((await prove(cookies, key)).status).toBe(201)
    expect((await send('GET', '/portal/export', cookies)).status).toBe(200)
  })

  it('is not added sixteen minutes after signing in, nor by an employee without the code of the moment', async () => {
    const cookies = await fresh('ana')
    const work = await fresh('ben')
    const { id: challenge, options } = await askToAdd('ben', work)
    const response = new SoftwareAuthenticator().register(options, here)
    const body = { challenge, kept_on: 'phone', response, code: '000000' }
    expect(outcome(await send('POST', '/work/passkeys', work, body))).toEqual([401, 'wrong_code'])
    house.clock.advance(16 * 60_000)
    const late = await send('POST', '/portal/passkey-challenges', cookies, {})
    expect(outcome(late)).toEqual([403, 'level_needed'])
  })

  it('is one’s own: nobody sees, removes or proves with that of another', async () => {
    const bob = await world.join()
    const { body, key } = await add('ana', await fresh('ana'))
    expect((await send('GET', '/portal/passkeys', bob.cookies)).body.items).toEqual([])
    expect((await send('DELETE', `/portal/passkeys/${body.id}`, bob.cookies)).status).toBe(404)
    expect(outcome(await prove(bob.cookies, key))).toEqual(wrong)
  })

  it('that is removed lets nobody in, and whoever is in elsewhere is put out', async () => {
    const { body, key } = await add('ana', await fresh('ana'))
    const elsewhere = await enter('portal', key)
    const thief = { custode_portal: elsewhere.cookies[0]!.value }
    const own = await fresh('ana')
    expect((await send('DELETE', `/portal/passkeys/${body.id}`, own)).status).toBe(204)
    expect((await send('GET', '/portal/passkeys', thief)).status).toBe(401)
    expect((await send('GET', '/portal/passkeys', own)).status).toBe(200)
    expect(outcome(await enter('portal', key))).toEqual(wrong)
    expect((await send('DELETE', `/portal/passkeys/${body.id}`, own)).status).toBe(404)
  })

  it('is not left behind by whoever was put out between being asked and answering', async () => {
    const cookies = await fresh('ana')
    const thief = await fresh('ana')
    const { body } = await add('ana', cookies)
    const { id: challenge, options } = await askToAdd('ana', thief)
    const key = new SoftwareAuthenticator()
    await send('DELETE', `/portal/passkeys/${body.id}`, cookies)
    const late = await send('POST', '/portal/passkeys', thief, {
      ...{ challenge, kept_on: 'phone', response: key.register(options, here) },
    })
    expect(late.status).toBe(401)
    expect(outcome(await enter('portal', key))).toEqual(wrong)
  })

  it('whose removal is cut off half way is there to be removed again, with every other session ended', async () => {
    const cookies = await fresh('ana')
    const { body, key } = await add('ana', cookies)
    const elsewhere = await enter('portal', key)
    await house.owner.query('revoke delete on passkey from custode_server')
    expect((await send('DELETE', `/portal/passkeys/${body.id}`, cookies)).status).toBe(500)
    await house.owner.query('grant delete on passkey to custode_server')
    const thief = { custode_portal: elsewhere.cookies[0]!.value }
    expect((await send('GET', '/portal/passkeys', thief)).status).toBe(401)
    expect((await send('DELETE', `/portal/passkeys/${body.id}`, cookies)).status).toBe(204)
  })

  it('leaves entries in the trail: added, let in, proved, removed', async () => {
    const bob = await world.join()
    const added = await house.app.inject({
      ...{ method: 'POST', url: '/api/v1/portal/passkey-challenges', cookies: bob.cookies, body: {} },
    })
    const key = new SoftwareAuthenticator()
    const { id: challenge, options } = added.json()
    const body = { challenge, kept_on: 'computer', response: key.register(options, here) }
    const { id } = (await send('POST', '/portal/passkeys', bob.cookies, body)).body
    await enter('portal', key)
    await prove(bob.cookies, key)
    await send('DELETE', `/portal/passkeys/${id}`, bob.cookies)
    const { items } = (await send('GET', '/portal/entries', bob.cookies)).body
    const kinds = items.map((one: { kind: string }) => one.kind)
    expect(kinds).toEqual(expect.arrayContaining(['passkey', 'session', 'proof', 'passkey.removal']))
  })

  it('is among what is taken away, and no more than twenty are kept', async () => {
    const bob = await world.join()
    await house.owner.query(
      `insert into passkey (id, subject, compartment, slot, credential, public_key, counter, transports, kept_on, synced, made_at)
       select gen_random_uuid(), $1, 'contact', s.number, decode(md5(n::text), 'hex'), '\\x00', 0, '{}', 'phone', false, now()
         from generate_series(1, 20) n, slot s where s.subject = $1 and s.compartment = 'contact'`,
      [bob.id],
    )
    const full = await send('POST', '/portal/passkey-challenges', bob.cookies, {})
    expect(outcome(full)).toEqual([409, 'conflict'])
    const { held } = (await send('GET', '/portal/export', bob.cookies)).body
    expect(held.passkey).toHaveLength(20)
  })
})

describe('what an authenticator answers is refused', () => {
  it.each([
    ['for another address', { origin: 'https://evil.example' }],
    ['for another name of the company', { rpId: 'evil.example' }],
    ['without its person verified', { verified: false }],
  ])('%s, at adding and at entering', async (_what, lies) => {
    const cookies = await fresh('ana')
    expect(outcome(await add('ana', cookies, new SoftwareAuthenticator(), lies))).toEqual(wrong)
    const { key } = await add('ana', cookies)
    expect(outcome(await enter('portal', key, lies))).toEqual(wrong)
    expect((await enter('portal', key)).status).toBe(201)
  })

  it('a second time', async () => {
    const cookies = await fresh('ana')
    const { key, sent: added } = await add('ana', cookies)
    expect(outcome(await send('POST', '/portal/passkeys', cookies, added))).toEqual(wrong)
    const { sent } = await enter('portal', key)
    expect(outcome(await send('POST', '/portal/passkey-sessions', {}, sent))).toEqual(wrong)
  })

  it('by one of two that come at the same moment', async () => {
    const { key } = await add('ana', await fresh('ana'))
    const { id: challenge, options } = (await send('POST', '/portal/passkey-sessions/challenges', {}, {}))
      .body
    const body = { challenge, response: key.sign(options, here) }
    const both = await Promise.all([1, 2].map(() => send('POST', '/portal/passkey-sessions', {}, body)))
    expect(both.map(one => one.status).sort()).toEqual([201, 401])
  })

  it('after five minutes', async () => {
    const { key } = await add('ana', await fresh('ana'))
    const { id: challenge, options } = (await send('POST', '/portal/passkey-sessions/challenges', {}, {}))
      .body
    house.clock.advance(5 * 60_000)
    const body = { challenge, response: key.sign(options, here) }
    expect(outcome(await send('POST', '/portal/passkey-sessions', {}, body))).toEqual(wrong)
  })

  it('when its counter stands still: somebody has a copy of it', async () => {
    const { key } = await add('ana', await fresh('ana'))
    expect((await enter('portal', key, { counter: 7 })).status).toBe(201)
    expect(outcome(await enter('portal', key, { counter: 7 }))).toEqual(wrong)
    expect((await enter('portal', key, { counter: 8 })).status).toBe(201)
  })

  it('and one that never counts is let in each time', async () => {
    const { key } = await add('ana', await fresh('ana'), new SoftwareAuthenticator(0))
    expect((await enter('portal', key, { counter: 0 })).status).toBe(201)
    expect((await enter('portal', key, { counter: 0 })).status).toBe(201)
  })

  it('in another session, another room, or for another act', async () => {
    const cookies = await fresh('ana')
    const other = await fresh('ana')
    const { key } = await add('ana', cookies)
    const { id: challenge, options } = (await send('POST', '/portal/proof-challenges', cookies, {})).body
    const body = { challenge, response: key.sign(options, here) }
    expect(outcome(await send('POST', '/portal/passkey-sessions', {}, body))).toEqual(wrong)
    expect(outcome(await send('POST', '/portal/passkey-proofs', other, body))).toEqual(wrong)
    expect((await send('POST', '/portal/passkey-proofs', cookies, body)).status).toBe(201)
  })

  it('alike when it is unknown, an employee’s at the portal, or a customer’s at work', async () => {
    const { key: customers } = await add('ana', await fresh('ana'))
    house.clock.advance(60_000)
    const { key: employees } = await add('ben', await fresh('ben'))
    const answers = [
      await enter('portal', new SoftwareAuthenticator()),
      await enter('portal', employees),
      await enter('work', customers),
      await enter('office', customers),
    ]
    expect(new Set(answers.map(one => `${one.status} ${one.response.body}`)).size).toBe(1)
    expect(outcome(answers[0]!)).toEqual(wrong)
  })

  it('at the office’s door by an employee who is no officer', async () => {
    house.clock.advance(60_000)
    const { key } = await add('ben', await fresh('ben'))
    expect(outcome(await enter('office', key))).toEqual([403, 'wrong_role'])
  })
})

describe('whoever leaves', () => {
  it('takes their passkeys along, customer and employee', async () => {
    const { key } = await add('ana', await fresh('ana'))
    house.clock.advance(60_000)
    const { key: bens } = await add('ben', await fresh('ben'))
    const pia = await fresh('pia')
    const left = await send('POST', '/portal/withdrawals', await fresh('ana'), { confirm: true })
    expect(left.status, left.response.body).toBe(201)
    const departed = await send('POST', `/office/employees/${world.ben.id}/departures`, pia, {})
    expect(departed.status, departed.response.body).toBeLessThan(300)
    const rows = await house.owner.query('select 1 from passkey where subject = any($1)', [
      [world.ana.id, world.ben.id],
    ])
    expect(rows).toEqual([])
    expect(outcome(await enter('portal', key))).toEqual(wrong)
    expect(outcome(await enter('work', bens))).toEqual(wrong)
  })
})
