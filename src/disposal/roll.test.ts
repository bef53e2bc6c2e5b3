import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { CustodianProcess } from '../../test/custodian.ts'
import { newDatabase } from '../../test/database.ts'
import { FakeKms } from '../../test/fakes/kms.ts'
import { FakeVault } from '../../test/fakes/vault.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { startKeeper } from '../../test/keeper.ts'
import { newLeaver } from '../../test/leaver.ts'
import { buildWorld, type World } from '../../test/world.ts'
import { canonical } from '../keeper/checkpoint.ts'
import type { Receipt } from './receipt.ts'
import { checkReceipt } from './receipt-check.ts'
import { resumeErasures } from './resumption.ts'

const slow = { timeout: 120_000 }
const minute = 60_000
const day = 86_400_000

let house: TestHouse
let world: World
const after: (() => Promise<unknown>)[] = []

afterEach(async () => {
  await house.close()
  for (const end of after.splice(0).reverse()) await end()
})

async function openHouseWith(options: { places?: string[]; custodians?: string[] }): Promise<void> {
  const [database, keeper] = await Promise.all([newDatabase(), startKeeper(options)])
  house = await openHouse({ on: { database, keeper } })
  world = await buildWorld(house)
}

const post = (url: string, cookies: Record<string, string>, payload: object = {}) =>
  house.app.inject({ method: 'POST', url: `/api/v1${url}`, cookies, payload })
const get = async (url: string) =>
  (await house.app.inject({ url: `/api/v1${url}`, cookies: world.pia.cookies })).json()

async function leave(): Promise<Receipt> {
  const { cookies } = await newLeaver(house, world)
  return (await post('/portal/withdrawals', cookies, { confirm: true })).json<{ receipt: Receipt }>().receipt
}

const seen = async ({ link }: Receipt) => (await post('/destruction-views', {}, { link })).json()

it('waits at t0 while a place is lost, says so, and goes on a minute after it is back', slow, async () => {
  const place = join(tmpdir(), `custode-place-${process.pid}-${Date.now()}`)
  after.push(() => rm(place, { recursive: true, force: true }))
  await openHouseWith({ places: [place] })
  expect((await get('/office/overview')).keeper).toMatchObject({ places: 2, unreached: [], settled: true })
  await rm(place, { recursive: true })
  await writeFile(place, 'no folder')
  const receipt = await leave()
  expect(receipt.destruction).toMatchObject({ t1: null, t2: null, epoch: null, custodians: [] })
  expect(checkReceipt(receipt)).toMatchObject({ ok: true })

  // Whoever asks for it at once is told that it cannot be now.
  expect((await post('/office/rolls', world.pia.cookies)).statusCode).toBe(503)
  house.clock.advance(minute)
  await resumeErasures(house.house)
  expect(await seen(receipt)).toMatchObject({ t1: null, t2: null })
  const { keeper, erasures } = await get('/office/overview')
  expect(keeper).toMatchObject({ places: 2, unreached: ['place/1'], waiting: receipt.slots.length })
  expect(erasures).toEqual({ total: 1, waiting_t1: 1 })
  expect(JSON.stringify(keeper)).not.toContain(tmpdir())

  await rm(place)
  house.clock.advance(minute)
  await resumeErasures(house.house)
  const { t1, t2 } = await seen(receipt)
  expect(t1).toEqual(expect.any(String))
  expect(t2).toEqual({ at: t1, waits: [] })
  expect((await get('/office/overview')).keeper).toMatchObject({ unreached: [], settled: true, waiting: 0 })
})

it(
  'is final only when the waiting period of a custodian is over, and everybody reads until when',
  slow,
  async () => {
    const kms = await FakeKms.start()
    after.push(() => kms.end())
    // Its clock begins in 2026; the keeper goes by the machine's.
    kms.passDays(Math.ceil((Date.now() - Date.parse('2026-01-01')) / day))
    const custodian = new CustodianProcess('aws-kms', kms.environment)
    if (!(await custodian.start())) throw new Error(custodian.said)
    after.push(() => custodian.end())
    await openHouseWith({ custodians: [`aws-kms@${custodian.socket}`] })
    const receipt = await leave()
    const { t1, t2, custodians } = receipt.destruction
    expect(custodians).toMatchObject([{ id: 'aws-kms', kind: 'aws-kms', state: 'scheduled', at: t2!.at }])
    expect(Date.parse(t2!.at!) - Date.parse(t1!)).toBeGreaterThan(6 * day)
    expect(t2!.waits).toEqual([{ id: 'aws-kms', kind: 'aws-kms', until: t2!.at }])
    expect(checkReceipt(receipt)).toMatchObject({ ok: true })
    expect(await seen(receipt)).toMatchObject({ t1, t2 })
    expect((await get('/office/destructions')).items[0]).toMatchObject({ act: receipt.act, t1, t2 })
    expect((await get('/office/overview')).keeper.custodians).toEqual([{ id: 'aws-kms', kind: 'aws-kms' }])
  },
)

it(
  'is open while a custodian that was left out opens it, and final when that has destroyed its key',
  slow,
  async () => {
    const vault = await FakeVault.start()
    after.push(() => vault.end())
    vault.makeKey('custode')
    const custodian = new CustodianProcess('vault-transit', await vault.environment())
    if (!(await custodian.start())) throw new Error(custodian.said)
    after.push(() => custodian.end())
    await openHouseWith({})
    const file = [`file:${house.keeperProcess.folder}/custodian`]
    const both = [...file, `vault-transit@${custodian.socket}`]
    await house.restartKeeper({ custodians: both })
    await house.restartKeeper({ custodians: file })
    const receipt = await leave()
    const waits = [{ id: 'vault-transit', kind: 'vault-transit', until: null }]
    expect(receipt.destruction).toMatchObject({ t1: expect.any(String), t2: { at: null, waits } })
    expect(checkReceipt(receipt)).toMatchObject({ ok: true })
    expect(await seen(receipt)).toMatchObject({ t2: { at: null, waits } })
    expect((await get('/office/overview')).keeper.left_out).toMatchObject([{ id: 'vault-transit' }])
    // Not even a server that was taken over gets a signature under another t2.
    const { signature: _, public_key, ...said } = receipt
    const { t1 } = said.destruction
    const lie = { ...said, destruction: { ...said.destruction, t2: { at: t1, waits: [] } }, public_key }
    await expect(house.house.keeper.sign(Buffer.from(canonical(lie)))).rejects.toMatchObject({
      ...{ code: 'malformed', why: 'receipt: a custodian was left out' },
    })
    await house.restartKeeper({ custodians: both })
    const { t2, custodians } = await seen(receipt)
    expect(Date.parse(t2.at)).toBeGreaterThan(Date.parse(t1!))
    expect(t2.waits).toEqual([{ id: 'vault-transit', kind: 'vault-transit', until: t2.at }])
    expect(custodians).toMatchObject([{ id: 'file' }, { id: 'vault-transit', state: 'destroyed' }])
    expect((await get('/office/overview')).keeper.left_out).toEqual([])
  },
)
