import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decideAnew } from '../../test/catalogue.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { buildWorld, type CustomerInWorld, type World } from '../../test/world.ts'
import { checkConsentReceipt } from './consent-receipt-check.ts'

let house: TestHouse
let world: World
let ana: CustomerInWorld

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
  ana = world.ana
})
afterAll(() => house.close())

const send = async (method: 'GET' | 'POST', path: string, whose = ana, body?: object) => {
  const payload = body === undefined ? {} : { payload: body }
  const response = await house.app.inject({
    ...{ method, url: `/api/v1${path}`, cookies: whose.cookies, ...payload },
  })
  return { status: response.statusCode, body: response.json() }
}
const consentTo = async (purpose: string, whose = ana) => {
  const { items } = (await send('GET', '/portal/consents', whose)).body
  return items.find((one: { purpose: string; withdrawn_at: unknown }) => one.purpose === purpose) as {
    id: string
  }
}
const receiptOf = async (id: string, whose = ana) =>
  (await send('GET', `/portal/consents/${id}/receipt`, whose)).body

describe('the receipt of an agreement', () => {
  it('says in the words of the standard who agreed to what, and proves it by the log', async () => {
    const { id } = await consentTo('service')
    const receipt = await receiptOf(id)
    expect(receipt).toMatchObject({
      '@type': 'dpv:ConsentReceipt',
      'dct:conformsTo': 'https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr',
      'dpv:hasRecordOfActivity': {
        'dpv:hasDataSubject': { 'dct:identifier': ana.alias },
        'dpv:hasLegalBasis': 'eu-gdpr:A6-1-a',
        'dpv:hasNotice': { 'dct:hasVersion': 1, 'dct:language': 'it' },
        'dpv:hasConsentStatus': 'dpv:ConsentGiven',
      },
    })
    expect(checkConsentReceipt(receipt)).toMatchObject({
      ...{ ok: true, consent: id, purpose: 'service', ended: null },
      fields: ['email', 'letter', 'name', 'phone', 'purchase', 'question'],
    })
    expect(JSON.stringify(receipt)).not.toContain(ana.name)
    expect(JSON.stringify(receipt)).not.toContain(ana.email)
  })

  it('says when it was taken back, and proves that too', async () => {
    const lia = await world.join({ purposes: ['service', 'offers'] })
    const { id } = await consentTo('offers', lia)
    const before = await receiptOf(id, lia)
    await send('POST', `/consents/${id}/withdrawals`, lia, {})
    const after = await receiptOf(id, lia)
    expect(checkConsentReceipt(before)).toMatchObject({ ok: true, ended: null })
    expect(checkConsentReceipt(after)).toMatchObject({ ok: true, ended: expect.any(String) })
    const hidden = { ...after, 'custode:proof': { ...after['custode:proof'], ended: null } }
    expect(checkConsentReceipt(hidden).ok).toBe(false)
  })

  it('of one that a newer one replaced says so', async () => {
    const eva = await world.join()
    await decideAnew(house, 'channel', { asked: 'portal' })
    const { id } = await consentTo('service', eva)
    const notice = (await send('GET', '/notice')).body.version
    const renewed = await send('POST', `/portal/consents/${id}/renewals`, eva, {
      notice_version: notice,
      language: 'en',
    })
    expect(checkConsentReceipt(await receiptOf(id, eva))).toMatchObject({
      ok: true,
      ended: expect.any(String),
    })
    const newer = await receiptOf(renewed.body.id, eva)
    expect(checkConsentReceipt(newer)).toMatchObject({ ok: true, ended: null })
    expect(newer['dpv:hasRecordOfActivity']['custode:renews']).toBe(id)
  })

  it('is nobody else’s', async () => {
    const other = await world.join()
    const { id } = await consentTo('service')
    expect((await send('GET', `/portal/consents/${id}/receipt`, other)).status).toBe(404)
  })

  it('that was changed in anything that matters is not genuine', async () => {
    const { id } = await consentTo('service')
    const receipt = await receiptOf(id)
    const record = receipt['dpv:hasRecordOfActivity']
    const process = record['dpv:hasProcess']
    const proof = receipt['custode:proof']
    const changed: [string, object][] = [
      [
        'purpose',
        {
          'dpv:hasRecordOfActivity': {
            ...record,
            'dpv:hasProcess': { ...process, 'custode:purpose': 'offers' },
          },
        },
      ],
      [
        'fields',
        {
          'dpv:hasRecordOfActivity': {
            ...record,
            'dpv:hasProcess': { ...process, 'dpv:hasPersonalData': ['name', 'iban'] },
          },
        },
      ],
      [
        'person',
        { 'dpv:hasRecordOfActivity': { ...record, 'dpv:hasDataSubject': { 'dct:identifier': 'K0-0000' } } },
      ],
      [
        'notice',
        {
          'dpv:hasRecordOfActivity': {
            ...record,
            'dpv:hasNotice': { 'dct:hasVersion': 9, 'dct:language': 'it' },
          },
        },
      ],
      [
        'status',
        { 'dpv:hasRecordOfActivity': { ...record, 'dpv:hasConsentStatus': 'dpv:ConsentWithdrawn' } },
      ],
      ['agreement', { 'dct:identifier': '00000000-0000-4000-8000-000000000000' }],
      [
        'entry',
        { 'custode:proof': { ...proof, given: { ...proof.given, hashes: proof.given.hashes.slice(1) } } },
      ],
      [
        'salt',
        {
          'custode:proof': {
            ...proof,
            given: { ...proof.given, entry: { ...proof.given.entry, salt: 'AAAA' } },
          },
        },
      ],
      [
        'checkpoint',
        { 'custode:proof': { ...proof, checkpoint: proof.checkpoint.replace(/\n\d+\n/, '\n1\n') } },
      ],
    ]
    for (const [what, part] of changed)
      expect(checkConsentReceipt({ ...receipt, ...part }).ok, what).toBe(false)
    expect(checkConsentReceipt(receipt, 'custode/x+00000000+AAAA').ok).toBe(false)
    for (const nonsense of [null, 7, [], {}, { '@type': 'dpv:ConsentReceipt' }])
      expect(checkConsentReceipt(nonsense).ok).toBe(false)
  })
})
