import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decideAnew } from '../../test/catalogue.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { signInThere, startIdentityProvider } from '../../test/identity-provider.ts'
import { newSession } from '../../test/people.ts'
import { trailOf } from '../../test/portal.ts'
import { buildWorld, type CustomerInWorld, type World } from '../../test/world.ts'

let test: TestHouse
let world: World
let provider: Awaited<ReturnType<typeof startIdentityProvider>>

const accounts = {
  ida: { name: 'IDA  Neri', birthdate: '1990-03-12' },
  eva: { name: 'Eva Riva', birthdate: '1985-01-02' },
  odd: { name: 'Ida Neri', birthdate: 'in spring' },
  mail: { name: 'Ida Neri', email: 'thief@example.org', email_verified: false },
}

beforeAll(async () => {
  test = await openHouse()
  world = await buildWorld(test)
  await decideAnew(test, 'birth_date', { asked: 'portal', editor: 'customer' })
  provider = await startIdentityProvider(accounts, `${test.house.publicUrl}/proved`)
  test.house.provider = provider.choice
})
afterAll(async () => {
  await provider.close()
  await test.close()
})

type Caller = Pick<CustomerInWorld, 'cookies'>
const post = async (path: string, payload: object, who: Caller) => {
  const response = await test.app.inject({
    ...{ method: 'POST', url: `/api/v1${path}`, payload, cookies: who.cookies },
  })
  return { status: response.statusCode, body: response.json() }
}

async function newIda(): Promise<CustomerInWorld> {
  const ida = await world.join({ name: 'Ida Neri' })
  await post('/portal/values', { values: { birth_date: '1990-03-12' } }, ida)
  return ida
}

const begin = async (who: Caller): Promise<string> =>
  (await post('/portal/provider-checks', {}, who)).body.url

/** What the page at our address hands on. */
const answerOf = (back: URL) => ({
  code: back.searchParams.get('code')!,
  state: back.searchParams.get('state')!,
  ...(back.searchParams.has('iss') ? { iss: back.searchParams.get('iss')! } : {}),
})
const prove = async (who: Caller, login: keyof typeof accounts) =>
  post('/portal/provider-answers', answerOf(await signInThere(await begin(who), login)), who)

const levelOf = async ({ id }: { id: string }) =>
  (await test.owner.one<{ level: number }>('select level from customer where id = $1', [id])).level

async function own(who: CustomerInWorld, field: string) {
  const { values } = (await test.app.inject({ url: '/api/v1/portal/data', cookies: who.cookies })).json()
  return values.find((one: { field: string }) => one.field === field)
}

describe('a provider that knows the customer', () => {
  it('verifies what it says alike, and proves who they are', async () => {
    const ida = await newIda()
    const proved = await prove(ida, 'ida')
    expect(proved).toEqual({ status: 201, body: { agreed: ['birth_date', 'name'], contradicted: [] } })
    const by = new URL(provider.choice.issuer).host
    expect(await own(ida, 'name')).toMatchObject({ value: 'Ida Neri', verified: { method: 'oidc', by } })
    expect(await levelOf(ida)).toBe(2)
    const entries = (await trailOf(test, ida.id)).filter(entry => entry.kind === 'verification')
    expect(entries).toMatchObject([{ fields: ['birth_date', 'name'], detail: { method: 'oidc', level: 2 } }])
  })

  it('is told nothing of them, and asked with PKCE, state and nonce', async () => {
    const asked = new URL(await begin(await newIda())).searchParams
    expect(Object.fromEntries(asked)).toEqual({
      ...{ client_id: 'custode', redirect_uri: `${test.house.publicUrl}/proved`, response_type: 'code' },
      ...{ scope: 'openid profile', code_challenge_method: 'S256' },
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[0-9a-f-]{36}\.[\w-]{43}$/),
    })
  })

  it('that says otherwise overwrites nothing, proves nothing, and leaves the value in doubt', async () => {
    const ida = await newIda()
    const proved = await prove(ida, 'eva')
    expect(proved.body).toEqual({ agreed: [], contradicted: ['birth_date', 'name'] })
    expect(await own(ida, 'name')).toMatchObject({
      ...{ value: 'Ida Neri', verified: null },
      disputed: { claims: [{ value: 'Eva Riva', source: 'provider' }] },
    })
    expect(await levelOf(ida)).toBe(1)
  })

  it('is not heard about what it says in no form of ours, or has not verified itself', async () => {
    const ida = await newIda()
    expect((await prove(ida, 'odd')).body).toEqual({ agreed: ['name'], contradicted: [] })
    const eva = await newIda()
    expect((await prove(eva, 'mail')).body).toEqual({ agreed: ['name'], contradicted: [] })
    expect((await own(eva, 'email')).disputed).toBeNull()
  })

  it('proves the level that the configuration gives it', async () => {
    test.house.provider = { ...provider.choice, level: 3 }
    const ida = await newIda()
    await prove(ida, 'ida')
    test.house.provider = provider.choice
    expect(await levelOf(ida)).toBe(3)
  })
})

