import { randomBytes, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type KeeperProcess, startKeeper } from '../../test/keeper.ts'
import {
  type LiveGrant,
  type SealedPerson,
  sealPeople,
  takeGrant,
  trailOf,
} from '../../test/sealed-person.ts'
import type { IntakeItem } from './client.ts'
import { hpkeSeal } from './hpke.ts'
import { intakeData } from './intake.ts'
import { type IntakeKey, verifyIntakeKey } from './intake-note.ts'
import { parseVkey } from './note.ts'

let keeper: KeeperProcess
let organisation: string

beforeAll(async () => {
  keeper = await startKeeper()
  organisation = (await keeper.client.status()).organisation
})
afterAll(() => keeper.stop())

const info = Buffer.from('custode intake 1')
const iban = 'IT60X0542811101000000123456'
const rules = { iban: { type: 'iban' }, allergies: { type: 'text', most: 200 } }

async function keyNow(): Promise<IntakeKey> {
  const { note } = await keeper.client.intakeKey()
  const { vkey } = await keeper.client.status()
  return verifyIntakeKey(note, parseVkey(vkey)!)!
}

/** A person with a slot for health data, and a grant of their own. */
async function newPerson(): Promise<{ person: SealedPerson; health: number; grant: LiveGrant }> {
  const [person] = await sealPeople(keeper.client, 1)
  const { from: health } = await keeper.client.lease(1)
  const grant = await takeGrant(keeper.client, [person!], {
    ...{ kind: 'portal', actor: 'customer', fields: ['*'], compartments: ['contact', 'health'] },
  })
  return { person: person!, health, grant }
}

type Sealing = Partial<IntakeItem> & {
  values?: Record<string, unknown>
  alias?: string
  plain?: Buffer
  to?: Buffer
}

/** An envelope as a browser makes it, and what the server says of it. */
async function envelope(
  { person, health }: { person: SealedPerson; health: number },
  { values = { iban, allergies: 'noci' }, alias = person.alias, plain, to, ...about }: Sealing = {},
): Promise<IntakeItem> {
  const key = await keyNow()
  const item = {
    ...{ customer: person.customer, compartment: 'health', row: person.customer, version: 1 },
    ...{ slot: health, trailSlot: person.trail, fields: rules, form: 3 },
    ...{ nonce: randomBytes(16).toString('base64url'), key: key.slot },
  }
  const aad = intakeData(`custode/${organisation}`, alias, {
    ...item,
    fields: new Map(Object.entries(rules)),
  })
  const message = { info, aad, plain: plain ?? Buffer.from(JSON.stringify(values)) }
  const sealed = hpkeSeal(to ?? Buffer.from(key.publicKey, 'base64'), message)
  return { ...item, envelope: sealed, ...about }
}

const boxesIn = (taken: Awaited<ReturnType<KeeperProcess['client']['takeIn']>>): Buffer[] => {
  if ('faults' in taken) throw new Error('faults')
  return taken.boxes
}

