import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { decideAnew } from '../../test/catalogue.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { type Circumstances, SoftwareAuthenticator } from '../../test/passkey.ts'
import { buildWorld, type CustomerInWorld, send, type World } from '../../test/world.ts'
import { checkConsentReceipt } from './consent-receipt-check.ts'

// Agreements that a passkey signs, with an authenticator that signs whatever a test wants signed.

let house: TestHouse
let world: World
const here: Circumstances = { origin: 'http://localhost:8080', rpId: 'localhost', verified: true }

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
})
afterAll(() => house.close())
beforeEach(() => house.clock.advance(60_000))

const offers = { purpose: 'offers', notice_version: 1, language: 'en', despite_signal: false }

/** Somebody who has a passkey. */
async function keyed() {
  const who = await world.join({ purposes: ['service'] })
  const key = new SoftwareAuthenticator()
  const { id: challenge, options } = (await send(house, 'POST', '/portal/passkey-challenges', who, {})).body
  const made = { challenge, kept_on: 'phone', response: key.register(options, here) }
  const { status, body } = await send(house, 'POST', '/portal/passkeys', who, made)
  expect(status).toBe(201)
  return { who, key, passkey: body.id as string }
}
const askFor = async (who: CustomerInWorld, intent: object = offers) =>
  (await send(house, 'POST', '/portal/consent-challenges', who, intent)).body
const signedBy = (
  key: SoftwareAuthenticator,
  asked: { id: string; options: { challenge: string } },
  lies: Partial<Circumstances> = {},
) => ({ challenge: asked.id, response: key.sign(asked.options, { ...here, ...lies }) })
const agree = (who: CustomerInWorld, signed?: object, intent: object = offers) =>
  send(house, 'POST', '/portal/consents', who, signed === undefined ? intent : { ...intent, signed })
const receiptOf = async (who: CustomerInWorld, id: string) =>
  (await send(house, 'GET', `/portal/consents/${id}/receipt`, who)).body
const outcome = ({ status, body }: { status: number; body: { code?: string } }) => [status, body.code]
const wrong = [401, 'wrong_passkey']

async function signedAgreement() {
  const { who, key, passkey } = await keyed()
  const asked = await askFor(who)
  const given = await agree(who, signedBy(key, asked))
  expect(given.status, JSON.stringify(given.body)).toBe(201)
  return { who, key, passkey, asked, consent: given.body, receipt: await receiptOf(who, given.body.id) }
}

describe('an agreement that a passkey signs', () => {
  it('has a receipt by which anybody sees what was signed, and whose passkey it was', async () => {
    const { consent, asked, receipt, who } = await signedAgreement()
    expect([consent.signature, consent.id]).toEqual(['passkey', asked.id])
    expect(JSON.parse(asked.statement)).toMatchObject({
      ...{ subject: who.alias, purpose: 'offers', fields: consent.fields, notice: 1, language: 'en' },
    })
    expect(checkConsentReceipt(receipt)).toMatchObject({
      ok: true,
      signed: { by: 'passkey', origin: here.origin, key: expect.stringMatching(/^[0-9a-f]{64}$/) },
    })
    expect(JSON.stringify(receipt)).not.toContain(who.name)
  })

  it('is still proven when its passkey is removed', async () => {
    const { who, passkey, consent } = await signedAgreement()
    expect((await send(house, 'DELETE', `/portal/passkeys/${passkey}`, who)).status).toBe(204)
    expect(checkConsentReceipt(await receiptOf(who, consent.id))).toMatchObject({
      ...{ ok: true, signed: { by: 'passkey' } },
    })
  })

  it('to more than before is signed too, and names what it replaces', async () => {
    const { who, key, consent } = await signedAgreement()
    await decideAnew(house, 'channel', { asked: 'portal', purposes: ['service', 'offers'] })
    const { version } = (await send(house, 'GET', '/notice', who)).body
    const intent = { notice_version: version, language: 'en', despite_signal: false }
    const asked = await askFor(who, { ...intent, purpose: 'offers', renews: consent.id })
    const body = { ...intent, signed: signedBy(key, asked) }
    const renewed = await send(house, 'POST', `/portal/consents/${consent.id}/renewals`, who, body)
    expect(renewed.status, JSON.stringify(renewed.body)).toBe(201)
    const verdict = checkConsentReceipt(await receiptOf(who, renewed.body.id))
    expect(verdict).toMatchObject({ ok: true, signed: { by: 'passkey' } })
    expect(checkConsentReceipt(await receiptOf(who, consent.id))).toMatchObject({
      ok: true,
      ended: expect.any(String),
    })
    await decideAnew(house, 'channel', { asked: 'no', purposes: ['service'] })
  })

  it('counts as much without: whoever lets it be agrees all the same, and the receipt says so', async () => {
    const { who } = await keyed()
    offers.notice_version = (await send(house, 'GET', '/notice', who)).body.version
    await askFor(who)
    const given = await agree(who)
    expect([given.status, given.body.signature]).toEqual([201, 'declined'])
    expect(checkConsentReceipt(await receiptOf(who, given.body.id))).toMatchObject({
      ...{ ok: true, signed: { by: 'server', declined: true } },
    })
    const other = await world.join({ purposes: ['service'] })
    const plain = await agree(other)
    expect(plain.body.signature).toBe('none')
    expect(checkConsentReceipt(await receiptOf(other, plain.body.id))).toMatchObject({
      ...{ ok: true, signed: { by: 'server', declined: false } },
    })
    expect(outcome(await send(house, 'POST', '/portal/consent-challenges', other, offers))).toEqual([
      409,
      'conflict',
    ])
  })
})

