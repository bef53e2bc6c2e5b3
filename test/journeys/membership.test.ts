import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkReceipt } from '../../src/disposal/receipt-check.ts'
import { verifyBundle } from '../../src/keeper/checkpoint.ts'
import { codeAt } from '../authenticator.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { picture, rowsWith } from '../leaver.ts'
import { codeFor } from '../portal.ts'
import { buildWorld, type World } from '../world.ts'

// The path of the mission over the API, as one story: each sentence goes on where the one before it ended.

let house: TestHouse
let world: World

beforeAll(async () => {
  house = await openHouse()
  house.house.logFolder = join(house.keeperProcess.folder, 'log')
  world = await buildWorld(house)
})
afterAll(() => house.close())

const dora = { name: 'Dora Zanetti', email: 'dora.zanetti@example.org', phone: '347 555 0199' }

/** One browser, that keeps its cookies. */
class Browser {
  cookies: Record<string, string> = {}

  async call(method: 'GET' | 'POST' | 'DELETE', path: string, payload?: object) {
    const response = await house.app.inject({
      ...{ method, url: `/api/v1${path}`, cookies: this.cookies },
      ...(payload === undefined ? {} : { payload }),
    })
    for (const { name, value } of response.cookies) this.cookies[name] = value
    return { status: response.statusCode, body: response.body === '' ? null : response.json() }
  }

  get = (path: string) => this.call('GET', path)
  post = (path: string, payload: object = {}) => this.call('POST', path, payload)
}

const visitor = new Browser()
const ben = new Browser()
const pia = new Browser()
let alias: string
let task: string
let id: string

interface ShownEntry {
  kind: string
  actor: { role: string; name: string | null }
  fields: string[]
  purpose: string | null
  task: { id: string; type: string } | null
}

const wordsOf = (name: string) => [name, ...name.split(' ')]

describe('Dora joins', () => {
  it('after she has read what is kept and why, in her language, with nothing agreed to beforehand', async () => {
    const { status, body } = await visitor.get('/notice?language=it')
    expect(status).toBe(200)
    expect(body).toMatchObject({ language: 'it', version: 1 })
    expect(body.purposes.map((one: { code: string; needed: boolean }) => [one.code, one.needed])).toEqual([
      ['service', true],
      ['offers', false],
    ])
  })

  it('by proving her address with a code from her mail', async () => {
    const asked = await visitor.post('/portal/codes', { email: dora.email, language: 'it' })
    expect(asked.status).toBe(202)
    const body = { code_id: asked.body.id, code: await codeFor(house, dora.email) }
    const signedIn = await visitor.post('/portal/sessions', body)
    expect(signedIn).toMatchObject({ status: 201, body: { kind: 'applicant' } })
    expect((await visitor.get('/portal/data')).status).toBe(403)
  })

  it('only when she agrees to the service, and to offers only if she says so', async () => {
    const form = { name: dora.name, phone: dora.phone, notice_version: 1, said_age: 16, language: 'it' }
    const refused = await visitor.post('/portal/joins', { ...form, purposes: ['offers'] })
    expect(refused).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'purposes', code: 'consent_needed' }] },
    })
    const joined = await visitor.post('/portal/joins', { ...form, purposes: ['service', 'offers'] })
    expect(joined.status).toBe(201)
    expect(joined.body.consents.map((one: { purpose: string }) => one.purpose).sort()).toEqual([
      'offers',
      'service',
    ])
    alias = joined.body.alias
    id = (await house.owner.one<{ id: string }>('select id from subject where alias = $1', [alias])).id
  })

  it('and nothing plain of her reaches SQL, nor is anything left of her as an applicant', async () => {
    await house.work()
    for (const value of [...wordsOf(dora.name), dora.email, '5550199'])
      expect(await rowsWith(house.owner, value), value).toEqual({})
    const applicants = await house.owner.query(`select id from subject where kind = 'applicant'`)
    expect(applicants).toEqual([])
  })

  it('and sees everything held on her, with where it came from and how it was verified', async () => {
    const { body } = await visitor.get('/portal/data')
    const values = body.values as { field: string; value: unknown; verified: { method: string } | null }[]
    const byField = new Map(values.map(one => [one.field, one]))
    expect(byField.get('name')).toMatchObject({ value: dora.name, source: 'customer', verified: null })
    expect(byField.get('email')).toMatchObject({ value: dora.email, verified: { method: 'code' } })
    expect(byField.get('phone')).toMatchObject({ value: '+393475550199' })
  })
})