describe('an envelope that a browser has sealed', () => {
  it('becomes a box that opens like any other, and nothing of it comes back', async () => {
    const ana = await newPerson()
    const item = await envelope(ana)
    const [box] = boxesIn(await keeper.client.takeIn(ana.grant, [item]))
    expect(box!.includes('noci')).toBe(false)
    const { customer, compartment, row, version } = item
    const [opened] = await keeper.client.open({
      ...{ ...ana.grant, fields: ['*'], items: [{ customer, compartment, row, version, box: box! }] },
    })
    expect(opened!.values).toMatchObject({
      iban: { value: iban, source: 'customer', sealed: true },
      allergies: { value: 'noci' },
    })
  })

  it('may be sealed by another implementation of RFC 9180', async () => {
    const ana = await newPerson()
    const suite = new CipherSuite({
      kem: new DhkemX25519HkdfSha256(),
      kdf: new HkdfSha256(),
      aead: new Aes256Gcm(),
    })
    const key = await keyNow()
    const item = await envelope(ana)
    const aad = intakeData(`custode/${organisation}`, ana.person.alias, {
      ...item,
      fields: new Map(Object.entries(rules)),
    })
    const publicKey = await suite.kem.deserializePublicKey(
      new Uint8Array(Buffer.from(key.publicKey, 'base64')).buffer,
    )
    const sender = await suite.createSenderContext({
      recipientPublicKey: publicKey,
      info: new Uint8Array(info).buffer,
    })
    const plain = new TextEncoder().encode(JSON.stringify({ iban, allergies: 'noci' }))
    const ct = await sender.seal(plain.buffer as ArrayBuffer, new Uint8Array(aad).buffer)
    const sealed = Buffer.concat([Buffer.from(sender.enc), Buffer.from(ct)])
    expect(boxesIn(await keeper.client.takeIn(ana.grant, [{ ...item, envelope: sealed }]))).toHaveLength(1)
  })

  it('changes what it names in the box before, and leaves the rest', async () => {
    const ana = await newPerson()
    const [first] = boxesIn(await keeper.client.takeIn(ana.grant, [await envelope(ana)]))
    const values = { iban: null, allergies: 'noci, latte' }
    const next = await envelope(ana, { values, version: 2, box: first! })
    const [second] = boxesIn(await keeper.client.takeIn(ana.grant, [next]))
    const { customer, compartment, row } = next
    const [opened] = await keeper.client.open({
      ...{ ...ana.grant, fields: ['*'], items: [{ customer, compartment, row, version: 2, box: second! }] },
    })
    expect(Object.keys(opened!.values)).toEqual(['allergies'])
    const skipped = await envelope(ana, { values, version: 3, box: first! })
    await expect(keeper.client.takeIn(ana.grant, [skipped])).rejects.toMatchObject({ code: 'bad_box' })
  })

  it('is judged by the keeper: a fault is told by its field, and no box is made', async () => {
    const ana = await newPerson()
    for (const [values, faults] of [
      [{ iban: 'IT60X0542811101000000123457', allergies: 'noci' }, [{ field: 'iban', code: 'iban_check' }]],
      [{ iban, allergies: 'x'.repeat(201) }, [{ field: 'allergies', code: 'too_long' }]],
      [
        { iban, allergies: 'la mia carta è 4111 1111 1111 1111' },
        [{ field: 'allergies', code: 'card_number' }],
      ],
      [{ iban, allergies: 'il mio CVV è 123' }, [{ field: 'allergies', code: 'security_code' }]],
      [
        { iban: 7, allergies: ['noci'] },
        [
          { field: 'iban', code: 'iban_check' },
          { field: 'allergies', code: 'required' },
        ],
      ],
    ] as const)
      expect(await keeper.client.takeIn(ana.grant, [await envelope(ana, { values })])).toEqual({ faults })
  })

  it('is taken once', async () => {
    const ana = await newPerson()
    const item = await envelope(ana)
    await keeper.client.takeIn(ana.grant, [item])
    await expect(keeper.client.takeIn(ana.grant, [item])).rejects.toMatchObject({ code: 'malformed' })
  })

  it.each([
    ['another customer', (): Sealing => ({ alias: 'K9-0Z' })],
    ['another form', (): Sealing => ({ form: 4 })],
    ['another form’s session', (): Sealing => ({ nonce: randomBytes(16).toString('base64url') })],
    ['another compartment', (): Sealing => ({ compartment: 'contact' })],
    ['other fields', (): Sealing => ({ fields: { iban: { type: 'iban' } } })],
    ['other rules', (): Sealing => ({ fields: { ...rules, allergies: { type: 'text', most: 201 } } })],
    ['another key', (): Sealing => ({ to: randomBytes(32) })],
  ])('that was sealed for %s is refused', async (_what, changed) => {
    const ana = await newPerson()
    const item = await envelope(ana, changed())
    await expect(keeper.client.takeIn(ana.grant, [item])).rejects.toMatchObject({ code: 'malformed' })
  })

  it.each([
    ['no JSON', Buffer.from('{')],
    ['a list', Buffer.from('[]')],
    ['a field more', Buffer.from(JSON.stringify({ iban, allergies: 'noci', cvv: '123' }))],
    ['a field less', Buffer.from(JSON.stringify({ iban }))],
    ['nothing', Buffer.alloc(0)],
  ])('that holds %s is refused, and what it held is not told', async (_what, plain) => {
    const ana = await newPerson()
    const refusal = keeper.client.takeIn(ana.grant, [await envelope(ana, { plain })])
    await expect(refusal).rejects.toMatchObject({ code: 'malformed' })
    await expect(refusal).rejects.not.toThrow(/noci|IT60/)
  })

  it('opens into the trail of its customer alone, whatever alias a server gives somebody else', async () => {
    const [ana, eve] = [await newPerson(), await newPerson()]
    const item = await envelope(ana)
    const disguised = await takeGrant(keeper.client, [{ ...eve.person, alias: ana.person.alias }], {
      ...{ kind: 'portal', actor: 'customer', fields: ['*'], compartments: ['contact', 'health'] },
    })
    const redirected = { ...item, customer: eve.person.customer, row: eve.person.customer, slot: eve.health }
    await expect(
      keeper.client.takeIn(disguised, [{ ...redirected, trailSlot: eve.person.trail }]),
    ).rejects.toMatchObject({ code: 'malformed' })
  })

  it('is judged once: a fault uses it up, so nobody learns by trying what it holds', async () => {
    const ana = await newPerson()
    const item = await envelope(ana, { values: { iban: 'IT00', allergies: 'noci' } })
    expect(await keeper.client.takeIn(ana.grant, [item])).toHaveProperty('faults')
    await expect(keeper.client.takeIn(ana.grant, [item])).rejects.toMatchObject({ code: 'malformed' })
    const twice = await envelope(ana)
    const other = { ...twice, row: randomUUID() }
    await expect(keeper.client.takeIn(ana.grant, [twice, other])).rejects.toMatchObject({ code: 'malformed' })
  })

  it('below what the log knows of its row makes no box, for none would open', async () => {
    const ana = await newPerson()
    const item = await envelope(ana)
    const { customer, slot, row, trailSlot } = item
    const body = {
      kind: 'value',
      act: randomUUID(),
      actor: 'customer',
      subject: ana.person.alias,
      result: 'done',
    }
    const floors = [{ customer, row, slot, version: 3 }]
    await keeper.client.append([{ id: randomUUID(), number: 1, trailSlot, body, floors }])
    await expect(keeper.client.takeIn(ana.grant, [item])).rejects.toMatchObject({ code: 'superseded' })
  })

  it('is taken under a live grant of its customer alone', async () => {
    const [ana, bea] = [await newPerson(), await newPerson()]
    const item = await envelope(ana)
    await expect(keeper.client.takeIn(bea.grant, [item])).rejects.toMatchObject({ code: 'outside_grant' })
    const hidden = { ...item, trailSlot: bea.person.trail }
    await expect(keeper.client.takeIn(ana.grant, [hidden])).rejects.toMatchObject({ code: 'outside_grant' })
    await keeper.client.revokeGrant(ana.grant.grant, 'customer')
    await expect(keeper.client.takeIn(ana.grant, [item])).rejects.toMatchObject({ code: 'grant_ended' })
  })

  it('is not opened by rules that were added on its way, such as a card’s whole number', async () => {
    const ana = await newPerson()
    const item = await envelope(ana, { fields: { ...rules, pan: { type: 'card_number' } } })
    await expect(keeper.client.takeIn(ana.grant, [item])).rejects.toMatchObject({ code: 'malformed' })
  })
})

