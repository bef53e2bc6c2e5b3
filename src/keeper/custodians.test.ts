import { randomUUID } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CustodianProcess } from '../../test/custodian.ts'
import { copyKeeper, type KeeperProcess, startKeeper } from '../../test/keeper.ts'
import { type SealedPerson, sealPeople, takeGrant } from '../../test/sealed-person.ts'
import { startVaultCustodian } from '../../test/vault-custodian.ts'

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

/** The file custodian in the keeper's own folder, and the other one. */
const both = (folder = keeper.folder) => [
  `file:${join(folder, 'custodian')}`,
  `vault-transit@${second.socket}`,
]

async function requireOpen(person: SealedPerson): Promise<void> {
  const grant = await takeGrant(keeper.client, [person])
  await keeper.client.open({ ...grant, fields: ['email'], items: [person.box] })
}

const shred = (person: SealedPerson) =>
  keeper.client.shred({
    ...{ act: randomUUID(), subject: { trailSlot: person.trail, alias: person.alias } },
    ...{ actor: 'customer', slots: [person.contact], reason: 'withdrawal' },
  })

const fileEpochs = async (folder = keeper.folder) =>
  (await readdir(join(folder, 'custodian'))).filter(name => name.startsWith('epoch-'))

test(
  'a custodian that is configured later is given the key, and any one opens the keybook',
  slow,
  async () => {
    const [ana] = await sealPeople(keeper.client, 1)
    await keeper.stop()
    await rm(join(keeper.folder, 'custodian'), { recursive: true })
    keeper = await startKeeper({ folder: keeper.folder, custodians: both() })
    await requireOpen(ana!)
    expect(await fileEpochs()).toEqual(['epoch-1'])
    await keeper.stop()
    await second.end()
    keeper = await startKeeper({ folder: keeper.folder, custodians: both() })
    await requireOpen(ana!)
    expect(keeper.said()).toContain('the custodian vault-transit cannot be reached')
  },
)

test(
  'what one custodian cannot destroy is destroyed at none, and stays at t0 until all answer',
  slow,
  async () => {
    const [ana, bea] = await sealPeople(keeper.client, 2)
    await second.end()
    await shred(ana!)
    await expect(keeper.client.roll()).rejects.toMatchObject({ code: 'unavailable' })
    expect(await fileEpochs()).toEqual(['epoch-1'])
    await requireOpen(bea!)
    if (!(await second.start())) throw new Error(second.said)
    const { t1, custodians } = await keeper.client.roll()
    expect(t1).not.toBeNull()
    expect(custodians.map(one => one.id).sort()).toEqual(['file', 'vault-transit'])
    expect(await fileEpochs()).toEqual(['epoch-2'])
    expect(await second.client.list()).toEqual([2])
    await requireOpen(bea!)
  },
)

test('a roll cut off between two custodians goes on when the second answers again', slow, async () => {
  await keeper.stop()
  const env = { CUSTODE_KEEPER_DIES_AT: 'roll.custodian-destroyed' }
  keeper = await startKeeper({ folder: keeper.folder, custodians: both(), env })
  const [ana, bea] = await sealPeople(keeper.client, 2)
  await shred(ana!)
  await expect(keeper.client.roll()).rejects.toMatchObject({ code: 'unavailable' })
  expect(await keeper.ended).toBe('SIGKILL')
  expect(await fileEpochs()).toEqual(['epoch-2'])
  await second.end()
  keeper = await startKeeper({ folder: keeper.folder, custodians: both() })
  await requireOpen(bea!)
  expect(await keeper.client.status()).toMatchObject({
    ...{ waiting: 1, settled: false, unreached: ['custodian/vault-transit'] },
    custodians: [
      { id: 'file', kind: 'file' },
      { id: 'vault-transit', kind: 'vault-transit' },
    ],
  })
  await expect(keeper.client.roll()).rejects.toMatchObject({ code: 'unavailable' })
  if (!(await second.start())) throw new Error(second.said)
  await expect
    .poll(async () => (await keeper.client.status()).waiting, { timeout: 20_000, interval: 500 })
    .toBe(0)
  expect(await second.client.list()).toEqual([2])
  await requireOpen(bea!)
})

test(
  'an old copy of everything, keys included, is not opened while a custodian elsewhere answers',
  slow,
  async () => {
    const [ana] = await sealPeople(keeper.client, 1)
    const old = await copyKeeper(keeper.folder)
    await shred(ana!)
    await keeper.client.roll()
    await keeper.stop()
    await expect(startKeeper({ folder: old, custodians: both(old) })).rejects.toThrow(
      /known|gone back in time/,
    )
    // The documented limit: with nobody else to ask, an old copy of the keys opens the old keybook.
    await second.end()
    keeper = await startKeeper({ folder: old, custodians: both(old) })
    await requireOpen(ana!)
    // And it stops when the other answers again.
    if (!(await second.start())) throw new Error(second.said)
    expect(await keeper.ended).toBe(1)
    expect(keeper.said()).toContain('another keeper has started with the custodian vault-transit')
  },
)

test('an entry that was acknowledged is known to every custodian after a clean end', slow, async () => {
  await sealPeople(keeper.client, 1)
  const { size } = await keeper.client.status()
  await keeper.stop()
  const kept = await second.client.readNewest()
  expect(Number(kept?.note.split('\n')[1])).toBe(size)
  keeper = await startKeeper({ folder: keeper.folder, custodians: both() })
})

test(
  'a keeper that was replaced elsewhere gives no number away, whoever shares nothing else with it',
  slow,
  async () => {
    await keeper.stop()
    const copy = await copyKeeper(keeper.folder)
    keeper = await startKeeper({ folder: keeper.folder, custodians: both() })
    const younger = await startKeeper({ folder: copy, custodians: both(copy) })
    try {
      await expect(keeper.client.lease(10)).rejects.toMatchObject({ code: 'unavailable' })
      expect(await keeper.ended).toBe(1)
      const { from } = await younger.client.lease(10)
      expect(from).toBeGreaterThan(255)
    } finally {
      await younger.kill()
    }
  },
)
