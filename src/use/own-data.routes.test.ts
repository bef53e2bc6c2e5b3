import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import {
  newCustomer,
  newEmployee,
  newPurchase,
  newSession,
  openCompany,
  type Person,
} from '../../test/people.ts'
import { change } from '../core/outbox.ts'
import { verifyBundle } from '../keeper/checkpoint.ts'
import { heldTables, shownElsewhere } from './own-export.ts'

const anaValues = { name: 'Ana Moretti', email: 'ana.moretti@example.org', phone: '+393331234567' }

let test: TestHouse
let ana: Person
let dora: Person
let ben: Person

beforeAll(async () => {
  test = await openHouse()
  await openCompany(test)
  ana = await newCustomer(test, anaValues, ['service', 'offers'])
  dora = await newCustomer(test, { name: 'Dora Conti', email: 'dora@example.org' })
  ben = await newEmployee(test)
  await newPurchase(test, ana, 'F-1', 'Blue vase', new Date('2026-03-01T10:00:00Z'))
  await newPurchase(test, ana, 'F-2', 'Red bowl', new Date('2026-04-01T10:00:00Z'))
})
afterAll(() => test.close())

const get = (url: string, who: Pick<Person, 'cookies'> | null = ana) =>
  test.app.inject({ method: 'GET', url: `/api/v1${url}`, ...(who === null ? {} : { cookies: who.cookies }) })
const post = (url: string, payload: object, who: Pick<Person, 'cookies'> | null = ana) =>
  test.app.inject({
    ...{ method: 'POST', url: `/api/v1${url}`, payload },
    ...(who === null ? {} : { cookies: who.cookies }),
  })
const ask = (text: string, who = ana) => post('/portal/questions', { type: 'delivery_question', text }, who)

describe('what is held about me', () => {
  it('is every value with where it came from, how it was verified, and what it is used for', async () => {
    const reply = await get('/portal/data')
    expect(reply.statusCode).toBe(200)
    const data = reply.json()
    expect(data).toMatchObject({ alias: ana.alias, level: 1, kept: [{ what: 'trail', until_months: 12 }] })
    expect(data.values).toMatchObject([
      { compartment: 'identity', field: 'name', value: 'Ana Moretti', purposes: ['service', 'offers'] },
      {
        field: 'email',
        value: anaValues.email,
        verified: { method: 'code' },
        purposes: ['service', 'offers'],
      },
      { field: 'phone', value: anaValues.phone, source: 'customer', verified: null, purposes: ['service'] },
    ])
    expect(data.purchases.map((one: { invoice: string }) => one.invoice)).toEqual(['F-2', 'F-1'])
    expect(data.purchases[0].lines).toMatchObject([
      { description: 'Red bowl', unit_price: { amount: 1250, currency: 'EUR' } },
    ])
  })

  it('is mine alone: nobody else’s is in it', async () => {
    expect((await get('/portal/data', dora)).body).not.toContain('Moretti')
    expect((await get('/portal/data')).body).not.toContain('Conti')
  })

  it('leaves my own reading in my own trail', async () => {
    await get('/portal/data', dora)
    const { items } = (await get('/portal/entries', dora)).json()
    expect(items).toContainEqual(
      expect.objectContaining({ kind: 'reading', actor: { role: 'you', name: null }, purpose: 'access' }),
    )
  })

  it('is closed after I have signed out, and opened by no other session’s grant', async () => {
    const elsewhere = await newSession(test, 'portal', dora)
    expect((await get('/portal/data', elsewhere)).statusCode).toBe(200)
    const out = await test.app.inject({
      method: 'DELETE',
      url: '/api/v1/portal/sessions/current',
      cookies: elsewhere.cookies,
    })
    expect(out.statusCode).toBe(204)
    expect((await get('/portal/data', elsewhere)).statusCode).toBe(401)
    expect((await get('/portal/data', dora)).statusCode).toBe(200)
    const live = await test.owner.query('select 1 from grants where session = $1 and ended_at is null', [
      elsewhere.session.id,
    ])
    expect(live).toEqual([])
  })
})