describe('an answer of the provider', () => {
  const refused = { status: 403, body: { code: 'unproven' } }

  it('is taken once', async () => {
    const ida = await newIda()
    const answer = answerOf(await signInThere(await begin(ida), 'ida'))
    expect((await post('/portal/provider-answers', answer, ida)).status).toBe(201)
    expect(await post('/portal/provider-answers', answer, ida)).toMatchObject(refused)
  })

  it('is of no use in anybody else’s session, nor in another of the same customer', async () => {
    const [ida, eva] = [await newIda(), await newIda()]
    const answer = answerOf(await signInThere(await begin(ida), 'ida'))
    expect(await post('/portal/provider-answers', answer, eva)).toMatchObject(refused)
    expect(
      await post('/portal/provider-answers', answer, await newSession(test, 'portal', ida)),
    ).toMatchObject(refused)
    expect((await post('/portal/provider-answers', answer, ida)).status).toBe(201)
  })

  it('with a state that was made up is refused, and does not use up the check', async () => {
    const ida = await newIda()
    const answer = answerOf(await signInThere(await begin(ida), 'ida'))
    const [id] = answer.state.split('.')
    for (const state of [`${id}.x`, 'x', `${id}.`])
      expect(await post('/portal/provider-answers', { ...answer, state }, ida)).toMatchObject(refused)
    expect((await post('/portal/provider-answers', answer, ida)).status).toBe(201)
  })

  it('whose code was begun in another check is refused: the verifier and the nonce do not fit', async () => {
    const [ida, eva] = [await newIda(), await newIda()]
    const stolen = answerOf(await signInThere(await begin(ida), 'ida'))
    const own = answerOf(await signInThere(await begin(eva), 'eva'))
    expect(await post('/portal/provider-answers', { ...own, code: stolen.code }, eva)).toMatchObject(refused)
    expect(await levelOf(eva)).toBe(1)
  })

  it('is refused after a quarter of an hour, with another issuer, and with a code that is made up', async () => {
    const ida = await newIda()
    const late = answerOf(await signInThere(await begin(ida), 'ida'))
    const now = test.clock.now()
    test.clock.advance(15 * 60_000)
    expect(await post('/portal/provider-answers', late, ida)).toMatchObject(refused)
    test.clock.set(now)
    const mixed = answerOf(await signInThere(await begin(ida), 'ida'))
    expect(
      await post('/portal/provider-answers', { ...mixed, iss: 'https://evil.example' }, ida),
    ).toMatchObject(refused)
    const { state } = answerOf(await signInThere(await begin(ida), 'ida'))
    expect(await post('/portal/provider-answers', { ...mixed, state, code: 'x' }, ida)).toMatchObject(refused)
    expect(await levelOf(ida)).toBe(1)
  })

  it('leaves nothing in the database that could finish somebody’s check', async () => {
    const ida = await newIda()
    const url = new URL(await begin(ida))
    const [row] = await test.owner.query<{ row: string }>(
      'select p::text as row from provider_check p where session = $1',
      [ida.session.id],
    )
    const secrets = [url.searchParams.get('state')!.split('.')[1]!, url.searchParams.get('nonce')!]
    for (const secret of secrets) expect(row!.row).not.toContain(secret)
  })
})

it('without a provider nobody is sent anywhere, and one that does not answer is said to be away', async () => {
  const ida = await newIda()
  test.house.provider = null
  expect(await post('/portal/provider-checks', {}, ida)).toMatchObject({ status: 404 })
  test.house.provider = { ...provider.choice, issuer: 'http://localhost:9' }
  expect(await post('/portal/provider-checks', {}, ida)).toMatchObject({ status: 503 })
  test.house.provider = provider.choice
})
