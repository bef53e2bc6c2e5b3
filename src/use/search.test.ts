import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { newEmployee, type Person } from '../../test/people.ts'
import { trailOf } from '../../test/portal.ts'
import { buildWorld, type CustomerInWorld, type World } from '../../test/world.ts'
import { grantSecret } from '../identity/session.ts'
import { verifyBundle } from '../keeper/checkpoint.ts'
import { organisationTrail } from '../keeper/client.ts'
import { restrict } from '../storage/restriction.ts'
import { endSession, withJobGrant } from './grant.ts'
import type { OwnBundle } from './own-bundle.ts'
import { indexPeople } from './search-index.ts'

let house: TestHouse
let world: World
beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
  // Whoever joined was an applicant before, who goes by a job.
  await house.work()
})
afterAll(() => house.close())

let callers = 0

/** Ben's page asks; every call from an address of its own. */
async function post(path: string, payload: object, who: { cookies: Record<string, string> } = world.ben) {
  const answer = await house.app.inject({
    ...{ method: 'POST', url: `/api/v1${path}`, payload, cookies: who.cookies },
    remoteAddress: `198.19.${Math.floor(++callers / 250)}.${(callers % 250) + 1}`,
  })
  return { status: answer.statusCode, body: answer.json(), text: answer.body }
}
const searched = (term: object, who?: { cookies: Record<string, string> }) =>
  post('/work/searches', term, who)
const codeTold = async (email: string) => {
  await house.work()
  return /\b\d{6}\b/.exec(house.post.list().find(mail => mail.to === email)?.text ?? '')![0]
}

/** The company's own log. */
async function companyLog(): Promise<Record<string, unknown>[]> {
  const wanted = {
    ...{
      subjects: [],
      fields: ['name'],
      compartments: ['trail'],
      purpose: 'accountability',
      minutes: 1,
      most: 50,
    },
  }
  return withJobGrant(house.house, wanted, async grant => {
    const entries = []
    let after: number | undefined
    for (;;) {
      const page = await house.house.keeper.entries({
        ...{ grant: grant.grant, secret: grant.secret, trailSlot: organisationTrail },
        ...(after === undefined ? {} : { after }),
      })
      entries.push(...page.entries.map(entry => JSON.parse(entry.body)))
      if (!page.more) return entries
      after = page.entries.at(-1)!.index
    }
  })
}

const entriesOf = async (customer: Pick<CustomerInWorld, 'id'>, kind: string) =>
  (await trailOf(house, customer.id)).filter(entry => entry.kind === kind)

