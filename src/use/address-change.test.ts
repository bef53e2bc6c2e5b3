import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dyingHouse } from '../../test/dying-house.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { call, codeFor, joinAs, openForCustomers, signInAs, trailOf } from '../../test/portal.ts'
import { restrictedFields } from '../storage/restriction.ts'
import { settleAddress } from './address-change.ts'
import { rebuildAddresses } from './address-index.ts'
import { takeBackAddress } from './address-reversal.ts'

// Somebody changes the address they sign in with; a thief of a session tries to.

let shop: TestHouse
let people = 0

beforeAll(async () => {
  shop = await openHouse()
  await openForCustomers(shop)
})
afterAll(() => shop.close())
beforeEach(() => shop.clock.advance(3_600_001))

interface Customer {
  id: string
  email: string
  cookie: string
}

async function joined(): Promise<Customer> {
  const email = `ida.${++people}@example.org`
  const { id, cookie } = await joinAs(shop, { name: 'Ida Neri', email })
  return { id, email, cookie }
}
const newAddress = () => `new.${++people}@example.com`

const post = (path: string, body: object, cookie?: string) =>
  call(shop, 'POST', path, { body, ...(cookie === undefined ? {} : { cookie }) })
const ask = (who: { cookie: string }, email: string) =>
  post('/portal/address-codes', { email, language: 'en' }, who.cookie)

/** Sends the code that arrived at this address, or another one. */
async function give(who: { cookie: string }, email: string, codeId: string, code?: string) {
  const right = code ?? (await codeFor(shop, email))
  return post('/portal/address-changes', { email, language: 'en', code_id: codeId, code: right }, who.cookie)
}
async function changeTo(who: { cookie: string }, email: string) {
  const asked = await ask(who, email)
  expect(asked.status).toBe(202)
  return give(who, email, asked.body.id)
}
/** The link in the newest letter about a change to this address. */
async function linkTo(email: string): Promise<string> {
  await shop.work()
  const mail = shop.post.list().find(one => one.to === email && one.text.includes('/address#'))
  return /\/address#(\S+)/.exec(mail?.text ?? '')![1]!
}
const takeBack = (token: string) => post('/address-reversals', { token, language: 'en' })
async function emailOf(who: { cookie: string }) {
  const { values } = (await call(shop, 'GET', '/portal/data', { cookie: who.cookie })).body
  return values.find((one: { field: string }) => one.field === 'email')
}
const isIn = async ({ cookie }: { cookie: string }) =>
  (await call(shop, 'GET', '/portal/sessions/current', { cookie })).status === 200
const kindAt = async (email: string) => (await signInAs(shop, email)).kind

