import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cookieOf } from '../src/core/http.ts'
import { makeSession, type SessionRoom } from '../src/identity/session.ts'
import { openHouse, type TestHouse } from './house.ts'
import { signInAs } from './portal.ts'
import { type Expected, routes, uuid } from './refused-routes.ts'
import { buildWorld, type World } from './world.ts'

// Invariant 12: every endpoint refuses whoever is not signed in, is somebody else, or asks wrongly. A route that is
// missing in this table fails the test.

let house: TestHouse
let world: World
/** Who may call: a cookie for each room, and for the applicant. */
let right: Record<SessionRoom | 'applicant', string>
/** A cookie of the right room that belongs to somebody else. */
let wrong: Record<SessionRoom | 'applicant', string>

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
  const begin = (room: SessionRoom, subject: string) =>
    house.house.database
      .transaction(tx => makeSession(tx, house.house, room, subject))
      .then(made => made.token)
  const applicant = (await signInAs(house, 'app.licant@example.org')).cookie
  right = {
    portal: world.ana.session.token,
    work: world.ben.session.token,
    office: world.pia.session.token,
    applicant,
  }
  wrong = {
    portal: applicant,
    work: await begin('work', world.ana.id),
    office: await begin('office', world.ben.id),
    applicant: world.ana.session.token,
  }
})
afterAll(() => house.close())

const secret = 'zaffiro-quarzo-7741'

interface Call {
  path?: string
  query?: string
  cookie?: string
  payload?: unknown
  headers?: Record<string, string>
}

async function call(route: string, sent: Call) {
  const [method, path] = route.split(' ') as ['GET' | 'POST' | 'DELETE', string]
  const { room } = routes[route]!
  // The log is told where its specification says, beside the API.
  const prefix = path.startsWith('/log/') ? '' : '/api/v1'
  const query = sent.query === undefined ? '' : `?${sent.query}`
  const url = `${prefix}${(sent.path ?? path).replace(':id', uuid)}${query}`
  return house.app.inject({
    ...{ method, url },
    ...(sent.cookie === undefined || room === 'public' ? {} : { cookies: { [cookieOf(room)]: sent.cookie } }),
    ...(sent.payload === undefined ? {} : { payload: sent.payload as object }),
    ...(sent.headers === undefined ? {} : { headers: sent.headers }),
  })
}

/** A refusal says its code and sentence, and nothing of what was sent. */
function expectRefusal(answer: Awaited<ReturnType<typeof call>>, status: number, code?: string): void {
  expect(answer.statusCode, answer.body).toBe(status)
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  expect(answer.json()).toMatchObject({ type: 'about:blank', title: expect.any(String), status })
  if (code !== undefined) expect(answer.json().code).toBe(code)
  expect(answer.body).not.toContain(secret)
}

const caller = ({ room, who }: Expected) => (who === 'applicant' ? 'applicant' : room)
const cookieFor = (expected: Expected): { cookie?: string } =>
  expected.room === 'public' ? {} : { cookie: right[caller(expected) as SessionRoom] }

const all = Object.entries(routes)
const guarded = all.filter(([, expected]) => expected.room !== 'public')
const withBody = all.filter(([, expected]) => expected.body !== undefined)
const withId = all.filter(([route]) => route.includes(':id'))

describe('every route', () => {
  it('is in this table, and every line of the table is a route', async () => {
    await house.app.ready()
    const { paths } = house.app.swagger() as { paths: Record<string, Record<string, unknown>> }
    const found = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => `${method.toUpperCase()} ${path.replace('/api/v1', '')}`),
    )
    expect(found.map(route => route.replaceAll(/\{(\w+)\}/g, ':$1')).sort()).toEqual(
      Object.keys(routes).sort(),
    )
  })

  it('is described: none is hidden from the document', () => {
    const leaves = house.app.printRoutes({ commonPrefix: false }).split('\n')
    const count = leaves.flatMap(line => /\(([A-Z, ]+)\)$/.exec(line)?.[1]?.split(', ') ?? [])
    const pages = 1
    expect(count.filter(method => method !== 'HEAD')).toHaveLength(all.length + pages)
  })
})

describe('whoever is not signed in', () => {
  it.each(guarded)('is refused at %s', async (route, expected) => {
    expectRefusal(await call(route, { payload: expected.body }), 401, 'unauthenticated')
    for (const cookie of ['', 'x', secret])
      expectRefusal(await call(route, { cookie, payload: expected.body }), 401, 'unauthenticated')
  })

  it.each(guarded)('is refused at %s with the cookie of another room', async (route, { room, body }) => {
    for (const other of (['portal', 'work', 'office'] as const).filter(one => one !== room))
      expectRefusal(await call(route, { cookie: right[other], payload: body }), 401, 'unauthenticated')
  })
})

describe('whoever is somebody else', () => {
  it.each(guarded.filter(([, { who }]) => who !== 'either'))('is refused at %s', async (route, expected) => {
    const cookie = wrong[caller(expected) as SessionRoom]
    expectRefusal(await call(route, { cookie, payload: expected.body }), 403, 'wrong_role')
  })

  it.each(guarded.filter(([, { who }]) => who === 'either'))(
    'is refused at %s when an employee',
    async route => {
      const cookie = await house.house.database
        .transaction(tx => makeSession(tx, house.house, 'portal', world.ben.id))
        .then(made => made.token)
      expectRefusal(await call(route, { cookie }), 403, 'wrong_role')
    },
  )
})

describe('a malformed request', () => {
  it.each(withBody)('is refused at %s', async (route, expected) => {
    const who = cookieFor(expected)
    const bodies: unknown[] = [
      [],
      { ...expected.body, [secret]: 1 },
      ...Object.keys(expected.body!).flatMap(key => [
        Object.fromEntries(Object.entries(expected.body!).filter(([name]) => name !== key)),
        { ...expected.body, [key]: { [secret]: secret } },
      ]),
      ...(expected.wrong ?? []),
    ]
    for (const payload of bodies) expectRefusal(await call(route, { ...who, payload }), 400, 'invalid')
  })

  it.each(withBody)('is refused at %s when it is no JSON', async (route, expected) => {
    const headers = { 'content-type': 'application/json' }
    for (const payload of [`{"${secret}`, '7', 'null'])
      expectRefusal(await call(route, { ...cookieFor(expected), payload, headers }), 400, 'invalid')
    expectRefusal(await call(route, cookieFor(expected)), 400, 'invalid')
  })

  it.each(withId)('is refused at %s for what is no id', async (route, expected) => {
    const path = route.split(' ')[1]!
    for (const id of ['x', secret, `${uuid}0`, '%00']) {
      const sent = { ...cookieFor(expected), path: path.replace(':id', id), payload: expected.body }
      expectRefusal(await call(route, sent), 400, 'invalid')
    }
  })

  it.each(all.filter(([, { queries }]) => queries !== undefined))(
    'is refused at %s for a wrong query',
    async (route, expected) => {
      for (const query of expected.queries!)
        expectRefusal(await call(route, { ...cookieFor(expected), query }), 400, 'invalid')
    },
  )
})

describe('an unknown id', () => {
  it.each(withId)('is not found at %s', async (route, expected) => {
    expectRefusal(await call(route, { ...cookieFor(expected), payload: expected.body }), 404, 'not_found')
  })
})

describe('a write from a page that is not ours', () => {
  it.each(all.filter(([route]) => !route.startsWith('GET')))('is refused at %s', async (route, expected) => {
    const sent = { ...cookieFor(expected), payload: expected.body }
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }])
      expectRefusal(await call(route, { ...sent, headers }), 403, 'wrong_origin')
  })
})
