import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decideAnew } from '../../test/catalogue.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { call, openForCustomers, signInAs } from '../../test/portal.ts'
import { ask, decidePair, joinTwice, mergeRecords, type Record } from '../../test/twice.ts'
import { findUsableConsent } from '../collection/consent.ts'
import type { Claim } from '../storage/record.ts'
import { hearClaims } from './dispute.ts'

// From which age people agree for themselves is 16 where nobody has decided.

let shop: TestHouse

beforeAll(async () => {
  shop = await openHouse()
  await openForCustomers(shop)
  await decideAnew(shop, 'birth_date', { asked: 'joining', editor: 'customer' })
})
afterAll(() => shop.close())

const [child, adult, other] = ['2020-05-01', '1990-03-12', '1990-12-03']
let count = 0

interface Person {
  id: string
  cookie: string
}
async function joining(born?: string) {
  const { version } = (await call(shop, 'GET', '/notice', {})).body
  const { cookie } = await signInAs(shop, `age${++count}@example.org`)
  return call(shop, 'POST', '/portal/joins', {
    cookie,
    body: {
      ...{
        name: 'Ida Neri',
        phone: `+3934711${10_000 + count}`,
        notice_version: version,
        language: 'en',
        said_age: 16,
      },
      ...{ purposes: ['service', 'offers'], values: born === undefined ? {} : { birth_date: born } },
    },
  })
}
async function newPerson(born?: string): Promise<Person> {
  const joined = await joining(born)
  expect(joined.status, joined.response.body).toBe(201)
  const { id } = await shop.owner.one<{ id: string }>('select id from subject where alias = $1', [
    joined.body.alias,
  ])
  return { id, cookie: joined.cookie! }
}
const give = (who: Person, born: string | null) =>
  ask(shop, who, 'POST', '/portal/values', { values: { birth_date: born } })
const outcome = ({ status, body }: { status: number; body: { code?: string } }) => [status, body.code]
const tooYoung = [403, 'too_young']
const heldOf = async (who: Person) =>
  (await ask(shop, who, 'GET', '/portal/data')).body.values.find(
    (one: { field: string }) => one.field === 'birth_date',
  )

/** Another source says of somebody that they were born on this day. */
async function say({ id }: Person, source: Claim['source'], value: string): Promise<void> {
  shop.clock.advance(1000)
  const at = shop.clock.now().toISOString()
  const verified = source === 'provider' ? { verified: { method: 'oidc' as const, at } } : {}
  const claim: Claim = { value, source, at, ...verified }
  await hearClaims(
    shop.house,
    { subject: id, actor: 'system', method: source },
    new Map([['birth_date', claim]]),
  )
}
async function settle(who: Person, value: string | null) {
  const { disputed } = await heldOf(who)
  const claim = value && disputed.claims.find((one: { value: unknown }) => one.value === value).id
  return ask(shop, who, 'POST', '/portal/dispute-settlements', { field: 'birth_date', claim })
}

describe('a date of birth that makes somebody too young who agreed alone', () => {
  it('is refused on joining, when it is given, and when it is corrected', async () => {
    expect(outcome(await joining(child))).toEqual(tooYoung)
    const ida = await newPerson()
    expect(outcome(await give(ida, child))).toEqual(tooYoung)
    expect((await give(ida, adult)).status).toBe(200)
    expect(outcome(await give(ida, child))).toEqual(tooYoung)
    expect((await heldOf(ida)).value).toBe(adult)
  })

  it('is refused from the day before the birthday back, and taken on the day', async () => {
    const day = (days: number) => {
      const at = new Date(shop.clock.now().getTime() + days * 86_400_000)
      at.setUTCFullYear(at.getUTCFullYear() - 16)
      return at.toISOString().slice(0, 10)
    }
    const ida = await newPerson()
    expect(outcome(await give(ida, day(1)))).toEqual(tooYoung)
    expect((await give(ida, day(0))).status).toBe(200)
  })

  it.each(['import', 'employee', 'provider'] as const)('counts by no claim of an %s either', async source => {
    const ida = await newPerson(adult)
    await say(ida, source, child)
    expect(outcome(await settle(ida, child))).toEqual(tooYoung)
    expect((await heldOf(ida)).value).toBe(adult)
  })

  it('counts by no merging: it is not taken over from a record that rests', async () => {
    const pair = await joinTwice(shop, 'Giovanelli')
    const task = await decidePair(shop, pair, 'same')
    const [stays, rests] = pair
    const young = `${shop.clock.now().getUTCFullYear() - 17}-01-01`
    expect((await give(rests, young)).status).toBe(200)
    await mergeRecords(shop, pair, task)
    await shop.owner.query('insert into age_rule (version, least, decided_at) values (2, 18, now())')
    const take = (who: Record) => ask(shop, who, 'POST', '/portal/merge/values', { fields: ['birth_date'] })
    expect(outcome(await take(stays))).toEqual(tooYoung)
    await shop.owner.query('delete from age_rule where version = 2')
    expect((await take(stays)).status).toBe(201)
  }, 60_000)
})

describe('who was found too young by evidence', () => {
  it.each(['employee', 'provider'] as const)(
    'by an %s says nothing else, removes and confirms nothing until a later proof',
    async source => {
      const ida = await newPerson(adult)
      await say(ida, source, child)
      expect(outcome(await settle(ida, null))).toEqual(tooYoung)
      expect(outcome(await give(ida, other))).toEqual(tooYoung)
      expect(outcome(await give(ida, null))).toEqual(tooYoung)
      const confirm = { fields: ['birth_date'] }
      expect(outcome(await ask(shop, ida, 'POST', '/portal/confirmations', confirm))).toEqual(tooYoung)
      await say(ida, 'provider', adult)
      expect((await settle(ida, null)).status).toBe(201)
    },
  )

  it('takes what a later document says instead', async () => {
    const ida = await newPerson(adult)
    await say(ida, 'employee', child)
    await say(ida, 'employee', other)
    expect((await settle(ida, other)).status).toBe(201)
    expect((await heldOf(ida)).value).toBe(other)
  })

  it('may say that what an import brought is wrong', async () => {
    const ida = await newPerson(adult)
    await say(ida, 'import', child)
    expect((await settle(ida, null)).status).toBe(201)
  })

  it('is used for nothing optional until it is settled, while the service goes on', async () => {
    const ida = await newPerson(adult)
    const usable = async (purpose: string) =>
      (await findUsableConsent(shop.house.database, ida.id, purpose)) !== null
    expect(await usable('offers')).toBe(true)
    await say(ida, 'employee', child)
    expect([await usable('offers'), await usable('service')]).toEqual([false, true])
    await say(ida, 'provider', adult)
    await settle(ida, null)
    expect(await usable('offers')).toBe(true)
  })
})