describe('a page that asks for several things at once', () => {
  it('is answered in all of them, also while the first grant of its session is being made', async () => {
    const fresh = await newSession(test, 'portal', dora)
    const granted = () => test.owner.query('select 1 from grants where session = $1', [fresh.session.id])
    process.kill(test.keeperProcess.pid, 'SIGSTOP')
    const first = get('/portal/data', fresh)
    while ((await granted()).length === 0);
    const others = ['/portal/entries', '/portal/log-bundle', '/portal/questions'].map(url => get(url, fresh))
    // Long enough for them to find the row of the grant that the keeper has not made.
    for (let at = 0; at < 50; at++) await granted()
    process.kill(test.keeperProcess.pid, 'SIGCONT')
    const replies = await Promise.all([first, ...others])
    expect(replies.map(reply => reply.statusCode)).toEqual([200, 200, 200, 200])
    expect(await granted()).toHaveLength(1)
  })
})

describe('a compartment that is new since I came', () => {
  it('is shown at once, in the same session', async () => {
    const flo = await newCustomer(test, { name: 'Flo Marini', email: 'flo@example.org' })
    await test.owner.query(`delete from slot where subject = $1 and compartment = 'purchases'`, [flo.id])
    expect((await get('/portal/data', flo)).json().purchases).toEqual([])
    const [number] = await test.house.slots.take(1)
    await test.owner.query(`insert into slot (subject, compartment, number) values ($1, 'purchases', $2)`, [
      flo.id,
      number,
    ])
    await newPurchase(test, flo, 'N-1', 'Green lamp')
    expect((await get('/portal/data', flo)).json().purchases).toMatchObject([
      { invoice: 'N-1', lines: [{ description: 'Green lamp' }] },
    ])
  })
})

describe('who looked', () => {
  it('shows the newest first, in pages, each entry once', async () => {
    for (const text of ['one', 'two', 'three']) expect((await ask(text)).statusCode).toBe(201)
    const seen: number[] = []
    let after = ''
    for (;;) {
      const { items, next } = (await get(`/portal/entries?limit=3${after}`)).json()
      seen.push(...items.map((item: { index: number }) => item.index))
      if (next === null) break
      after = `&after=${next}`
    }
    expect(seen).toEqual([...seen].sort((a, b) => b - a))
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBeGreaterThan(5)
  })

  it('names an employee by role and work name, and by the role alone once the company has forgotten the name', async () => {
    const task = (await ask('Who reads this?')).json().id
    await post(`/work/tasks/${task}/grants`, {}, ben)
    const named = (await get('/portal/entries')).json().items
    expect(named[0]).toMatchObject({
      kind: 'grant',
      actor: { role: 'employee', name: 'Ben' },
      task: { id: task },
    })
    await test.owner.query(`update employee set pseudonym = 'st_forgotten' where id = $1`, [ben.id])
    const later = (await get('/portal/entries')).json().items
    expect(later.find((one: { task: { id: string } | null }) => one.task?.id === task)).toMatchObject({
      actor: { role: 'employee', name: null },
    })
    await test.owner.query(`update employee set pseudonym = 'st_1' where id = $1`, [ben.id])
  })

  it('400: a page that cannot be', async () => {
    for (const query of ['after=x', 'limit=0', 'limit=51', 'whose=dora'])
      expect((await get(`/portal/entries?${query}`)).statusCode).toBe(400)
  })
})

describe('questions', () => {
  it('are sealed: their words are in no table, and I read them back', async () => {
    const reply = await ask('Wo ist mein Paket, bitte?', dora)
    expect(reply.statusCode).toBe(201)
    const boxes = await test.owner.query<{ bytes: Buffer }>('select bytes from box')
    for (const { bytes } of boxes) expect(bytes.includes('Paket')).toBe(false)
    expect((await get('/portal/questions', dora)).json().items).toMatchObject([
      { id: reply.json().id, type: 'delivery_question', text: 'Wo ist mein Paket, bitte?', state: 'open' },
    ])
  })

  it('400: too long, empty, of another type, with more than is asked', async () => {
    const wrong = [
      { type: 'delivery_question', text: '' },
      { type: 'delivery_question', text: '   ' },
      { type: 'delivery_question', text: 'x'.repeat(2001) },
      { type: 'complaint', text: 'x' },
      { type: 'delivery_question', text: 'x', about: dora.id },
      {},
    ]
    for (const body of wrong) expect((await post('/portal/questions', body)).statusCode).toBe(400)
  })

  it.each([
    ['control', 'Where is it?\u0000'],
    ['direction', 'Where\u2066 is it?'],
    ['invisible', 'Where\u{e0041} is it?'],
    ['broken', 'Where is it? \ude00'],
    ['required', '\u200b\n\u200b'],
  ])('400: a text that does not show all that it holds, named %s', async (code, text) => {
    const reply = await ask(text)
    expect([reply.statusCode, reply.json().errors]).toEqual([400, [{ field: 'text', code }]])
  })

  it('401 and 403: for customers alone', async () => {
    expect((await post('/portal/questions', { type: 'delivery_question', text: 'x' }, null)).statusCode).toBe(
      401,
    )
    const employee = await newSession(test, 'portal', ben)
    for (const url of ['/portal/questions', '/portal/data', '/portal/entries', '/portal/export'])
      expect((await get(url, employee)).statusCode).toBe(403)
    expect((await ask('x', employee)).statusCode).toBe(403)
  })

  it('429: twenty within an hour are enough', async () => {
    const eva = await newCustomer(test, { name: 'Eva Bruni', email: 'eva@example.org' })
    for (let at = 0; at < 20; at++) expect((await ask(`Question ${at}`, eva)).statusCode).toBe(201)
    const reply = await ask('One more', eva)
    expect([reply.statusCode, reply.json().code]).toEqual([429, 'rate_limited'])
    expect((await get('/portal/questions', eva)).json().items).toHaveLength(20)
  })
})

