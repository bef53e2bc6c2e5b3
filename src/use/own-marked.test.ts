import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decideAnew, newField } from '../../test/catalogue.ts'
import { sealEnvelope, type ToldKey } from '../../test/envelope.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { decidePair, mergeSessions } from '../../test/twice.ts'
import { buildWorld, type CustomerInWorld, send, type World } from '../../test/world.ts'
import { addField } from '../collection/catalogue.ts'
import type { IntakeRule } from '../keeper/intake-rule.ts'
import { sealedRow } from '../storage/sealed-row.ts'
import { askForCorrection } from './correction.ts'
import { disputeOwn } from './dispute.ts'

let house: TestHouse
let world: World

const code = 'own_faith'
const rules: Record<string, IntakeRule> = { [code]: { type: 'line', most: 120 } }

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
  const bare = newField('own_size')
  await addField(house.house, 'st_1', bare)
  await addField(house.house, 'st_1', newField(code))
  await addField(house.house, 'st_1', newField('own_wish', { purposes: ['offers'] }))
})
afterAll(() => house.close())

const faults = (body: { errors?: { field: string; code: string }[] }) =>
  (body.errors ?? []).map(one => `${one.field}: ${one.code}`)
const inPlain = (whose: CustomerInWorld, values: Record<string, unknown>) =>
  send(house, 'POST', '/portal/values', whose, { values })
const noticeVersion = async () => (await send(house, 'GET', '/notice', world.ana)).body.version as number

/** Agrees to what the company asks now for this purpose. */
async function agree(whose: CustomerInWorld, purpose: string) {
  const body = { purpose, notice_version: await noticeVersion(), language: 'it' }
  return send(house, 'POST', '/portal/consents', whose, body)
}

/** Agrees anew, in the place of the agreement before. */
async function renew(whose: CustomerInWorld) {
  const { items } = (await send(house, 'GET', '/portal/consents', whose)).body
  const live = items.find(
    (one: { purpose: string; withdrawn_at: string | null }) =>
      one.purpose === 'service' && one.withdrawn_at === null,
  )
  const body = { notice_version: await noticeVersion(), language: 'it' }
  return send(house, 'POST', `/portal/consents/${live.id}/renewals`, whose, body)
}

async function sealed(whose: CustomerInWorld, values: Record<string, unknown>, of = rules) {
  const key = (await send(house, 'GET', '/portal/intake-key', whose)).body as ToldKey
  const { items } = (await send(house, 'GET', '/portal/consents', whose)).body
  const { notice_version: form } = items.find(
    (one: { fields: string[]; withdrawn_at: string | null }) =>
      one.withdrawn_at === null && one.fields.includes(code),
  )
  const envelope = sealEnvelope(key, whose.alias, { compartment: 'preferences', form, values, rules: of })
  return send(house, 'POST', '/portal/envelopes', whose, { notice_version: form, envelopes: [envelope] })
}

const held = async (whose: CustomerInWorld): Promise<Record<string, unknown>> => {
  const { values } = (await send(house, 'GET', '/portal/data', whose)).body
  return Object.fromEntries(values.map((one: { field: string; value: unknown }) => [one.field, one.value]))
}
const mark = (sealed: boolean) => decideAnew(house, code, { sealed })

/** What lies in the rows of one customer's preferences, as the keeper opens it for them. */
async function rowsOf(whose: CustomerInWorld) {
  const rows = await house.owner.query<{ row: string; version: number; slot: number }>(
    `select row, version, slot from box where subject = $1 and compartment = 'preferences' order by row = $1 desc`,
    [whose.id],
  )
  return rows.map(row => ({ ...row, own: row.row === whose.id }))
}

/** What the keeper opens for the server meanwhile. */
async function openedDuring(act: () => Promise<void>): Promise<string[]> {
  const opened: string[] = []
  const open = house.house.keeper.open.bind(house.house.keeper)
  house.house.keeper.open = async request => {
    const answer = await open(request)
    opened.push(JSON.stringify(answer))
    return answer
  }
  try {
    await act()
  } finally {
    house.house.keeper.open = open
  }
  return opened
}

