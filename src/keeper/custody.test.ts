import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CustodianProcess } from '../../test/custodian.ts'
import { copyKeeper, type KeeperProcess, startKeeper } from '../../test/keeper.ts'
import { type SealedPerson, sealPeople, takeGrant, trailOf } from '../../test/sealed-person.ts'
import { startVaultCustodian } from '../../test/vault-custodian.ts'
import { BookFiles } from './book-files.ts'
import { openBox } from './box.ts'
import { keyOf } from './cipher.ts'
import { keeperArguments, organisationTrail } from './client.ts'
import type { Custodian } from './custodian.ts'
import { Custody } from './custody.ts'
import { FileCustodian } from './file-custodian.ts'
import { pageOf, slotIn } from './page.ts'

// Each of these starts the keeper several times.
const slow = { timeout: 120_000 }

let beside: Awaited<ReturnType<typeof startVaultCustodian>>
let second: CustodianProcess
let keeper: KeeperProcess

beforeEach(async () => {
  beside = await startVaultCustodian()
  second = beside.custodian
  keeper = await startKeeper()
  keeper = await keeper.restart({ custodians: both() })
})

afterEach(async () => {
  await keeper.kill()
  await beside.end()
})

const alone = (name = 'custodian') => [`file:${join(keeper.folder, name)}`]
const both = () => [...alone(), `vault-transit@${second.socket}`]

const shred = (person: SealedPerson) =>
  keeper.client.shred({
    ...{ act: randomUUID(), subject: { trailSlot: person.trail, alias: person.alias } },
    ...{ actor: 'customer', slots: [person.contact], reason: 'withdrawal' },
  })

async function erase(person: SealedPerson) {
  await shred(person)
  return (await keeper.client.roll()).custodians
}

/** Whether a thief with an old copy of the keybook and this custodian opens the box. */
async function opens(folder: string, custodian: Custodian, person: SealedPerson): Promise<boolean> {
  const files = await BookFiles.open(join(folder, 'book'))
  const [epoch] = await files.epochs()
  const book = await files.readDirectory(epoch!, custodian).catch(() => null)
  if (book === null) return false
  const key = keyOf(Buffer.from(slotIn(await files.readPage(book, pageOf(person.contact)), person.contact)))
  const { organisation } = book
  openBox(key, { organisation, trail: person.trail, ...person.box }, Buffer.from(person.box.box), 0)
  return true
}

const leftOut = async () => (await keeper.client.status()).leftOut

/** Runs the keeper for one statement; with which code it ended and what it said. */
async function retire(id: string, statement: string): Promise<{ code: number | null; said: string }> {
  await keeper.stop()
  const site = { folder: keeper.folder, socket: `${keeper.folder}.sock`, custodians: alone() }
  const args = [...keeperArguments(site), '--retire', JSON.stringify({ id, statement })]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    said += text
  })
  const code = await new Promise<number | null>(resolve => child.on('close', resolve))
  keeper = await startKeeper({ folder: keeper.folder, custodians: alone() })
  return { code, said }
}

test(
  'what is erased while a custodian is left out stays open, until it is configured again and has destroyed its key',
  slow,
  async () => {
    const [ana, bea] = await sealPeople(keeper.client, 2)
    await keeper.stop()
    const stolen = await copyKeeper(keeper.folder)
    keeper = await startKeeper({ folder: keeper.folder, custodians: alone() })
    const told = await erase(ana!)
    // The attack: nobody has asked it, so it opens the old copy still.
    expect(await opens(stolen, second.client, ana!)).toBe(true)
    const [open, ...more] = await leftOut()
    expect(more).toEqual([])
    expect(open).toMatchObject({ id: 'vault-transit', kind: 'vault-transit', ended: null })
    expect(told).toEqual([
      expect.objectContaining({ id: 'file', state: 'destroyed' }),
      {
        ...{ id: 'vault-transit', kind: 'vault-transit', state: 'left-out' },
        ...{ at: open!.since, method: 'never-asked' },
      },
    ])
    expect(keeper.said()).toContain('the custodian vault-transit was left out with a key of the keybook')
    keeper = await keeper.restart({ custodians: alone() })
    expect(await leftOut()).toEqual([open])
    keeper = await keeper.restart({ custodians: both() })
    expect(await opens(stolen, second.client, ana!)).toBe(false)
    expect(await leftOut()).toEqual([
      { ...open, ended: expect.objectContaining({ id: 'vault-transit', state: 'destroyed' }) },
    ])
    expect((await erase(bea!)).map(one => [one.id, one.state])).toEqual([
      ['file', 'destroyed'],
      ['vault-transit', 'destroyed'],
    ])
    expect(await leftOut()).toHaveLength(1)
  },
)

test('another custodian under the same name does not pass for the one it replaced', slow, async () => {
  const [ana, bea] = await sealPeople(keeper.client, 2)
  keeper = await keeper.restart({ custodians: both() })
  await keeper.stop()
  const stolen = await copyKeeper(keeper.folder)
  const elsewhere = () => [...alone('other'), both()[1]!]
  keeper = await startKeeper({ folder: keeper.folder, custodians: elsewhere() })
  const told = await erase(ana!)
  const file = await FileCustodian.open(join(keeper.folder, 'custodian'), Date.now)
  expect(await opens(stolen, file, ana!)).toBe(true)
  expect(told.map(one => [one.id, one.state])).toEqual([
    ['file', 'destroyed'],
    ['vault-transit', 'destroyed'],
    ['file', 'left-out'],
  ])
  // The first one again: its key goes, and now the other is the one that was left out.
  keeper = await keeper.restart({ custodians: both() })
  expect(await opens(stolen, file, ana!)).toBe(false)
  expect((await leftOut()).map(({ id, ended }) => [id, ended?.state])).toEqual([
    ['file', 'destroyed'],
    ['file', undefined],
  ])
  expect((await erase(bea!)).map(one => [one.id, one.state])).toEqual([
    ['file', 'destroyed'],
    ['vault-transit', 'destroyed'],
    ['file', 'left-out'],
  ])
})

