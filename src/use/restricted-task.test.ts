import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decideAnew } from '../../test/catalogue.ts'
import { sealEnvelope, type ToldKey } from '../../test/envelope.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { buildWorld, type CustomerInWorld, type World } from '../../test/world.ts'

let house: TestHouse
let world: World

const card = { brand: 'visa', last4: '4242', expiry: '2029-05', token: 'tok_1NfX2eLkdIwHu7ix' }

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
  for (const code of ['card', 'iban', 'allergies']) await decideAnew(house, code, { asked: 'portal' })
})
afterAll(() => house.close())

const send = async (
  method: 'GET' | 'POST',
  path: string,
  { cookies }: { cookies: Record<string, string> },
  body?: object,
) => {
  const payload = body === undefined ? {} : { payload: body }
  const response = await house.app.inject({ ...{ method, url: `/api/v1${path}`, cookies }, ...payload })
  return { status: response.statusCode, body: response.json() }
}

/** Somebody who pays with a card kept here, and has an allergy. */
async function somebody(): Promise<CustomerInWorld> {
  const ana = await world.join()
  const { version: form } = (await send('GET', '/notice', ana)).body
  for (const purpose of ['payment', 'care'])
    await send('POST', '/portal/consents', ana, { purpose, notice_version: form, language: 'it' })
  const key = (await send('GET', '/portal/intake-key', ana)).body as ToldKey
  const envelopes = [
    sealEnvelope(key, ana.alias, { compartment: 'payment', form, values: { card } }),
    sealEnvelope(key, ana.alias, { compartment: 'health', form, values: { allergies: 'noci' } }),
  ]
  expect((await send('POST', '/portal/envelopes', ana, { notice_version: form, envelopes })).status).toBe(200)
  return ana
}

const ask = (whose: CustomerInWorld, type: string) =>
  send('POST', '/portal/questions', whose, { type, text: 'Mi avete addebitato due volte?' })
const listed = async (id: string, state = 'open') =>
  (await send('GET', `/work/tasks?state=${state}`, world.ben)).body.items.find(
    (one: { id: string }) => one.id === id,
  )

describe('a task about somebody’s payments or health', () => {
  it('does not say so before it is taken, in the list or in the database', async () => {
    const ana = await somebody()
    const { id } = (await ask(ana, 'payment_problem')).body
    expect(await listed(id)).toMatchObject({ type: 'restricted', name: null })
    const rows = await house.owner.query<{ row: string }>(
      'select row_to_json(t)::text as row from task t where id = $1',
      [id],
    )
    expect(rows[0]!.row).toContain('"restricted"')
    expect(rows[0]!.row).not.toContain('payment')
    // Its customer knows what they asked.
    const mine = (await send('GET', '/portal/questions', ana)).body.items
    expect(mine).toMatchObject([{ id, type: 'payment_problem' }])
    expect((await send('GET', '/portal/data', ana)).body.questions).toMatchObject([
      { id, type: 'payment_problem' },
    ])
  })

  it('opens brand, last four digits and expiry of the card for the purpose of paying, and nothing else of it', async () => {
    const ana = await somebody()
    const { id } = (await ask(ana, 'payment_problem')).body
    const taken = await send('POST', `/work/tasks/${id}/grants`, world.ben, {})
    expect([taken.status, taken.body]).toMatchObject([
      201,
      {
        purpose: 'payment',
        fields: ['card', 'name', 'phone', 'question'],
        why: { task_type: 'payment_problem' },
      },
    ])
    expect(taken.body.why.policies).toContain('payments-are-everybodys-work')
    const { values } = (await send('GET', `/work/tasks/${id}/customer`, world.ben)).body
    expect(values.card.value).toEqual({ brand: 'visa', last4: '4242', expiry: '2029-05' })
    expect(Object.keys(values).sort()).toEqual(['card', 'name', 'question'])
    const outside = await send('GET', `/work/tasks/${id}/customer?fields=allergies`, world.ben)
    expect([outside.status, outside.body.code]).toEqual([403, 'outside_grant'])
    const { items } = (await send('GET', '/portal/entries', ana)).body
    expect(items).toContainEqual(
      expect.objectContaining({
        kind: 'reading',
        purpose: 'payment',
        fields: expect.arrayContaining(['card']),
      }),
    )
    expect((await listed(id, 'mine')).type).toBe('payment_problem')
    const closed = await send('POST', `/work/tasks/${id}/closures`, world.ben, { outcome: 'answered' })
    expect(closed.status).toBe(201)
    expect((await send('GET', `/work/tasks/${id}/customer`, world.ben)).status).toBe(404)
  })

  it('opens of somebody’s health what they told, for a request about it alone', async () => {
    const ana = await somebody()
    const { id } = (await ask(ana, 'care_request')).body
    const taken = await send('POST', `/work/tasks/${id}/grants`, world.ben, {})
    expect(taken.body).toMatchObject({ purpose: 'care', fields: ['allergies', 'name', 'phone', 'question'] })
    const { values } = (await send('GET', `/work/tasks/${id}/customer`, world.ben)).body
    expect(values.allergies.value).toBe('noci')
    expect(values).not.toHaveProperty('card')
  })

  it('cannot be asked for without the agreement, nor taken once that is taken back', async () => {
    const bea = await world.join()
    const refused = await ask(bea, 'payment_problem')
    expect([refused.status, refused.body.code]).toEqual([403, 'no_consent'])
    const ana = await somebody()
    const { id } = (await ask(ana, 'payment_problem')).body
    const { items } = (await send('GET', '/portal/consents', ana)).body
    const paying = items.find((one: { purpose: string }) => one.purpose === 'payment')
    expect((await send('POST', `/consents/${paying.id}/withdrawals`, ana, {})).status).toBe(201)
    const taken = await send('POST', `/work/tasks/${id}/grants`, world.ben, {})
    expect([taken.status, taken.body.code]).toEqual([403, 'no_consent'])
  })

  it('ends with the agreement while it is open', async () => {
    const ana = await somebody()
    const { id } = (await ask(ana, 'payment_problem')).body
    await send('POST', `/work/tasks/${id}/grants`, world.ben, {})
    const { items } = (await send('GET', '/portal/consents', ana)).body
    const paying = items.find((one: { purpose: string }) => one.purpose === 'payment')
    await send('POST', `/consents/${paying.id}/withdrawals`, ana, {})
    const read = await send('GET', `/work/tasks/${id}/customer`, world.ben)
    expect([read.status, read.body.code]).toEqual([403, 'no_grant'])
  })
})
