import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CustodianProcess } from '../../test/custodian.ts'
import { FakeKms } from '../../test/fakes/kms.ts'

const aad = Buffer.from('purpose')
let kms: FakeKms
let child: CustodianProcess

beforeEach(async () => {
  kms = await FakeKms.start()
  child = new CustodianProcess('aws-kms', kms.environment)
})
afterEach(async () => {
  await child.end()
  await kms.end()
})

async function start(): Promise<void> {
  if (!(await child.start())) throw new Error(child.said)
}

/** The next call of this name is refused by KMS. */
function failAt(name: string): void {
  kms.meddle = call => {
    if (call !== name) return
    kms.meddle = () => {}
    throw kms.refusal('AccessDeniedException')
  }
}

test('a key ends after the waiting period: until then it is scheduled, unusable and not listed', async () => {
  await start()
  await child.client.createEpoch(1)
  const blob = await child.client.wrap(1, randomBytes(32), aad)
  await child.client.createEpoch(2)
  const told = await child.client.destroy(1)
  expect(told).toEqual({
    state: 'scheduled',
    at: '2026-01-08T00:00:00.000Z',
    method: 'aws-kms-schedule-deletion',
  })
  kms.passDays(3)
  expect(await child.client.destroy(1)).toEqual(told)
  expect(await child.client.list()).toEqual([2])
  await expect(child.client.unwrap(1, blob, aad)).rejects.toThrow(/gone/)
  kms.passDays(5)
  expect(await child.client.destroy(1)).toMatchObject({ state: 'destroyed', method: 'found-gone' })
  await expect(child.client.unwrap(1, blob, aad)).rejects.toThrow(/gone/)
})

test('a deletion that somebody cancels is seen, and scheduled again', async () => {
  await start()
  await child.client.createEpoch(1)
  await child.client.createEpoch(2)
  await child.client.destroy(1)
  kms.cancelDeletions()
  expect(await child.client.list()).toEqual([1, 2])
  expect(await child.client.destroy(1)).toMatchObject({ state: 'scheduled' })
  expect(await child.client.list()).toEqual([2])
})

test('aliases that are not seen yet are no hindrance to who made them', async () => {
  kms.lag = 1_000_000
  await start()
  await child.client.writeNewest({ version: 1, fence: 1, note: 'a' })
  await child.client.createEpoch(1)
  const key = randomBytes(32)
  const blob = await child.client.wrap(1, Buffer.from(key), aad)
  expect(await child.client.list()).toEqual([1])
  expect(await child.client.unwrap(1, blob, aad)).toEqual(key)
  await child.client.writeNewest({ version: 1, fence: 1, note: 'b' })
  expect(await child.client.readNewest()).toMatchObject({ note: 'b' })
  await child.client.destroy(1)
  expect(await child.client.list()).toEqual([])
  expect(kms.calls.filter(call => call === 'CreateKey')).toHaveLength(2)
})

test('all pages of aliases are turned', async () => {
  await start()
  for (const epoch of [1, 2, 3, 4, 5]) await child.client.createEpoch(epoch)
  await child.restart()
  expect(await child.client.list()).toEqual([1, 2, 3, 4, 5])
})

test.each(['CreateKey', 'CreateAlias'])('an epoch that is cut off at %s is made again', async at => {
  await start()
  await child.client.createEpoch(1)
  failAt(at)
  await expect(child.client.createEpoch(2)).rejects.toThrow(/AWS KMS answered AccessDeniedException/)
  await child.restart()
  expect(await child.client.list()).toEqual([1])
  await child.client.createEpoch(2)
  expect(await child.client.list()).toEqual([1, 2])
})

test('a call that KMS has no time for is made again', async () => {
  await start()
  kms.meddle = call => {
    if (call !== 'CreateKey') return
    kms.meddle = () => {}
    throw kms.refusal('ThrottlingException')
  }
  await child.client.createEpoch(1)
  expect(await child.client.list()).toEqual([1])
})

test('a checkpoint that KMS has no room for is refused, not shortened', async () => {
  await start()
  await child.client.writeNewest({ version: 1, fence: 1, note: 'n'.repeat(6000) })
  await expect(child.client.writeNewest({ version: 1, fence: 2, note: 'n'.repeat(6200) })).rejects.toThrow(
    /too long for KMS/,
  )
  expect(await child.client.readNewest()).toMatchObject({ fence: 1 })
})

test('the key that carries the checkpoint is made again when it is being deleted', async () => {
  await start()
  await child.client.writeNewest({ version: 1, fence: 1, note: 'n' })
  kms.scheduleAll()
  await child.restart()
  expect(await child.client.readNewest()).toMatchObject({ fence: 1 })
  await child.client.writeNewest({ version: 1, fence: 2, note: 'n' })
  await child.restart()
  expect(await child.client.readNewest()).toMatchObject({ fence: 2 })
})

test.each([
  [{ AWS_REGION: '' }, 78, 'AWS_REGION is not set (see custode config)\n'],
  [{ CUSTODE_KMS_WAITING_DAYS: '6' }, 78, 'CUSTODE_KMS_WAITING_DAYS must be from 7 to 30\n'],
  [{ AWS_ACCESS_KEY_ID: 'AKIAOTHER' }, 1, 'AWS KMS answered UnrecognizedClientException\n'],
])('with %o it does not start, and says so in one line', async (environment, code, line) => {
  const other = new CustodianProcess('aws-kms', { ...kms.environment, ...environment })
  expect(await other.start()).toBe(false)
  expect(other.said).toBe(line)
  expect(await other.end()).toBe(code)
})

test('the secret of the access key is nowhere in what it says', async () => {
  await start()
  failAt('ListAliases')
  await child.client.list().catch(() => {})
  expect(child.said).not.toContain(kms.environment.AWS_SECRET_ACCESS_KEY)
})