describe('a signature', () => {
  it('that is sent again is worth nothing, also after the agreement was taken back', async () => {
    const { who, key } = await keyed()
    const signed = signedBy(key, await askFor(who))
    const { body } = await agree(who, signed)
    await send(house, 'POST', `/consents/${body.id}/withdrawals`, who, {})
    expect(outcome(await agree(who, signed))).toEqual(wrong)
  })

  it('of yesterday, of another session, another purpose or another address is refused, and nothing is agreed to', async () => {
    const { who, key } = await keyed()
    const old = signedBy(key, await askFor(who))
    house.clock.advance(6 * 60_000)
    expect(outcome(await agree(who, old))).toEqual(wrong)
    const service = await askFor(who, { ...offers, purpose: 'care' })
    expect(outcome(await agree(who, signedBy(key, service)))).toEqual(wrong)
    for (const lies of [{ origin: 'https://evil.example' }, { rpId: 'evil.example' }, { verified: false }])
      expect(outcome(await agree(who, signedBy(key, await askFor(who), lies)))).toEqual(wrong)
    const proof = (await send(house, 'POST', '/portal/proof-challenges', who, {})).body
    expect(outcome(await agree(who, signedBy(key, proof)))).toEqual(wrong)
    const other = await keyed()
    expect(outcome(await agree(other.who, signedBy(key, await askFor(who))))).toEqual(wrong)
    const { items } = (await send(house, 'GET', '/portal/consents', who)).body
    expect(items.map((one: { purpose: string }) => one.purpose)).toEqual(['service'])
  })

  it('by the passkey of another customer is refused', async () => {
    const { who } = await keyed()
    const other = await keyed()
    expect(outcome(await agree(who, signedBy(other.key, await askFor(who))))).toEqual(wrong)
  })

  it('of what was asked before the company asked for more is refused', async () => {
    const { who, key } = await keyed()
    const signed = signedBy(key, await askFor(who))
    await decideAnew(house, 'channel', { asked: 'portal', purposes: ['service', 'offers'] })
    const { version } = (await send(house, 'GET', '/notice', who)).body
    offers.notice_version = version
    expect(outcome(await agree(who, signed))).toEqual(wrong)
    expect((await agree(who)).status).toBe(201)
  })

  it('cannot be claimed: PostgreSQL refuses an agreement that says it is signed and is not', async () => {
    const { who } = await keyed()
    const claimed = house.database.transaction(tx =>
      tx.query(
        `insert into consent (id, subject, purpose, notice_version, language, evidence, given_at, recorded_at, signature)
         values (gen_random_uuid(), $1, 'offers', 1, 'en', 'portal', now(), now(), 'passkey')`,
        [who.id],
      ),
    )
    await expect(claimed).rejects.toThrow('the signature of this agreement is missing')
  })
})

describe('a receipt that lies about what was signed', () => {
  it('is not genuine, whatever of it was changed', async () => {
    const { receipt } = await signedAgreement()
    const other = await signedAgreement()
    const record = receipt['dpv:hasRecordOfActivity']
    const proof = receipt['custode:proof']
    const { signature } = proof
    const withSignature = (part: object) => ({
      ...receipt,
      'custode:proof': { ...proof, signature: { ...signature, ...part } },
    })
    const more = JSON.stringify({ ...JSON.parse(signature.statement), fields: ['email', 'iban', 'name'] })
    const lies: [string, object][] = [
      ['other fields than were signed', withSignature({ statement: more })],
      ['another signature', withSignature({ signature: 'AAAA' })],
      ['another key', withSignature({ publicKey: other.receipt['custode:proof'].signature.publicKey })],
      ['all of another’s', withSignature(other.receipt['custode:proof'].signature)],
      ['no entry of the passkey', withSignature({ passkey: null })],
      [
        'the entry of another passkey',
        withSignature({ passkey: other.receipt['custode:proof'].signature.passkey }),
      ],
      ['no signature', { ...receipt, 'custode:proof': { ...proof, signature: null } }],
      [
        'no signature, and none claimed',
        {
          ...receipt,
          'custode:proof': { ...proof, signature: null },
          'dpv:hasRecordOfActivity': { ...record, 'custode:signedBy': 'server' },
        },
      ],
    ]
    expect(checkConsentReceipt(receipt).ok).toBe(true)
    for (const [what, lie] of lies) expect(checkConsentReceipt(lie).ok, what).toBe(false)
  })

  it('is found out also where the log itself was written by whoever lies', async () => {
    const { checkSignature } = await import('./consent-signature-check.ts')
    const { signatureDigest } = await import('../collection/consent-statement.ts')
    const { receipt } = await signedAgreement()
    const { signature, given } = receipt['custode:proof']
    const body = JSON.parse(given.entry.body)
    const added = JSON.parse(signature.passkey.entry.body)
    expect(checkSignature(signature, body, added)).toMatchObject({ by: 'passkey' })
    const more = { ...body, fields: [...body.fields, 'phone'] }
    expect(checkSignature(signature, more, added)).toEqual({ what: 'its signature: it is for other fields' })
    const statement = JSON.stringify({ ...JSON.parse(signature.statement), fields: [...more.fields].sort() })
    const forged = { ...signature, statement }
    const entry = { ...more, detail: { ...more.detail, signature: signatureDigest(forged) } }
    expect(checkSignature(forged, entry, added)).toEqual({
      what: 'its signature: another statement was signed',
    })
    const later = { ...added, seq: body.seq + 1 }
    expect(checkSignature(signature, body, later)).toHaveProperty('what')
    for (const key of ['signature', 'authenticatorData'] as const) {
      const broken = { ...signature, [key]: `${signature[key].slice(0, -4)}AAAA` }
      const known = { ...body, detail: { ...body.detail, signature: signatureDigest(broken) } }
      expect(checkSignature(broken, known, added), key).toHaveProperty('what')
    }
  })
})
