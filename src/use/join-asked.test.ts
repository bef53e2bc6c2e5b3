import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decideAnew } from '../../test/catalogue.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { call, openForCustomers, signInAs } from '../../test/portal.ts'
import type { Decided } from '../collection/catalogue.ts'

let shop: TestHouse

beforeAll(async () => {
  shop = await openHouse()
  await openForCustomers(shop)
})
afterAll(() => shop.close())

const decide = (code: string, about: Partial<Decided>) => decideAnew(shop, code, about)

let joiners = 0
/** Somebody new who joins with these answers, under the newest notice. */
async function join(about: object, purposes = ['service']) {
  const { cookie } = await signInAs(shop, `joiner.${++joiners}@example.org`)
  const { version } = (await call(shop, 'GET', '/notice')).body
  const body = {
    name: 'Ida Neri',
    phone: '',
    notice_version: version,
    said_age: 16,
    language: 'it',
    purposes,
    ...about,
  }
  const joined = await call(shop, 'POST', '/portal/joins', { cookie, body })
  const data =
    joined.status === 201 ? await call(shop, 'GET', '/portal/data', { cookie: joined.cookie! }) : null
  const values: { field: string; value: unknown }[] = data?.body.values ?? []
  return {
    status: joined.status,
    faults: (joined.body.errors ?? []).map(
      (one: { field: string; code: string }) => `${one.field}: ${one.code}`,
    ),
    values: Object.fromEntries(values.map(one => [one.field, one.value])),
  }
}

describe('whoever joins', () => {
  it('is asked what the catalogue asks at joining, and it is kept in its one spelling', async () => {
    await decide('postal_address', { asked: 'joining' })
    await decide('channel', { asked: 'joining', required: true })
    const address = {
      country: 'it',
      street: 'Via Garibaldi',
      house_number: '3',
      postal_code: '00153',
      city: 'Roma',
      region: 'rm',
    }
    const missing = await join({ values: { postal_address: address } })
    expect([missing.status, missing.faults]).toEqual([400, ['values.channel: required']])
    const wrong = await join({
      values: { channel: 'pigeon', postal_address: { ...address, postal_code: '1' } },
    })
    expect(wrong.faults.sort()).toEqual([
      'values.channel: not_an_option',
      'values.postal_address.postal_code: postal_code',
    ])
    const right = await join({ values: { channel: 'email', postal_address: address } })
    expect([right.status, right.values.channel]).toEqual([201, 'email'])
    expect(right.values.postal_address).toMatchObject({ country: 'IT', city: 'Roma', region: 'RM' })
    await decide('channel', { asked: 'no', required: false })
    await decide('postal_address', { asked: 'no' })
  })

  it('cannot give what nobody asks, or what only another agreement names', async () => {
    expect((await join({ values: { birth_date: '1980-07-31' } })).faults).toEqual(['values: unknown'])
    await decide('interests', { asked: 'joining' })
    expect((await join({ values: { interests: ['new'] } })).faults).toEqual(['values: unknown'])
    const both = await join({ values: { interests: ['new'] } }, ['service', 'offers'])
    expect(both.values.interests).toEqual(['new'])
  })

  it('gives a telephone number as the catalogue has it', async () => {
    await decide('phone', { required: true })
    expect((await join({})).faults).toEqual(['phone: required'])
    expect((await join({ phone: '347 555 0142' })).values.phone).toBe('+393475550142')
    await decide('phone', { asked: 'no', required: false })
    expect((await join({ phone: '347 555 0142' })).faults).toEqual(['phone: not_asked'])
    expect((await join({})).status).toBe(201)
  })
})
