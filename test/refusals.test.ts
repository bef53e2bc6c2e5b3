import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cookieOf } from '../src/core/http.ts'
import { makeSession, type SessionRoom } from '../src/identity/session.ts'
import { openHouse, type TestHouse } from './house.ts'
import { signInAs } from './portal.ts'
import { buildWorld, type World } from './world.ts'

// Invariant 12: every endpoint refuses whoever is not signed in, is somebody else, or asks wrongly. A route that is
// missing in this table fails the test.

interface Expected {
  room: SessionRoom | 'public'
  /** Within the portal; a customer unless told. */
  who?: 'applicant' | 'either'
  /** A body that is well formed; null for a request without one. */
  body?: Record<string, unknown>
  /** Bodies that are well formed JSON and yet refused. */
  wrong?: Record<string, unknown>[]
  /** Queries that are refused. */
  queries?: string[]
}

const page = ['limit=0', 'limit=51', 'limit=x', 'order=1']
const signIn = { email: 'a@example.org', password: 'x', code: '000000' }
const chosen = {
  password: 'a long enough one',
  totp_secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  code: '000000',
}
const setup = { organisation: 'X', name: 'X', email: 'x@example.org', language: 'en', token: 'x', ...chosen }
const employee = { name: 'Eva Riva', email: 'eva@example.org', role: 'employee', language: 'it' }
const joining = { name: 'Ida', phone: '', notice_version: 1, language: 'it', purposes: ['service'] }
const decided = {
  ...{ label: { en: 'Shoe size', it: 'Numero di scarpe' }, help: null, options: {}, option_labels: {} },
  ...{ sensitive: false, editor: 'customer', level: 0, reconfirm_days: null, retention: 'agreement' },
  ...{ asked: 'portal', required: false, purposes: ['service'] },
}
const ownField = { ...decided, code: 'own_shoe_size', type: 'integer', compartment: 'preferences' }
const envelope = {
  ...{ compartment: 'payment', fields: ['iban'], nonce: 'AAAAAAAAAAAAAAAAAAAAAA', key: 300 },
  envelope: Buffer.alloc(80).toString('base64'),
}
const answered = { id: 'AAAA', rawId: 'AAAA', type: 'public-key', clientExtensionResults: {} }
const assertion = {
  ...answered,
  response: { clientDataJSON: 'AAAA', authenticatorData: 'AAAA', signature: 'AAAA' },
}
const newPasskey = {
  ...{ challenge: '00000000-0000-4000-8000-000000000000', kept_on: 'phone' },
  response: { ...answered, response: { clientDataJSON: 'AAAA', attestationObject: 'AAAA' } },
}
const shownPasskey = { challenge: '00000000-0000-4000-8000-000000000000', response: assertion }
const wrongPasskeys = [
  { ...shownPasskey, challenge: 'x' },
  { ...shownPasskey, response: { ...assertion, type: 'password' } },
]
const uuid = '00000000-0000-4000-8000-000000000000'