describe('the export', () => {
  it('holds everything: values, purchases, questions, consents, the notice shown, the trail', async () => {
    const reply = await get('/portal/export')
    expect(reply.statusCode).toBe(200)
    expect(reply.headers['content-type']).toContain('application/json')
    expect(reply.headers['content-disposition']).toBe(`attachment; filename="custode-${ana.alias}.json"`)
    const whole = reply.json()
    expect(whole).toMatchObject({ format: 'custode-export/1', organisation: { name: 'Bottega Aurora' } })
    expect(whole.data).toEqual((await get('/portal/data')).json())
    expect(whole.consents.map((one: { purpose: string }) => one.purpose).sort()).toEqual([
      'offers',
      'service',
    ])
    expect(whole.notices).toMatchObject([{ language: 'it', text: { sections: expect.any(Array) } }])
    expect(whole.held.purchase).toHaveLength(2)
    for (const value of Object.values(anaValues)) expect(reply.body).toContain(value)
    expect(reply.body).not.toContain('Conti')
    expect(reply.body).not.toContain(dora.id)
  })

  it('proves its trail without the company, and no longer when one letter of it is changed', async () => {
    const { entries, checkpoint, vkey } = (await get('/portal/export')).json()
    const proofs = entries.map(({ index, proof }: { index: number; proof: string[] }) => ({
      index,
      hashes: proof,
    }))
    const bundle = { entries, proofs: { proofs, checkpoint, vkey } }
    expect(verifyBundle(bundle, vkey)).toMatchObject({ ok: true, entries: entries.length, firstSeq: 1 })
    const [, second] = entries
    const changed = entries.map((entry: typeof second) =>
      entry === second ? { ...entry, body: entry.body.replace('"result":"', '"result":"x') } : entry,
    )
    expect(verifyBundle({ ...bundle, entries: changed }, vkey)).toMatchObject({
      ok: false,
      entry: second.index,
    })
  })

  it('proves also a trail that is longer than one page and one request', async () => {
    const ugo = await newCustomer(test, { name: 'Ugo Serra', email: 'ugo@example.org' })
    await change(test.house, async (_tx, note) => {
      for (let at = 0; at < 230; at++) await note(ugo.id, { kind: 'setup', actor: 'system', result: 'done' })
    })
    const { entries, checkpoint, vkey } = (await get('/portal/export', ugo)).json()
    expect(entries.length).toBeGreaterThan(230)
    const proofs = entries.map(({ index, proof }: { index: number; proof: string[] }) => ({
      ...{ index, hashes: proof },
    }))
    const verdict = verifyBundle({ entries, proofs: { proofs, checkpoint, vkey } }, vkey)
    expect(verdict).toMatchObject({ ok: true, entries: entries.length, firstSeq: 1 })
  })

  it('knows every table that has something about a customer', async () => {
    const tables = await test.owner.query<{ table: string }>(
      `select distinct table_name as table from information_schema.columns
        where table_schema = 'public' and column_name = 'subject'`,
    )
    const known = [...Object.keys(heldTables), ...Object.keys(shownElsewhere)]
    expect(known).toEqual(expect.arrayContaining(tables.map(row => row.table)))
  })
})