describe('the address to sign in with', () => {
  it('is changed by a code to the new one: it lets in, is verified, and the old one does not any more', async () => {
    const ida = await joined()
    const email = newAddress()
    const changed = await changeTo(ida, email)
    expect(changed.status).toBe(201)
    expect(await emailOf(ida)).toMatchObject({
      ...{ value: email, source: 'customer', verified: { method: 'code', by: 'customer' } },
    })
    expect((await emailOf(ida)).former).toEqual([{ value: ida.email, until: changed.body.until }])
    expect((await signInAs(shop, email)).kind).toBe('customer')
    expect(await kindAt(ida.email)).toBe('applicant')
    const kinds = (await trailOf(shop, ida.id)).map(entry => entry.kind)
    expect(kinds).toEqual(expect.arrayContaining(['address', 'address.sent']))
  })

  it('needs a proof of the last minutes, also when the code is given', async () => {
    const ida = await joined()
    const email = newAddress()
    const asked = await ask(ida, email)
    const code = await codeFor(shop, email)
    shop.clock.advance(9 * 60_000)
    await shop.owner.query('update session set proved_at = $2 where subject = $1', [
      ida.id,
      new Date(shop.clock.now().getTime() - 16 * 60_000),
    ])
    const late = await give(ida, email, asked.body.id, code)
    expect([late.status, late.body.detail]).toMatchObject([403, { act: 'change_address', missing: 'proof' }])
    expect((await ask(ida, email)).status).toBe(403)
  })

  it('puts out every other session, and lets nobody in by a code that was sent before', async () => {
    const ida = await joined()
    const elsewhere = await signInAs(shop, ida.email)
    const before = await post('/portal/codes', { email: ida.email, language: 'en' })
    const code = await codeFor(shop, ida.email)
    expect((await changeTo(ida, newAddress())).status).toBe(201)
    expect(await isIn(elsewhere)).toBe(false)
    expect(await isIn(ida)).toBe(true)
    expect((await post('/portal/sessions', { code_id: before.body.id, code })).status).toBe(401)
  })

  it('is refused alike for a wrong, used and old code, one to another address, and somebody else’s', async () => {
    const ida = await joined()
    const eva = await joined()
    const email = newAddress()
    const asked = await ask(ida, email)
    const code = await codeFor(shop, email)
    const wrong = code === '000000' ? '000001' : '000000'
    const refused = [
      await give(ida, email, asked.body.id, wrong),
      await give(ida, newAddress(), asked.body.id, code),
      await give(eva, email, asked.body.id, code),
      await give(ida, email, '00000000-0000-4000-8000-000000000000', code),
    ]
    shop.clock.advance(10 * 60_000)
    refused.push(await give(ida, email, asked.body.id, code))
    expect(new Set(refused.map(one => one.response.body)).size).toBe(1)
    expect(refused.map(one => one.status)).toEqual(Array(5).fill(401))
    expect((await emailOf(ida)).value).toBe(ida.email)
    const tried = (await trailOf(shop, ida.id)).filter(entry => entry.kind === 'proof.refused')
    expect(tried).toHaveLength(2)
  })

  it('takes five tries, and a code opens no session', async () => {
    const ida = await joined()
    const email = newAddress()
    const asked = await ask(ida, email)
    const code = await codeFor(shop, email)
    expect((await post('/portal/sessions', { code_id: asked.body.id, code })).status).toBe(401)
    const wrong = code === '000000' ? '000001' : '000000'
    for (let tried = 0; tried < 5; tried++)
      expect((await give(ida, email, asked.body.id, wrong)).status).toBe(401)
    expect((await give(ida, email, asked.body.id, code)).status).toBe(401)
  })

  it('answers alike whether the address is somebody’s, and tells it only to who reads that', async () => {
    const ida = await joined()
    const eva = await joined()
    const [free, taken] = [await ask(ida, newAddress()), await ask(ida, eva.email)]
    expect([taken.status, Object.keys(taken.body)]).toEqual([free.status, Object.keys(free.body)])
    const told = await give(ida, eva.email, taken.body.id)
    expect([told.status, told.body.detail]).toEqual([409, { taken: true }])
    expect((await emailOf(ida)).value).toBe(ida.email)
    expect((await signInAs(shop, eva.email)).kind).toBe('customer')
    expect((await ask(ida, ida.email)).body.errors).toEqual([{ field: 'email', code: 'unchanged' }])
  })

  it('floods nobody’s mailbox: five codes an hour of one customer, and five to one address', async () => {
    const ida = await joined()
    for (let sent = 0; sent < 5; sent++) expect((await ask(ida, newAddress())).status).toBe(202)
    expect((await ask(ida, newAddress())).status).toBe(429)
    const victim = newAddress()
    const answers = []
    for (let asked = 0; asked < 6; asked++) answers.push((await ask(await joined(), victim)).status)
    expect(answers).toEqual([202, 202, 202, 202, 202, 429])
  })

  it('is one of two when two changes come at once, or two customers want the same', async () => {
    const ida = await joined()
    const [one, other] = [newAddress(), newAddress()]
    const [first, second] = [await ask(ida, one), await ask(ida, other)]
    const [a, b] = [await codeFor(shop, one), await codeFor(shop, other)]
    const both = await Promise.all([give(ida, one, first.body.id, a), give(ida, other, second.body.id, b)])
    expect(both.filter(answer => answer.status === 201)).toHaveLength(1)
    const now = (await emailOf(ida)).value
    expect(await kindAt(now)).toBe('customer')
    expect(await kindAt(now === one ? other : one)).toBe('applicant')

    const [eva, mia] = [await joined(), await joined()]
    const same = newAddress()
    const asked = [await ask(eva, same), await ask(mia, same)]
    const letters = shop.post
    await shop.work()
    const codes = letters
      .list()
      .filter(mail => mail.to === same)
      .map(mail => /\b\d{6}\b/.exec(mail.text)![0])
    const tries = await Promise.all(
      [eva, mia].flatMap((who, at) => codes.map(code => give(who, same, asked[at]!.body.id, code))),
    )
    expect(tries.filter(answer => answer.status === 201)).toHaveLength(1)
  })

  it('goes to one of two who change to it and join with it at the same moment', async () => {
    const ida = await joined()
    const email = newAddress()
    const asked = await ask(ida, email)
    const code = await codeFor(shop, email)
    const [changed, joining] = await Promise.allSettled([
      give(ida, email, asked.body.id, code),
      joinAs(shop, { name: 'Eva Blu', email }),
    ])
    const won = changed.status === 'fulfilled' && changed.value.status === 201
    // Who asks for a code after the change is the customer already, who need not join.
    expect(won || joining.status === 'fulfilled').toBe(true)
    const owners = await shop.owner.query<{ subject: string }>(
      `select a.subject from address a where a.kind = 'email' and a.subject = $1`,
      [ida.id],
    )
    expect(owners).toHaveLength(1)
    expect(await kindAt(email)).toBe('customer')
  })

  it('is nowhere in the database but sealed and as a fingerprint, while its code is on its way and after', async () => {
    const ida = await joined()
    const email = newAddress()
    const asked = await ask(ida, email)
    const stored = async () =>
      shop.owner.query<{ row: string }>(
        `select c::text as row from channel_code c union all select j::text from graphile_worker._private_jobs j
         union all select a::text from address_change a union all select l::text from letter l
         union all select o::text from outbox o`,
      )
    const before = await stored()
    await give(ida, email, asked.body.id)
    for (const { row } of [...before, ...(await stored())]) {
      expect(row).not.toContain(email)
      expect(row).not.toContain(ida.email)
    }
  })

  it('is found again when the index is lost and built anew, and nothing is changed meanwhile', async () => {
    const ida = await joined()
    const email = newAddress()
    expect((await changeTo(ida, email)).status).toBe(201)
    await shop.owner.query('truncate address, address_generation')
    expect((await ask(ida, newAddress())).status).toBe(503)
    expect((await takeBack(await linkTo(ida.email))).status).toBe(503)
    await rebuildAddresses(shop.house)
    expect(await kindAt(email)).toBe('customer')
    expect(await kindAt(ida.email)).toBe('applicant')
  })

  it('goes with whoever leaves', async () => {
    const ida = await joined()
    await changeTo(ida, newAddress())
    const token = await linkTo(ida.email)
    expect((await post('/portal/withdrawals', { confirm: true }, ida.cookie)).status).toBe(201)
    expect((await takeBack(token)).status).toBe(404)
    for (const table of ['channel_code', 'address_change'])
      expect(await shop.owner.query(`select 1 from ${table} where subject = $1`, [ida.id])).toEqual([])
  })

  it('stays as it was when the change is cut off before it is committed', async () => {
    const ida = await joined()
    const email = newAddress()
    const asked = await ask(ida, email)
    const code = await codeFor(shop, email)
    await shop.owner.query('revoke insert on address_change from custode_server')
    expect((await give(ida, email, asked.body.id, code)).status).toBe(500)
    await shop.owner.query('grant insert on address_change to custode_server')
    expect((await emailOf(ida)).value).toBe(ida.email)
    expect((await give(ida, email, asked.body.id, code)).status).toBe(201)
  })
})