test('whoever was left out and is back before anything was destroyed has missed nothing', slow, async () => {
  const [ana] = await sealPeople(keeper.client, 1)
  keeper = await keeper.restart({ custodians: alone() })
  expect(await leftOut()).toMatchObject([{ id: 'vault-transit', ended: null }])
  keeper = await keeper.restart({ custodians: both() })
  expect(await leftOut()).toMatchObject([{ id: 'vault-transit', ended: { state: 'destroyed' } }])
  expect((await erase(ana!)).map(one => one.state)).toEqual(['destroyed', 'destroyed'])
})

test(
  'a person’s statement closes it, is in the log, and is named in every destruction from then on',
  slow,
  async () => {
    const [ana, bea] = await sealPeople(keeper.client, 2)
    keeper = await keeper.restart({ custodians: alone() })
    await erase(ana!)
    const unknown = await retire('pkcs11', 'paper-12')
    expect(unknown).toMatchObject({ code: 1, said: expect.stringContaining('was left out') })
    expect(await retire('vault-transit', 'with blanks')).toMatchObject({ code: 1 })
    expect(await retire('vault-transit', 'paper-12')).toEqual({ code: 0, said: '' })
    const [one] = await leftOut()
    const stated = {
      id: 'vault-transit',
      state: 'stated',
      method: 'destroyed-by-hand',
      statement: 'paper-12',
    }
    expect(one?.ended).toMatchObject(stated)
    for (const person of [bea!, ...(await sealPeople(keeper.client, 1))]) {
      expect((await erase(person))[1]).toMatchObject(stated)
    }
    const grant = await takeGrant(keeper.client, [], {
      ...{ kind: 'job', fields: ['*'], compartments: ['trail'], purpose: 'destruction' },
    })
    const { entries } = await keeper.client.entries({ ...grant, trailSlot: organisationTrail })
    const told = entries.map(entry => JSON.parse(entry.body)).filter(body => body.kind === 'custodian')
    expect(told.map(body => [body.actor, body.result])).toEqual([
      ['keeper', 'left-out'],
      ['operator', 'stated'],
    ])
    // A statement that was wrong is put right when the key is seen after all.
    keeper = await keeper.restart({ custodians: both() })
    expect(await leftOut()).toMatchObject([{ ended: { state: 'destroyed' } }])
  },
)

test(
  'a roll that is cut off and ended without a custodian does not say that it destroyed',
  slow,
  async () => {
    const [ana] = await sealPeople(keeper.client, 1)
    await keeper.stop()
    const env = { CUSTODE_KEEPER_DIES_AT: 'roll.custodian-destroyed' }
    keeper = await startKeeper({ folder: keeper.folder, custodians: both(), env })
    await shred(ana!)
    await expect(keeper.client.roll()).rejects.toMatchObject({ code: 'unavailable' })
    await keeper.ended
    const stolen = await copyKeeper(keeper.folder)
    keeper = await startKeeper({ folder: keeper.folder, custodians: alone() })
    expect(await keeper.client.status()).toMatchObject({ waiting: 0, epoch: 2 })
    expect(await opens(stolen, second.client, ana!)).toBe(true)
    expect(await leftOut()).toMatchObject([{ id: 'vault-transit', ended: null }])
    keeper = await keeper.restart({ custodians: both() })
    expect(await opens(stolen, second.client, ana!)).toBe(false)
    expect(await leftOut()).toMatchObject([{ ended: { state: 'destroyed' } }])
  },
)

test.each(['start.epoch-destroyed', 'start.settled'])(
  'a crash at %s, while a custodian that came back destroys, is not forgotten',
  slow,
  async step => {
    const [ana] = await sealPeople(keeper.client, 1)
    keeper = await keeper.restart({ custodians: alone() })
    await erase(ana!)
    await keeper.stop()
    const dying = { folder: keeper.folder, custodians: both(), env: { CUSTODE_KEEPER_DIES_AT: step } }
    await expect(startKeeper(dying)).rejects.toMatchObject({ code: null })
    keeper = await startKeeper({ folder: keeper.folder, custodians: both() })
    expect(await leftOut()).toMatchObject([{ ended: { state: 'destroyed' } }])
    expect(await trailOf(keeper.client, ana!)).not.toEqual([])
  },
)

test('one that was left out twice in the same epoch ends twice', () => {
  const custody = new Custody()
  const told = (more: object) => custody.replay({ custodian: { id: 'file', epoch: 3, ...more } })
  const gone = { id: 'file', kind: 'file', state: 'destroyed', at: '2026-02-01T00:00:00.000Z', method: 'x' }
  told({ since: '2026-01-01T00:00:00.000Z', how: 'absent' })
  // It came back as another one: still the same key that is missing.
  told({ since: '2026-01-02T00:00:00.000Z', how: 'replaced' })
  expect(custody.open()).toHaveLength(1)
  told({ since: '2026-01-03T00:00:00.000Z', how: 'replaced' })
  expect(custody.open()).toHaveLength(2)
  told({ ended: gone })
  expect(custody.open()).toHaveLength(1)
  told({ ended: gone })
  expect(custody.evidence()).toEqual([])
})