describe('a search', () => {
  it('finds a customer by an exact address, telephone or number of the company’s books, and shows a masked card', async () => {
    const { ana } = world
    await house.owner.query(
      `insert into customer_reference (source, reference, subject, slot)
       select 'shop', 'K-1007', subject, number from slot where subject = $1 and compartment = 'identity'`,
      [ana.id],
    )
    for (const term of [
      { by: 'email', email: ana.email.toUpperCase() },
      { by: 'phone', phone: ana.phone },
      { by: 'number', number: 'K-1007' },
    ]) {
      const { status, body, text } = await searched(term)
      expect(status, text).toBe(200)
      expect(body.hits).toEqual([
        { hit: expect.any(String), shown: { name: 'A••• C•••', email: 'a•••@•••', phone: '••• 67' } },
      ])
      expect(text).not.toContain(ana.id)
      expect(text).not.toContain(ana.name)
    }
  })

  it('answers alike whether somebody is there or nobody, and asks database and keeper equally often', async () => {
    const asked: string[] = []
    const { database, keeper } = house.house
    const [query, search] = [database.query.bind(database), keeper.search.bind(keeper)]
    database.query = ((sql: string, values?: unknown[]) => {
      asked.push(sql)
      return query(sql, values)
    }) as typeof database.query
    keeper.search = (under, term) => {
      asked.push('search')
      return search(under, term)
    }
    const trace = async (term: object) => {
      asked.length = 0
      const { status, body } = await searched(term)
      return { status, shape: Object.keys(body), asked: [...asked] }
    }
    for (const [one, none] of [
      [
        { by: 'email', email: world.ana.email },
        { by: 'email', email: 'nobody@example.org' },
      ],
      [
        { by: 'phone', phone: world.ana.phone },
        { by: 'phone', phone: '+393475559999' },
      ],
      [
        { by: 'number', number: 'K-1007' },
        { by: 'number', number: 'K-9999' },
      ],
    ] as const) {
      const first = await trace(one)
      expect(first.asked).toContain('search')
      expect(await trace(none)).toEqual(first)
    }
    database.query = query
    keeper.search = search
  })

  it('is an entry whom it found can read, and in the company’s log with a count, and holds the term nowhere', async () => {
    const before = (await entriesOf(world.ana, 'search')).length
    await searched({ by: 'email', email: world.ana.email })
    const entries = await entriesOf(world.ana, 'search')
    expect(entries).toHaveLength(before + 1)
    expect(entries.at(-1)).toMatchObject({
      ...{ actor: world.ben.pseudonym, purpose: 'service', fields: ['email'], result: 'found' },
      detail: { by: 'email' },
    })
    await searched({ by: 'email', email: 'zaffiro.quarzo@example.org' })
    const log = (await companyLog()).filter(entry => entry.kind === 'search')
    expect(log.at(-2)).toMatchObject({ detail: { by: 'email', found: 1 }, actor: world.ben.pseudonym })
    expect(log.at(-1)).toMatchObject({ detail: { by: 'email', found: 0 }, result: 'nobody' })
    expect(JSON.stringify([log, entries])).not.toMatch(/ana\.|zaffiro/i)
    const shown = await house.app.inject({
      ...{ method: 'GET', url: '/api/v1/portal/entries', cookies: world.ana.cookies },
    })
    expect(
      shown.json().items.filter((entry: { kind: string }) => entry.kind === 'search').length,
    ).toBeGreaterThan(0)
  })

  it('leaves a log that whoever was found can still check from its first line on', async () => {
    const url = '/api/v1/portal/log-bundle'
    const bundle = (await house.app.inject({ method: 'GET', url, cookies: world.ana.cookies })).json()
    const { entries, checkpoint, vkey } = bundle as OwnBundle
    const proofs = entries.map(({ index, proof }) => ({ index, hashes: proof }))
    expect(verifyBundle({ entries, proofs: { proofs, checkpoint, vkey } })).toMatchObject({ ok: true })
    const bodies = entries.map(entry => JSON.parse(entry.body) as { kind: string; subject: string })
    expect(bodies.map(body => body.kind)).toContain('search')
    expect(new Set(bodies.map(body => body.subject))).toEqual(new Set([world.ana.alias]))
  })

  it('asks for three letters of a name with a birth date, and for whole addresses and numbers', async () => {
    for (const term of [
      { by: 'person', name: 'An', birth: '1990-01-01' },
      { by: 'person', name: 'A. 1 ?', birth: '1990-01-01' },
      { by: 'person', name: 'Anna', birth: '1990' },
      { by: 'person', name: 'Anna' },
      { by: 'email', email: 'ana' },
      { by: 'email', email: '%@example.org' + '%' },
      { by: 'phone', phone: '347' },
      { by: 'number', number: ' ' },
    ])
      expect.soft((await searched(term)).status, JSON.stringify(term)).toBe(400)
  })

  it('finds by no value that is restricted, and shows none', async () => {
    const one = await world.join({ phone: '+393475550911' })
    expect((await searched({ by: 'phone', phone: '+393475550911' })).body.hits).toHaveLength(1)
    await house.house.database.transaction(tx => restrict(tx, house.house, one.id, ['phone']))
    expect((await searched({ by: 'phone', phone: '+393475550911' })).body.hits).toEqual([])
    const { body } = await searched({ by: 'email', email: one.email })
    expect(body.hits[0].shown).not.toHaveProperty('phone')
  })

  it('finds nobody who has left, and nobody who has only asked for a code', async () => {
    const one = await world.join({ phone: '+393475550912' })
    const left = await house.app.inject({
      ...{
        method: 'POST',
        url: '/api/v1/portal/withdrawals',
        payload: { confirm: true },
        cookies: one.cookies,
      },
    })
    expect(left.statusCode, left.body).toBeLessThan(300)
    expect((await searched({ by: 'phone', phone: '+393475550912' })).body.hits).toEqual([])
    await house.app.inject({
      ...{ method: 'POST', url: '/api/v1/portal/codes', remoteAddress: '198.19.200.1' },
      payload: { email: 'applicant.only@example.org', language: 'en' },
    })
    expect((await searched({ by: 'email', email: 'applicant.only@example.org' })).body.hits).toEqual([])
  })

  it('ends with the session, and is told apart from nobody while the keeper does not know of everybody', async () => {
    const eva = await newEmployee(house)
    expect((await searched({ by: 'email', email: world.ana.email }, eva)).status).toBe(200)
    await house.restartKeeper()
    const waiting = await searched({ by: 'email', email: world.ana.email })
    expect(waiting).toMatchObject({ status: 503, body: { code: 'search_rebuilding' } })
    await house.work()
    expect((await searched({ by: 'email', email: world.ana.email })).body.hits).toHaveLength(1)
    // Twice changes nothing.
    await indexPeople(house.house)
    const { id, token } = eva.session
    const grant = await house.owner.one<{ id: string }>(
      `select id from grants where session = $1 and kind = 'search'`,
      [id],
    )
    await endSession(house.house, id, 'st_9')
    await expect(
      house.house.keeper.search(
        { grant: grant.id, secret: grantSecret(token, grant.id) },
        { by: 'email', email: world.ana.email },
      ),
    ).rejects.toMatchObject({ code: 'grant_ended' })
  })
})