const routes: Record<string, Expected> = {
  'GET /company': { room: 'public' },
  'GET /fields': { room: 'public' },
  'GET /notice': { room: 'public', queries: ['language=de', 'version=1'] },
  'GET /outbox': { room: 'public' },
  'GET /log/checkpoint': { room: 'public' },
  'GET /log/keys': { room: 'public' },
  'GET /log/tile/{*}': { room: 'public' },
  'POST /setup': { room: 'public', body: setup },
  'POST /invitation-views': { room: 'public', body: { token: 'x' } },
  'POST /invitation-acceptances': { room: 'public', body: { token: 'x', ...chosen } },
  'POST /work/sessions': { room: 'public', body: signIn },
  'POST /office/sessions': { room: 'public', body: signIn },
  'POST /demo/sessions': { room: 'public', body: { as: 'ana' }, wrong: [{ as: 'eve' }] },
  'POST /portal/codes': {
    ...{ room: 'public', body: { email: 'a@example.org', language: 'en' } },
    wrong: [
      { email: 'a', language: 'en' },
      { email: 'a@example.org', language: 'de' },
    ],
  },
  'POST /portal/sessions': {
    ...{ room: 'public', body: { code_id: uuid, code: '000000' } },
    wrong: [{ code_id: uuid, code: '1' }],
  },
  'POST /portal/passkey-sessions/challenges': { room: 'public', body: {} },
  'POST /work/passkey-sessions/challenges': { room: 'public', body: {} },
  'POST /office/passkey-sessions/challenges': { room: 'public', body: {} },
  'POST /portal/passkey-sessions': { room: 'public', body: shownPasskey, wrong: wrongPasskeys },
  'POST /work/passkey-sessions': { room: 'public', body: shownPasskey, wrong: wrongPasskeys },
  'POST /office/passkey-sessions': { room: 'public', body: shownPasskey, wrong: wrongPasskeys },
  'POST /destruction-views': { room: 'public', body: { link: 'x' }, wrong: [{ link: '' }] },
  'POST /withdrawal-receipts': { room: 'public', body: {} },

  'GET /portal/sessions/current': { room: 'portal', who: 'either' },
  'DELETE /portal/sessions/current': { room: 'portal', who: 'either' },
  'POST /portal/joins': {
    room: 'portal',
    who: 'applicant',
    body: joining,
    wrong: [{ ...joining, purposes: [] }],
  },
  'POST /portal/proof-codes': { room: 'portal', body: { language: 'en' }, wrong: [{ language: 'de' }] },
  'POST /portal/proofs': {
    ...{ room: 'portal', body: { code_id: uuid, code: '000000' } },
    wrong: [{ code_id: uuid, code: '1' }],
  },
  'POST /portal/proof-challenges': { room: 'portal', body: {} },
  'POST /portal/passkey-proofs': { room: 'portal', body: shownPasskey, wrong: wrongPasskeys },
  'GET /portal/passkeys': { room: 'portal' },
  'POST /portal/passkey-challenges': { room: 'portal', body: {} },
  'POST /portal/passkeys': {
    ...{ room: 'portal', body: newPasskey, wrong: [{ ...newPasskey, kept_on: 'Ana’s phone' }] },
  },
  'DELETE /portal/passkeys/:id': { room: 'portal' },
  'GET /portal/consents': { room: 'portal' },
  'POST /portal/consents': {
    ...{ room: 'portal', body: { purpose: 'offers', notice_version: 1, language: 'en' } },
    wrong: [{ purpose: 'sale', notice_version: 1, language: 'en' }],
  },
  'POST /portal/consents/:id/renewals': {
    ...{ room: 'portal', body: { notice_version: 1, language: 'en' } },
    wrong: [{ notice_version: 1, language: 'de' }],
  },
  'POST /portal/values': {
    ...{ room: 'portal', body: { values: { name: 'Ana' } } },
    wrong: [
      { values: [] },
      { values: { email: 'other@example.org' } },
      { values: { unknown: 'x' } },
      { values: { name: '' } },
    ],
  },
  'GET /portal/consents/:id/receipt': { room: 'portal' },
  'GET /portal/intake-key': { room: 'portal' },
  'POST /portal/envelopes': {
    ...{ room: 'portal', body: { notice_version: 1, envelopes: [envelope] } },
    wrong: [
      { notice_version: 1, envelopes: [] },
      { notice_version: 1, envelopes: [{ ...envelope, envelope: 'x' }] },
      { notice_version: 1, envelopes: [{ ...envelope, fields: ['name'] }] },
      { notice_version: 1, envelopes: [{ ...envelope, nonce: '' }] },
    ],
  },
  'POST /portal/confirmations': {
    ...{ room: 'portal', body: { fields: ['name'] } },
    wrong: [{ fields: [] }, { fields: ['nothing'] }, { fields: ['purchase'] }],
  },
  'POST /consents/:id/withdrawals': { room: 'portal', body: {} },
  'GET /portal/data': { room: 'portal', queries: ['sensitive=no'] },
  'GET /portal/entries': { room: 'portal', queries: [...page, 'after=x'] },
  'GET /portal/export': { room: 'portal' },
  'GET /portal/log-bundle': { room: 'portal', queries: ['from=x', 'from=-1', 'from=1.5', 'alias=x'] },
  'GET /portal/questions': { room: 'portal' },
  'POST /portal/questions': {
    ...{ room: 'portal', body: { type: 'delivery_question', text: 'Where?' } },
    wrong: [
      { type: 'delivery_question', text: '' },
      { type: 'delivery_question', text: 'x'.repeat(2001) },
      { type: 'wish', text: 'x' },
    ],
  },
  'GET /portal/withdrawal-preview': { room: 'portal' },
  'POST /portal/withdrawals': { room: 'portal', body: { confirm: true }, wrong: [{ confirm: false }] },

  'GET /work/sessions/current': { room: 'work' },
  'DELETE /work/sessions/current': { room: 'work' },
  'GET /work/passkeys': { room: 'work' },
  'POST /work/passkey-challenges': { room: 'work', body: {} },
  'POST /work/passkeys': { room: 'work', body: { ...newPasskey, code: '000000' } },
  'DELETE /work/passkeys/:id': { room: 'work' },
  'GET /work/task-types': { room: 'work' },
  'GET /work/tasks': { room: 'work', queries: [...page, 'state=all', 'after=x'] },
  'GET /work/tasks/:id': { room: 'work' },
  'POST /work/tasks/:id/grants': { room: 'work', body: {} },
  'GET /work/tasks/:id/customer': { room: 'work', queries: ['field=name'] },
  'POST /work/tasks/:id/closures': {
    ...{ room: 'work', body: { outcome: 'answered' }, wrong: [{ outcome: 'lost' }] },
  },

  'GET /office/sessions/current': { room: 'office' },
  'DELETE /office/sessions/current': { room: 'office' },
  'GET /office/passkeys': { room: 'office' },
  'POST /office/passkey-challenges': { room: 'office', body: {} },
  'POST /office/passkeys': { room: 'office', body: { ...newPasskey, code: '000000' } },
  'DELETE /office/passkeys/:id': { room: 'office' },
  'GET /office/overview': { room: 'office' },
  'GET /office/log-counts': { room: 'office', queries: ['days=8', 'days=x', 'kind=reading'] },
  'GET /office/consents': { room: 'office' },
  'GET /office/fields/:code': { room: 'office' },
  'GET /office/fields/:code/versions': { room: 'office' },
  'POST /office/fields': {
    ...{ room: 'office', body: ownField },
    wrong: [
      { ...ownField, purposes: [] },
      { ...ownField, purposes: undefined },
      { ...ownField, retention: undefined },
      { ...ownField, retention: 'ever' },
      { ...ownField, code: 'shoe_size' },
      { ...ownField, type: 'card_number' },
      { ...ownField, compartment: 'trail' },
      { ...ownField, label: { en: 'CVV', it: 'CVV' } },
    ],
  },
  'POST /office/fields/:code/versions': {
    ...{ room: 'office', body: { ...decided, after: 1 } },
    wrong: [{ ...decided }, { ...decided, after: 1, purposes: [] }],
  },
  'GET /office/employees': { room: 'office' },
  'POST /office/employees': { room: 'office', body: employee, wrong: [{ ...employee, role: 'owner' }] },
  'POST /office/employees/:id/invitations': { room: 'office', body: {} },
  'POST /office/employees/:id/departures': { room: 'office', body: {} },
  'GET /office/entries': { room: 'office', queries: [...page, 'after=x'] },
  'GET /office/destructions': { room: 'office', queries: [...page, 'after=x'] },
  'POST /office/rolls': { room: 'office', body: {} },
  'POST /office/log-verifications': { room: 'office', body: {} },
  'GET /office/policies': { room: 'office' },
  'POST /office/policies/previews': { room: 'office', body: { text: 'permit' } },
  'POST /office/policies': { room: 'office', body: { text: 'permit', after: 0 } },
  'POST /office/policies/:version/decisions': { room: 'office', body: { approved: false } },
  'GET /office/restorations': { room: 'office' },
  'POST /office/restorations/:id/shreddings': { room: 'office', body: {} },
}

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