describe('Ben answers her question', () => {
  it('which she has asked in the portal', async () => {
    const asked = await visitor.post('/portal/questions', {
      type: 'delivery_question',
      text: 'Dove sono le mie ciotole?',
    })
    expect(asked.status).toBe(201)
    task = asked.body.id
  })

  it('after he has signed in with password and authenticator', async () => {
    house.clock.advance(60_000)
    const code = codeAt(world.ben.totpSecret, house.clock.now())
    const { email, password } = world.ben
    expect((await ben.post('/work/sessions', { email, password: 'wrong-password', code })).status).toBe(401)
    expect((await ben.post('/work/sessions', { email, password, code })).status).toBe(201)
  })

  it('from a list of tasks that names nobody', async () => {
    const { body } = await ben.get('/work/tasks?state=open')
    expect(body.items).toMatchObject([{ id: task, alias, state: 'open', name: null }])
    expect(JSON.stringify(body)).not.toContain(dora.name)
    expect((await ben.get(`/work/tasks/${task}/customer`)).status).toBe(404)
  })

  it('seeing exactly the fields of the task, why, and until when', async () => {
    const taken = await ben.post(`/work/tasks/${task}/grants`)
    expect(taken).toMatchObject({
      status: 201,
      body: { task, purpose: 'service', why: { task_type: 'delivery_question' } },
    })
    expect(taken.body.why.policies.length).toBeGreaterThan(0)
    const { status, body } = await ben.get(`/work/tasks/${task}/customer`)
    expect(status).toBe(200)
    expect(
      Object.keys(body.values)
        .filter(field => field !== 'purchase')
        .sort(),
    ).toEqual(['name', 'phone', 'question'])
    expect(body.values.name.value).toBe(dora.name)
    expect(JSON.stringify(body)).not.toContain(dora.email)
  })

  it('and not one field more', async () => {
    const { status, body } = await ben.get(`/work/tasks/${task}/customer?fields=email`)
    expect(status).toBe(403)
    expect(body).toMatchObject({ code: 'outside_grant', detail: { field: 'email' } })
  })

  it('and nobody else can take it meanwhile', async () => {
    const { email, password, totpSecret } = world.pia
    const colleague = new Browser()
    for (const [browser, room] of [
      [pia, 'office'],
      [colleague, 'work'],
    ] as const) {
      house.clock.advance(60_000)
      const code = codeAt(totpSecret, house.clock.now())
      expect((await browser.post(`/${room}/sessions`, { email, password, code })).status).toBe(201)
    }
    expect(await colleague.post(`/work/tasks/${task}/grants`)).toMatchObject({
      status: 409,
      body: { code: 'taken' },
    })
    expect((await colleague.get(`/work/tasks/${task}/customer`)).status).toBe(404)
  })

  it('until he closes it: then the same address is not found', async () => {
    expect((await ben.post(`/work/tasks/${task}/closures`, { outcome: 'answered' })).status).toBe(201)
    for (const path of [`/work/tasks/${task}`, `/work/tasks/${task}/customer`])
      expect((await ben.get(path)).status).toBe(404)
  })
})

