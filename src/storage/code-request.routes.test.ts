import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { ana, call, codeFor, joinAs, openForCustomers, whileLeaving } from '../../test/portal.ts'
import { SetStopwatch } from '../../test/set-stopwatch.ts'
import { foundIn, storedText } from '../../test/stored.ts'
import { newId } from '../core/ids.ts'
import { systemStopwatch } from '../core/stopwatch.ts'
import { addressToken } from '../identity/address.ts'

let shop: TestHouse

beforeAll(async () => {
  shop = await openHouse()
  await openForCustomers(shop)
  await joinAs(shop)
})

afterEach(() => {
  shop.house.stopwatch = new SetStopwatch()
})
afterAll(() => shop.close())

const ask = (email: unknown, more: object = {}) =>
  call(shop, 'POST', '/portal/codes', { body: { email, language: 'en', ...more } })

const applicants = () => shop.owner.query(`select id from subject where kind = 'applicant'`)

describe('POST /portal/codes', () => {
  test.each([
    ['ana', 'email', 'email'],
    ['', 'email', 'required'],
    [undefined, 'email', 'required'],
    [{ $ne: '' }, 'email', 'email'],
  ])('400 for %o', async (email, field, code) => {
    const { status, body } = await ask(email)
    expect([status, body.code]).toEqual([400, 'invalid'])
    expect(body.errors).toContainEqual({ field, code })
  })

  test('400 for a language we do not speak, an unknown key, and no body at all', async () => {
    expect((await ask(ana.email, { language: 'fr' })).status).toBe(400)
    expect((await ask(ana.email, { admin: true })).status).toBe(400)
    expect((await call(shop, 'POST', '/portal/codes')).status).toBe(400)
    expect((await call(shop, 'POST', '/portal/codes', { body: [] })).status).toBe(400)
  })

  test('answers a customer, an applicant and a stranger alike', async () => {
    await ask('applicant@example.org')
    const answers = []
    for (const email of [ana.email, 'applicant@example.org', 'stranger@example.org']) {
      const { status, body, response } = await ask(email)
      const headers = Object.keys(response.headers).sort()
      answers.push({
        status,
        keys: Object.keys(body),
        until: body.until,
        length: response.body.length,
        headers,
      })
    }
    expect(answers[0]).toMatchObject({ status: 202, keys: ['id', 'until'] })
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
  })

  test('never answers sooner than the slowest of them needs', async () => {
    shop.house.stopwatch = systemStopwatch
    for (const email of [ana.email, 'another.stranger@example.org']) {
      const began = performance.now()
      await ask(email)
      expect(performance.now() - began).toBeGreaterThan(115)
    }
  })

  test('sends a stranger and a customer letters of the same words', async () => {
    await ask('words@example.org', { language: 'it' })
    await shop.work()
    await ask(ana.email, { language: 'it' })
    await shop.work()
    const [hers, theirs] = shop.post.list()
    expect(hers?.to).toBe(ana.email)
    const plain = (text?: string) => text?.replace(/\d{6}/, '000000')
    expect(plain(hers?.text)).toBe(plain(theirs?.text))
    expect(hers?.subject).toBe('Il tuo codice per Bottega Aurora')
  })

  test('a stranger becomes one applicant, however often and however much at once they ask', async () => {
    const before = (await applicants()).length
    const spellings = ['new@example.org', 'NEW@example.org', 'new@Example.org']
    const statuses = (await Promise.all(spellings.map(email => ask(email)))).map(one => one.status)
    expect(statuses).toEqual([202, 202, 202])
    await ask('new@example.org')
    expect((await applicants()).length).toBe(before + 1)
  })

  test('a customer stays one subject', async () => {
    const before = (await applicants()).length
    await ask(ana.email.toUpperCase())
    expect((await applicants()).length).toBe(before)
  })

  test('429 after five codes for one address within an hour, known or unknown, and again free after it', async () => {
    shop.clock.advance(3_600_001)
    for (const email of [ana.email, 'eager@example.org']) {
      const statuses = []
      for (let at = 0; at < 6; at++) statuses.push((await ask(email)).status)
      expect(statuses).toEqual([202, 202, 202, 202, 202, 429])
    }
    shop.clock.advance(3_600_001)
    expect((await ask(ana.email)).status).toBe(202)
  })

  test('keeps neither the address nor the code anywhere in the database', async () => {
    const email = 'hidden.person@example.org'
    await ask(email)
    const before = await storedText(shop.owner)
    const code = await codeFor(shop, email)
    const after = await storedText(shop.owner)
    const values = [email, 'hidden.person', `    ${code}`, 'Your code for']
    expect(foundIn(before, values)).toEqual([])
    expect(foundIn(after, values)).toEqual([])
  })

  test('what is stored of a code cannot be tried through by who holds the database', async () => {
    const { body } = await ask('dump@example.org')
    const code = await codeFor(shop, 'dump@example.org')
    const { hash } = await shop.owner.one<{ hash: Buffer }>('select hash from code where id = $1', [body.id])
    const [again] = await shop.house.keeper.fingerprint([{ kind: 'code', value: `${body.id}:${code}` }])
    expect(hash.equals(again!)).toBe(true)
    const other = await shop.house.keeper.fingerprint([{ kind: 'email', value: `${body.id}:${code}` }])
    expect(hash.equals(other[0]!)).toBe(false)
  })

  test('an applicant who is nearly a day old is replaced, so that nobody joins while being shredded', async () => {
    const email = 'slow@example.org'
    await ask(email)
    const token = await addressToken(shop.house, 'applicant-email', email)
    const owner = () =>
      shop.owner.one<{ subject: string }>(
        `select subject from address where kind = 'applicant-email' and token = $1`,
        [token],
      )
    const first = await owner()
    shop.clock.advance(23 * 3_600_000 + 1)
    await ask(email)
    expect((await owner()).subject).not.toBe(first.subject)
  })

  test('a customer who is just leaving gets the same answer, and no letter', async () => {
    const email = 'leaving@example.org'
    const { id } = await joinAs(shop, { name: 'Nives Orlandi', email })
    const { status, body } = await whileLeaving(shop, id, () => ask(email))
    expect([status, Object.keys(body)]).toEqual([202, ['id', 'until']])
    expect(await shop.owner.query('select 1 from code where id = $1', [body.id])).toEqual([])
  })

  // As after an older database was restored beside the keeper.
  test('somebody whose keys are gone while their rows are back gets the same answers as anybody, and no letter', async () => {
    const email = 'erased@example.org'
    const { id, alias } = await joinAs(shop, { name: 'Elsa Erasmi', email })
    const slots = await shop.owner.query<{ compartment: string; number: number }>(
      'select compartment, number from slot where subject = $1',
      [id],
    )
    const { trail } = await shop.owner.one<{ trail: number }>('select trail from subject where id = $1', [id])
    await shop.house.keeper.shred({
      ...{ act: newId(), subject: { trailSlot: trail, alias }, actor: 'customer', reason: 'withdrawal' },
      slots: slots.filter(slot => slot.compartment !== 'trail').map(slot => slot.number),
    })
    shop.clock.advance(3_600_001)
    const [known, stranger] = [await ask(email), await ask('nobody.yet@example.org')]
    expect([known.status, Object.keys(known.body)]).toEqual([202, Object.keys(stranger.body)])
    expect([known.response.body.length, known.body.until]).toEqual([
      stranger.response.body.length,
      stranger.body.until,
    ])
    for (let at = 1; at < 5; at++) expect((await ask(email)).status).toBe(202)
    expect((await ask(email)).status).toBe(429)
    await shop.work()
    expect(shop.post.list().filter(mail => mail.to === email)).toHaveLength(1)
  })

  test('somebody whose trail takes no entry gets the same answer as anybody', async () => {
    const email = 'set.back@example.org'
    const { id } = await joinAs(shop, { name: 'Rita Ritorni', email })
    await shop.owner.query('update subject set last_change = 0 where id = $1', [id])
    const [known, stranger] = [await ask(email), await ask('nobody.else@example.org')]
    expect([known.status, Object.keys(known.body)]).toEqual([202, Object.keys(stranger.body)])
    expect(await shop.owner.query('select 1 from code where id = $1', [known.body.id])).toHaveLength(1)
  })

  test('503 while the address index is lost, for everybody', async () => {
    await shop.owner.query('truncate address_generation')
    for (const email of [ana.email, 'stranger@example.org']) {
      const { status, body } = await ask(email)
      expect([status, body.code]).toEqual([503, 'search_rebuilding'])
    }
    await shop.owner.query('insert into address_generation (made_at) values (now())')
  })
})

test('429 after thirty requests of one remote address within a minute', async () => {
  const other = await openHouse()
  await openForCustomers(other)
  const statuses = []
  const sent = { body: { email: 'no', language: 'en' }, from: '198.51.100.7' }
  for (let at = 0; at < 31; at++) statuses.push((await call(other, 'POST', '/portal/codes', sent)).status)
  const elsewhere = await call(other, 'POST', '/portal/codes', { ...sent, from: '198.51.100.8' })
  await other.close()
  expect(elsewhere.status).toBe(400)
  expect(statuses.slice(0, 30)).toEqual(Array(30).fill(400))
  expect(statuses[30]).toBe(429)
})