describe('a field that an officer has marked as sealed', () => {
  it('is taken in no more in plain, and what was given before stays until it is given again', async () => {
    await mark(false)
    const ana = await world.join()
    expect((await inPlain(ana, { [code]: 'buddismo', own_size: 'L' })).status).toBe(200)
    await mark(true)
    expect(await held(ana)).toMatchObject({ [code]: 'buddismo', own_size: 'L' })
    expect(faults((await inPlain(ana, { [code]: 'altro' })).body)).toEqual([`values.${code}: sealed_only`])
    expect(faults((await inPlain(ana, { [code]: null })).body)).toEqual([`values.${code}: sealed_only`])
    expect((await send(house, 'POST', '/portal/confirmations', ana, { fields: [code] })).status).toBe(400)
    const given = await sealed(ana, { [code]: 'altro' })
    expect([given.status, given.body]).toEqual([200, { changed: [code] }])
    expect(await held(ana)).toMatchObject({ [code]: 'altro', own_size: 'L' })
    // The copy that was given in plain is gone from the box of all.
    const [first, second] = await rowsOf(ana)
    expect([first!.own, second!.row]).toEqual([true, sealedRow(ana.id, code)])
  })

  it('lies in a box of its own, so that whoever changes what is beside it opens nothing of it', async () => {
    await mark(true)
    const ana = await world.join()
    expect((await sealed(ana, { [code]: 'MARKERFAITH' })).status).toBe(200)
    const opened = await openedDuring(async () => {
      expect((await inPlain(ana, { own_size: 'M' })).status).toBe(200)
      expect((await inPlain(ana, { own_size: 'S' })).status).toBe(200)
      expect((await sealed(ana, { [code]: 'MARKERFAITH 2' })).status).toBe(200)
    })
    expect(opened.length).toBeGreaterThan(0)
    expect(opened.join()).not.toContain('MARKER')
    expect(await held(ana)).toMatchObject({ [code]: 'MARKERFAITH 2', own_size: 'S' })
  })

  it('is judged by the keeper, is withheld like what is always sealed, and can be taken back', async () => {
    await mark(true)
    const ana = await world.join()
    const wrong = await sealed(ana, { [code]: 'la carta 4111 1111 1111 1111' })
    expect(faults(wrong.body)).toEqual([`values.${code}: card_number`])
    await sealed(ana, { [code]: 'altro' })
    expect((await sealed(ana, { [code]: null })).status).toBe(200)
    expect(await held(ana)).not.toHaveProperty(code)
  })

  it('comes in an envelope of its own, and what is not marked in none', async () => {
    await mark(true)
    const ana = await world.join()
    expect(faults((await sealed(ana, { [code]: 'altro', own_size: 'L' })).body)).toEqual([
      `values.${code}: not_alone`,
      'values.own_size: not_sealed',
    ])
  })

  it('goes with the agreement that named it, and moves unread when another one goes', async () => {
    await mark(true)
    const ana = await world.join()
    await agree(ana, 'offers')
    await sealed(ana, { [code]: 'MARKERFAITH' })
    expect((await inPlain(ana, { own_size: 'M', own_wish: 'sci' })).status).toBe(200)
    const before = await rowsOf(ana)
    const { items } = (await send(house, 'GET', '/portal/consents', ana)).body
    const offers = items.find((one: { purpose: string }) => one.purpose === 'offers')
    const opened = await openedDuring(async () => {
      const gone = await send(house, 'POST', `/consents/${offers.id}/withdrawals`, ana, {})
      expect(gone.status).toBe(201)
    })
    expect(opened.join()).not.toContain('MARKER')
    expect(opened.join()).toContain('sci')
    const after = await rowsOf(ana)
    expect(after.map(row => row.slot)).toEqual([after[0]!.slot, after[0]!.slot])
    expect(after[0]!.slot).not.toBe(before[0]!.slot)
    const now = await held(ana)
    expect(now).toMatchObject({ [code]: 'MARKERFAITH', own_size: 'M' })
    expect(now).not.toHaveProperty('own_wish')
  })

  it('may lose the mark, with a notice that says so, and nobody is asked in plain who was promised the seal', async () => {
    await mark(true)
    const ana = await world.join()
    await sealed(ana, { [code]: 'altro' })
    const before = await noticeVersion()
    await mark(false)
    expect(await noticeVersion()).toBe(before + 1)
    expect(await held(ana)).toMatchObject({ [code]: 'altro' })
    expect((await inPlain(ana, { [code]: 'nulla' })).body.code).toBe('no_consent')
    const { items } = (await send(house, 'GET', '/portal/consents', ana)).body
    expect(items[0]).toMatchObject({ purpose: 'service', asked_now: [code], unsealed_now: [code] })
    expect((await renew(ana)).status).toBe(201)
    expect((await send(house, 'POST', '/portal/confirmations', ana, { fields: [code] })).status).toBe(200)
    expect(await held(ana)).toMatchObject({ [code]: 'altro' })
    expect((await inPlain(ana, { [code]: 'nulla', own_size: 'M' })).status).toBe(200)
    expect(await held(ana)).toMatchObject({ [code]: 'nulla', own_size: 'M' })
    // And back again: the row is the same, and opens.
    await mark(true)
    expect((await sealed(ana, { [code]: 'altro' })).status).toBe(200)
    expect(await held(ana)).toMatchObject({ [code]: 'altro', own_size: 'M' })
  })

  it('leaves nothing readable when its customer leaves', async () => {
    await mark(true)
    const ana = await world.join()
    await sealed(ana, { [code]: 'altro' })
    expect((await send(house, 'POST', '/portal/withdrawals', ana, { confirm: true })).status).toBe(201)
    expect(await rowsOf(ana)).toEqual([])
  })
})

describe('a field that was in doubt when it was marked', () => {
  it('is settled by giving it anew, which closes what an employee was to correct', async () => {
    await mark(false)
    const dora = await world.join()
    await agree(dora, 'service')
    await renew(dora)
    expect((await inPlain(dora, { [code]: 'a word' })).status).toBe(200)
    await disputeOwn(house.house, dora.session, code)
    await house.house.database.transaction(tx => askForCorrection(tx, house.house, dora.id))
    await mark(true)
    await renew(dora)
    expect((await sealed(dora, { [code]: 'another' })).status).toBe(200)
    const open = await house.owner.query(
      `select 1 from task t where t.subject = $1 and t.type = 'data_correction'
          and not exists (select 1 from task_closure c where c.task = t.id)`,
      [dora.id],
    )
    expect(open).toEqual([])
  })
})

describe('a field that is sealed by its mark, of two records that are one person', () => {
  it('is given anew: no request has the server write what another record says of it', async () => {
    await mark(false)
    const person = { name: 'Livia Odescalchi', phone: '+393476600112' }
    const [stays, rests] = [await world.join(person), await world.join(person)]
    expect((await inPlain(rests, { [code]: 'a word' })).status).toBe(200)
    const task = await decidePair(house, [stays, rests], 'same')
    await mergeSessions(house, [stays.session, rests.session], task)
    await mark(true)
    const taken = await send(house, 'POST', '/portal/merge/values', stays, { fields: [code] })
    expect([taken.status, faults(taken.body)]).toEqual([400, [`values.${code}: sealed_only`]])
    expect(await held(stays)).not.toHaveProperty(code)
  })
})