describe('Dora stays in charge', () => {
  it('seeing that Ben has read which fields, for which task and purpose', async () => {
    const { body } = await visitor.get('/portal/entries')
    const readings = (body.items as ShownEntry[]).filter(
      one => one.kind === 'reading' && one.actor.role === 'employee',
    )
    expect(readings.length).toBeGreaterThan(0)
    expect(readings[0]).toMatchObject({
      actor: { role: 'employee', name: world.ben.name },
      ...{ purpose: 'service', task: { id: task } },
    })
    expect(readings.flatMap(one => one.fields)).toContain('phone')
    expect(readings.flatMap(one => one.fields)).not.toContain('email')
  })

  it('taking everything away, in a form that proves itself', async () => {
    const { status, body } = await visitor.get('/portal/export')
    expect(status).toBe(200)
    expect(JSON.stringify(body.data)).toContain(dora.email)
    const { entries, checkpoint, vkey } = body
    const proofs = entries.map((one: { index: number; proof: string[] }) => ({
      index: one.index,
      hashes: one.proof,
    }))
    const bundle = { entries, proofs: { proofs, checkpoint, vkey } }
    expect(verifyBundle(bundle)).toMatchObject({ ok: true, entries: entries.length, firstSeq: 1 })
  })

  it('taking back one agreement without the other', async () => {
    const { body } = await visitor.get('/portal/consents')
    const consents = body.items as { id: string; purpose: string }[]
    const idOf = (purpose: string) => consents.find(one => one.purpose === purpose)!.id
    expect((await visitor.post(`/consents/${idOf('offers')}/withdrawals`)).status).toBe(201)
    expect(await visitor.post(`/consents/${idOf('service')}/withdrawals`)).toMatchObject({
      status: 409,
      body: { code: 'withdraw_whole' },
    })
  })
})

describe('Dora leaves', () => {
  let others: Record<string, string[]>
  let receipt: { link: string; slots: number[]; destruction: { t1: string } }

  it('while Ben has another question of hers open', async () => {
    const asked = await visitor.post('/portal/questions', {
      type: 'delivery_question',
      text: 'E la lampada?',
    })
    task = asked.body.id
    expect((await ben.post(`/work/tasks/${task}/grants`)).status).toBe(201)
    expect((await ben.get(`/work/tasks/${task}/customer`)).status).toBe(200)
    others = await picture(house.owner, world.ana.id)
  })

  it('after she has seen what will go and what will stay', async () => {
    const { body } = await visitor.get('/portal/withdrawal-preview')
    expect(body).toMatchObject({ slots: 4, open_tasks: 1, kept: [{ what: 'trail' }] })
  })

  it('in one act, with a receipt that anybody can check', async () => {
    const left = await visitor.post('/portal/withdrawals', { confirm: true })
    expect(left.status).toBe(201)
    receipt = left.body.receipt
    expect(checkReceipt(receipt)).toMatchObject({ ok: true, slots: receipt.slots })
    expect((await visitor.get('/portal/data')).status).toBe(401)
  })

  it('and Ben finds nothing any more', async () => {
    for (const path of [`/work/tasks/${task}`, `/work/tasks/${task}/customer`])
      expect((await ben.get(path)).status).toBe(404)
    expect((await ben.get('/work/tasks?state=mine')).body.items).toEqual([])
    expect(
      (await ben.get('/work/tasks?state=closed')).body.items.filter(
        (one: { alias: string }) => one.alias === alias,
      ),
    ).toEqual([])
  })

  it('and no row is left of her but the trail, and none of anybody else has changed', async () => {
    expect(await rowsWith(house.owner, id)).toEqual({ slot: 1, subject: 1 })
    for (const value of [...wordsOf(dora.name), dora.email])
      expect(await rowsWith(house.owner, value), value).toEqual({})
    expect(await picture(house.owner, world.ana.id)).toEqual(others)
  })

  it('and the later steps can be read with the link, by whoever holds it', async () => {
    const seen = await new Browser().post('/destruction-views', { link: receipt.link })
    expect(seen).toMatchObject({
      status: 200,
      body: { t1: receipt.destruction.t1, t2: { at: receipt.destruction.t1, waits: [] } },
    })
  })

  it('and the officer sees a record that names nobody, in a log that still verifies', async () => {
    const { body } = await pia.get('/office/destructions')
    expect(body.items.map((one: { slots: number[] }) => one.slots)).toContainEqual(receipt.slots)
    expect((await pia.post('/office/log-verifications')).body).toMatchObject({ ok: true })
    const entries = await pia.get('/office/entries')
    expect(entries.status).toBe(200)
    for (const value of [dora.name, dora.email, alias])
      expect(JSON.stringify(entries.body)).not.toContain(value)
  })

  it('and may come back, as somebody who was never here', async () => {
    const asked = await visitor.post('/portal/codes', { email: dora.email, language: 'it' })
    const body = { code_id: asked.body.id, code: await codeFor(house, dora.email) }
    expect(await visitor.post('/portal/sessions', body)).toMatchObject({ body: { kind: 'applicant' } })
  })
})