describe('a change that a thief made', () => {
  it('is told at once to the address before, whose link takes the account back and puts the thief out', async () => {
    const ida = await joined()
    const thief = await signInAs(shop, ida.email)
    const email = newAddress()
    expect((await changeTo(thief, email)).status).toBe(201)
    const token = await linkTo(ida.email)
    expect((await takeBack(token)).status).toBe(201)
    expect(await isIn(thief)).toBe(false)
    expect(await kindAt(email)).toBe('applicant')
    const again = await signInAs(shop, ida.email)
    expect(again.kind).toBe('customer')
    expect(await emailOf(again)).toMatchObject({ value: ida.email, verified: { method: 'code' } })
    expect((await takeBack(token)).status).toBe(404)
    await shop.work()
    const told = shop.post.list().find(mail => mail.to === email && mail.subject.includes('changed back'))
    expect(told?.text).not.toContain(ida.email)
    expect((await trailOf(shop, ida.id)).map(entry => entry.kind)).toContain('address.reversal')
  })

  it('is taken back with every passkey, also after further changes', async () => {
    const ida = await joined()
    await shop.owner.query(
      `insert into passkey (id, subject, compartment, slot, credential, public_key, counter, transports, kept_on, synced, made_at)
       select gen_random_uuid(), $1, 'contact', s.number, $2, '\\x00', 0, '{}', 'phone', false, now()
         from slot s where s.subject = $1 and s.compartment = 'contact'`,
      [ida.id, Buffer.from(ida.id)],
    )
    const [second, third] = [newAddress(), newAddress()]
    await changeTo(ida, second)
    const token = await linkTo(ida.email)
    await changeTo(ida, third)
    const later = await linkTo(second)
    expect((await takeBack(token)).status).toBe(201)
    expect(await kindAt(ida.email)).toBe('customer')
    expect(await kindAt(third)).toBe('applicant')
    expect((await takeBack(later)).status).toBe(404)
    expect(await shop.owner.query('select 1 from passkey where subject = $1', [ida.id])).toEqual([])
  })

  it('leaves no doubt behind when it is taken back: what the thief put in doubt is open to tasks again', async () => {
    const ida = await joined()
    await changeTo(ida, newAddress())
    const token = await linkTo(ida.email)
    expect((await post('/portal/disputes', { field: 'email' }, ida.cookie)).status).toBe(201)
    expect(await restrictedFields(shop.owner, ida.id)).toEqual(['email'])
    expect((await takeBack(token)).status).toBe(201)
    expect((await emailOf(await signInAs(shop, ida.email))).disputed).toBe(null)
    expect(await restrictedFields(shop.owner, ida.id)).toEqual([])
  })

  it('puts the thief out also where the process dies as soon as it is taken back', async () => {
    const dying = async (at: number) => {
      const ida = await joined()
      await changeTo(ida, newAddress())
      const { house, calls } = dyingHouse(shop.house, { at, when: 'after' })
      await takeBackAddress(house, await linkTo(ida.email), 'en').catch(() => {})
      return { ida, calls }
    }
    const { calls } = await dying(Number.MAX_SAFE_INTEGER)
    // Sealed is the address as it was; the next commit is that of the reversal.
    const sealed = calls.indexOf('keeper.seal')
    const { ida } = await dying(calls.indexOf('database.commit', sealed) + 2)
    expect(await kindAt(ida.email)).toBe('customer')
    expect(await isIn(ida)).toBe(false)
  })

  it('is not taken back to an address that somebody else has by now', async () => {
    const ida = await joined()
    const email = newAddress()
    await changeTo(ida, email)
    const token = await linkTo(ida.email)
    await joinAs(shop, { name: 'Eva Blu', email: ida.email })
    expect((await takeBack(token)).status).toBe(409)
    expect((await emailOf(await signInAs(shop, email))).value).toBe(email)
  })

  it('is taken back for seven days, after which the address before is forgotten', async () => {
    const ida = await joined()
    await changeTo(ida, newAddress())
    const token = await linkTo(ida.email)
    const { id } = await shop.owner.one<{ id: string }>('select id from address_change where subject = $1', [
      ida.id,
    ])
    const sealed = async () =>
      (await trailOf(shop, ida.id)).filter(entry => entry.kind === 'address.settled').length
    await settleAddress(shop.house, id)
    expect(await sealed()).toBe(0)
    shop.clock.advance(7 * 86_400_000)
    expect((await takeBack(token)).status).toBe(404)
    await settleAddress(shop.house, id)
    await settleAddress(shop.house, id)
    expect(await sealed()).toBe(1)
  })

  it('is taken back once by many who press at once, and not by whoever only reads the page of the account', async () => {
    const ida = await joined()
    await changeTo(ida, newAddress())
    const { letters } = (await call(shop, 'GET', '/portal/data', { cookie: ida.cookie })).body
    const letter = letters.find((one: { kind: string }) => one.kind === 'address')
    expect([letter.text, letter.to]).toEqual([null, null])
    const token = await linkTo(ida.email)
    const answers = await Promise.all([1, 2, 3].map(() => takeBack(token)))
    expect(answers.filter(one => one.status === 201)).toHaveLength(1)
    expect(answers.every(one => [201, 404, 409].includes(one.status))).toBe(true)
  })
})
