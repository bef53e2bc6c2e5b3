import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CustodianProcess } from '../../test/custodian.ts'
import { FakeKms } from '../../test/fakes/kms.ts'
import { type KeeperProcess, startKeeper } from '../../test/keeper.ts'
import { type SealedPerson, sealPeople, takeGrant } from '../../test/sealed-person.ts'
import { organisationTrail } from './client.ts'
import type { CustodianEvidence } from './requests.ts'
import { WaitingPeriods } from './waiting-periods.ts'

// Each of these starts the keeper several times.
const slow = { timeout: 120_000 }
const day = 86_400_000

let kms: FakeKms
let custodian: CustodianProcess
let keeper: KeeperProcess

beforeEach(async () => {
  kms = await FakeKms.start()
  // Its clock begins in 2026; the keeper goes by the machine's.
  kms.passDays(Math.ceil((Date.now() - Date.parse('2026-01-01')) / day))
  custodian = await startCustodian(30)
  keeper = await startKeeper({ custodians: [`aws-kms@${custodian.socket}`] })
})

afterEach(async () => {
  await keeper.kill()
  await custodian.end()
  await kms.end()
})

async function startCustodian(days: number): Promise<CustodianProcess> {
  const environment = { ...kms.environment, CUSTODE_KMS_WAITING_DAYS: String(days) }
  const process = new CustodianProcess('aws-kms', environment)
  if (!(await process.start())) throw new Error(process.said)
  return process
}

const shred = (person: SealedPerson) =>
  keeper.client.shred({
    ...{ act: randomUUID(), subject: { trailSlot: person.trail, alias: person.alias } },
    ...{ actor: 'customer', slots: [person.contact], reason: 'withdrawal' },
  })

/** The evidence of the newest roll as the log has it. */
async function newestEvidence(): Promise<CustodianEvidence[]> {
  const grant = await takeGrant(keeper.client, [], {
    ...{ kind: 'job', fields: ['*'], compartments: ['trail'], purpose: 'destruction' },
  })
  const { entries } = await keeper.client.entries({ ...grant, trailSlot: organisationTrail })
  const bodies = entries.map(entry => JSON.parse(entry.body))
  return bodies.findLast(body => body.kind === 'rolled').detail.custodians
}

const daysUntil = (one: CustodianEvidence) => Math.round((Date.parse(one.at) - Date.now()) / day)

test(
  'a key that is only scheduled when a crash cuts the roll off is not called destroyed',
  slow,
  async () => {
    const [ana] = await sealPeople(keeper.client, 1)
    keeper = await keeper.restart({ env: { CUSTODE_KEEPER_DIES_AT: 'roll.settled' } })
    await shred(ana!)
    await expect(keeper.client.roll()).rejects.toMatchObject({ code: 'unavailable' })
    await keeper.ended
    keeper = await keeper.restart()
    expect((await keeper.client.status()).waiting).toBe(0)
    const [told, ...others] = await newestEvidence()
    expect(others).toEqual([])
    expect(told).toMatchObject({ id: 'aws-kms', state: 'scheduled' })
    expect(daysUntil(told!)).toBeGreaterThan(28)
  },
)

test('an erasure waits for a longer period of an earlier roll too, also after a restart', slow, async () => {
  const [ana, bea] = await sealPeople(keeper.client, 2)
  await shred(ana!)
  await keeper.client.roll()
  await keeper.stop()
  await custodian.end()
  custodian = await startCustodian(7)
  keeper = await startKeeper({ folder: keeper.folder, custodians: [`aws-kms@${custodian.socket}`] })
  await shred(bea!)
  const { custodians } = await keeper.client.roll()
  expect(custodians.map(one => [one.id, one.state, one.method])).toEqual([
    ['aws-kms', 'scheduled', 'aws-kms-schedule-deletion'],
    ['aws-kms', 'scheduled', 'scheduled-by-an-earlier-roll'],
  ])
  expect(daysUntil(custodians[0]!)).toBeLessThan(10)
  expect(daysUntil(custodians[1]!)).toBeGreaterThan(28)
})

test('an erasure waits for a custodian that is no longer configured', slow, async () => {
  const [ana, bea] = await sealPeople(keeper.client, 2)
  const both = [`aws-kms@${custodian.socket}`, `file:${keeper.folder}/custodian`]
  keeper = await keeper.restart({ custodians: both })
  await shred(ana!)
  await keeper.client.roll()
  keeper = await keeper.restart({ custodians: [both[1]!] })
  await shred(bea!)
  const { custodians } = await keeper.client.roll()
  expect(custodians.map(one => [one.id, one.state])).toEqual([
    ['file', 'destroyed'],
    ['aws-kms', 'left-out'],
    ['aws-kms', 'scheduled'],
  ])
})

test('a waiting period that is over, or that the same custodian has told anew, is named no more', () => {
  const periods = new WaitingPeriods()
  const scheduled = (id: string, at: string) => ({
    ...{ id, kind: id, state: 'scheduled' as const, method: 'x', at },
  })
  periods.replay({ rolled: { epoch: 2, slots: [], scheduled: [scheduled('a', '2026-02-01T00:00:00Z')] } })
  periods.replay({ rolled: { epoch: 3, slots: [] } })
  const named = (told: CustodianEvidence[], now: string) =>
    periods.evidence(told, Date.parse(now)).map(one => one.id)
  expect(named([], '2026-01-31T00:00:00Z')).toEqual(['a'])
  expect(named([], '2026-02-01T00:00:00Z')).toEqual([])
  expect(named([scheduled('a', '2026-02-01T00:00:00Z')], '2026-01-31T00:00:00Z')).toEqual([])
  expect(named([scheduled('b', '2026-03-01T00:00:00Z')], '2026-01-31T00:00:00Z')).toEqual(['a'])
})