describe('the key to which browsers seal', () => {
  it('is vouched for by the key of the log, the same for everybody, and its making is in the log', async () => {
    const [one, two] = [await keyNow(), await keyNow()]
    expect(one).toEqual(two)
    expect(one.until - Date.now()).toBeGreaterThan(23 * 3_600_000)
    const { note } = await keeper.client.intakeKey()
    const { vkey } = await keeper.client.status()
    expect(
      verifyIntakeKey(note.replace(one.publicKey, randomBytes(32).toString('base64')), parseVkey(vkey)!),
    ).toBeNull()
    const { records } = await keeper.client.records(0, 2000)
    expect(records.filter(record => record.kind === 'intake').length).toBeGreaterThan(0)
  })

  it('seals nothing else: no box is made under it', async () => {
    const { person } = await newPerson()
    const { slot } = await keyNow()
    const item = {
      customer: person.customer,
      compartment: 'contact',
      row: person.row,
      version: 1,
      values: {},
    }
    await expect(keeper.client.seal([{ ...item, slot, trailSlot: person.trail }])).rejects.toMatchObject({
      code: 'subject_slot',
    })
  })

  it('is nobody’s trail', async () => {
    const { slot } = await keyNow()
    const { person } = await newPerson()
    const body = { kind: 'value', act: randomUUID(), actor: 'customer', subject: 'K1-1', result: 'done' }
    await expect(
      keeper.client.append([{ id: randomUUID(), number: 1, trailSlot: slot, body }]),
    ).rejects.toMatchObject({ code: 'subject_slot' })
    await expect(takeGrant(keeper.client, [{ ...person, trail: slot }])).rejects.toMatchObject({
      code: 'subject_slot',
    })
  })

  it('is destroyed first, however many slots wait', async () => {
    const { person } = await newPerson()
    const key = await keyNow()
    const { from } = await keeper.client.lease(16_000)
    const slots = Array.from({ length: 16_000 }, (_, at) => from + at)
    for (let at = 0; at < slots.length; at += 8000)
      await keeper.client.shred({
        ...{ act: randomUUID(), actor: 'system', reason: 'withdrawal', slots: slots.slice(at, at + 8000) },
        subject: { trailSlot: person.trail, alias: person.alias },
      })
    expect((await keeper.client.roll()).slots).toContain(key.slot)
    await keeper.client.roll()
  }, 60_000)

  it('that a roll destroys while it is made is never told', async () => {
    for (let round = 0; round < 15; round++) {
      const { person, health } = await newPerson()
      await keeper.client.shred({
        ...{ act: randomUUID(), actor: 'customer', reason: 'withdrawal', slots: [health] },
        subject: { trailSlot: person.trail, alias: person.alias },
      })
      const [roll, key] = await Promise.all([keeper.client.roll(), keyNow()])
      const next = await keyNow()
      if (roll.slots.includes(key.slot)) expect(next.slot).not.toBe(key.slot)
    }
  }, 60_000)

  it('dies with the next roll that destroys something, and what was recorded under it opens nowhere', async () => {
    const [ana, bea] = [await newPerson(), await newPerson()]
    const recorded = await envelope(ana)
    const before = await keyNow()
    await keeper.client.shred({
      ...{
        act: randomUUID(),
        actor: 'customer',
        reason: 'withdrawal',
        slots: [bea.health, bea.person.contact],
      },
      subject: { trailSlot: bea.person.trail, alias: bea.person.alias },
    })
    const { slots } = await keeper.client.roll()
    expect(slots).toContain(before.slot)
    await expect(keeper.client.takeIn(ana.grant, [recorded])).rejects.toMatchObject({ code: 'intake_key' })
    expect((await keyNow()).slot).not.toBe(before.slot)
    expect(boxesIn(await keeper.client.takeIn(ana.grant, [await envelope(ana)]))).toHaveLength(1)
  })

  it('stays when a roll has nothing to destroy', async () => {
    const before = await keyNow()
    await keeper.client.roll()
    expect(await keyNow()).toEqual(before)
  })

  it('dies with its keeper: the next one opens nothing that was sealed for the one before', async () => {
    const ana = await newPerson()
    const recorded = await envelope(ana)
    const before = await keyNow()
    await keeper.kill()
    keeper = await keeper.restart()
    await expect(keeper.client.takeIn(ana.grant, [recorded])).rejects.toMatchObject({ code: 'intake_key' })
    expect((await keyNow()).slot).not.toBe(before.slot)
    await expect.poll(() => keeper.client.rollWaiting(), { timeout: 15_000 }).toBeGreaterThan(0)
    expect((await keeper.client.roll()).slots).toContain(before.slot)
  }, 30_000)

  it('is asked for by many at once and made once', async () => {
    await keeper.kill()
    keeper = await keeper.restart()
    const keys = await Promise.all(Array.from({ length: 20 }, () => keyNow()))
    expect(new Set(keys.map(key => key.slot)).size).toBe(1)
  })

  it('is told, and what was sealed under it lies, in no file and no answer of the keeper in plain', async () => {
    const ana = await newPerson()
    const marker = `marker-${randomUUID()}`
    await keeper.client.takeIn(ana.grant, [await envelope(ana, { values: { iban, allergies: marker } })])
    expect(JSON.stringify(await trailOf(keeper.client, ana.person))).not.toContain(marker)
    const files = await readdir(keeper.folder, { recursive: true, withFileTypes: true })
    for (const file of files.filter(one => one.isFile())) {
      // A file may go while the keeper works.
      const content = await readFile(join(file.parentPath, file.name)).catch(() => Buffer.alloc(0))
      expect(content.includes(marker)).toBe(false)
    }
  })
})