describe('a task opened from a hit', () => {
  const hitOf = async (customer: Pick<CustomerInWorld, 'email'>, who?: Person): Promise<string> =>
    (await searched({ by: 'email', email: customer.email }, who)).body.hits[0].hit

  it('opens nothing until the caller has told the code that was sent to the customer', async () => {
    const one = await world.join({ phone: '+393475550921' })
    const { status, body } = await post('/work/tasks', { hit: await hitOf(one), type: 'call_back' })
    expect(status).toBe(201)
    const task = `/work/tasks/${body.id}`
    expect(await post(`${task}/grants`, {})).toMatchObject({ status: 403, body: { code: 'caller_unproven' } })
    expect((await post(`${task}/caller-proofs`, { code: '000000' })).body.code).toBe('wrong_code')
    expect((await post(`${task}/caller-codes`, {})).status).toBe(202)
    const code = await codeTold(one.email)
    const wrong = code === '111111' ? '222222' : '111111'
    expect((await post(`${task}/caller-proofs`, { code: wrong })).body.code).toBe('wrong_code')
    expect((await post(`${task}/caller-proofs`, { code })).status).toBe(201)
    expect((await post(`${task}/grants`, {})).status).toBe(201)
    const kinds = (await trailOf(house, one.id)).map(entry => entry.kind)
    expect(kinds.filter(kind => /^(search|task\.opened|caller.*|code\.sent)$/.test(kind))).toEqual([
      ...['search', 'task.opened', 'caller', 'code.sent', 'caller.refused', 'caller.proof'],
    ])
  })

  it('is of the session that found, for half an hour, and of a type that is opened so', async () => {
    const eva = await newEmployee(house)
    const hit = await hitOf(world.ana)
    expect((await post('/work/tasks', { hit, type: 'call_back' }, eva)).status).toBe(404)
    expect((await post('/work/tasks', { hit: `${hit.slice(0, -2)}AA`, type: 'call_back' })).status).toBe(404)
    expect((await post('/work/tasks', { hit: 'x', type: 'call_back' })).status).toBe(404)
    for (const type of ['duplicate_review', 'identity_check', 'data_correction', 'constructor'])
      expect.soft((await post('/work/tasks', { hit, type })).status, type).toBeGreaterThanOrEqual(400)
    house.clock.advance(31 * 60_000)
    expect((await post('/work/tasks', { hit, type: 'call_back' })).status).toBe(404)
  })

  it('does not let anybody sign in with the code that a caller is asked for', async () => {
    const one = await world.join()
    const { body } = await post('/work/tasks', { hit: await hitOf(one), type: 'complaint' })
    await post(`/work/tasks/${body.id}/caller-codes`, {})
    const code = await codeTold(one.email)
    const { id } = await house.owner.one<{ id: string }>('select code as id from caller where task = $1', [
      body.id,
    ])
    const signed = await house.app.inject({
      ...{ method: 'POST', url: '/api/v1/portal/sessions', payload: { code_id: id, code } },
    })
    expect(signed.statusCode).toBe(401)
  })

  it('compares no sixth try, and asks a customer for few codes', async () => {
    const one = await world.join()
    const { body } = await post('/work/tasks', { hit: await hitOf(one), type: 'complaint' })
    const task = `/work/tasks/${body.id}`
    await post(`${task}/caller-codes`, {})
    const code = await codeTold(one.email)
    const wrong = code === '111111' ? '222222' : '111111'
    for (let at = 0; at < 5; at++) await post(`${task}/caller-proofs`, { code: wrong })
    expect((await post(`${task}/caller-proofs`, { code })).body.code).toBe('wrong_code')
    expect((await post(`${task}/caller-codes`, {})).status).toBe(202)
    expect((await post(`${task}/caller-codes`, {})).body.code).toBe('rate_limited')
    house.clock.advance(11 * 60_000)
    expect((await post(`${task}/caller-proofs`, { code: await codeTold(one.email) })).body.code).toBe(
      'wrong_code',
    )
  })

  it('is nobody else’s, and has no code of its own once it is proven or was opened otherwise', async () => {
    const eva = await newEmployee(house)
    const { body } = await post('/work/tasks', { hit: await hitOf(world.ana), type: 'order_change' })
    for (const path of ['caller-codes', 'caller-proofs'])
      expect
        .soft(
          (
            await post(
              `/work/tasks/${body.id}/${path}`,
              path === 'caller-codes' ? {} : { code: '000000' },
              eva,
            )
          ).status,
        )
        .toBe(404)
  })

  it('is not among the questions that the customer asked', async () => {
    const shown = await house.app.inject({
      method: 'GET',
      url: '/api/v1/portal/questions',
      cookies: world.ana.cookies,
    })
    expect(shown.json().items.map((one: { type: string }) => one.type)).not.toContain('order_change')
  })
})

describe('a scripted harvest', () => {
  it('stays under the cap, raises an alarm at half of it, and is not forgotten by a restart of the keeper', async () => {
    const eva = await newEmployee(house)
    const statuses: number[] = []
    for (let at = 0; at < 320; at++) {
      const { status } = await searched({ by: 'email', email: `guess.${at}@example.org` }, eva)
      statuses.push(status)
    }
    expect(statuses.filter(status => status === 200)).toHaveLength(300)
    expect(new Set(statuses.slice(300))).toEqual(new Set([429]))
    const alarms = (await companyLog()).filter(
      entry => entry.kind === 'alarm' && entry.actor === eva.pseudonym,
    )
    expect(alarms).toEqual([
      expect.objectContaining({ detail: { budget: 'searches', amount: 150, most: 300 }, purpose: 'service' }),
    ])
    await house.restartKeeper()
    await house.work()
    await indexPeople(house.house)
    const { status, body } = await searched({ by: 'email', email: world.ana.email }, eva)
    expect([status, body.code]).toEqual([429, 'search_budget'])
    expect((await searched({ by: 'email', email: world.ana.email })).status).toBe(200)
  })
})
