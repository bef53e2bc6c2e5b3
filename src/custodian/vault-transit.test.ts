import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CustodianProcess } from '../../test/custodian.ts'
import { FakeVault } from '../../test/fakes/vault.ts'

const aad = Buffer.from('purpose')
let vault: FakeVault
let child: CustodianProcess

beforeEach(async () => {
  vault = await FakeVault.start()
  child = new CustodianProcess('vault-transit', await vault.environment())
})
afterEach(async () => {
  await child.end()
  await vault.end()
})

async function start(): Promise<void> {
  vault.makeKey('custode')
  if (!(await child.start())) throw new Error(child.said)
}

/** Answers the first call that fits with a failure, after or before it took effect. */
function failAt(pattern: RegExp): void {
  vault.meddle = call => {
    if (!pattern.test(call)) return undefined
    vault.meddle = () => undefined
    return [500, { errors: ['internal error'] }]
  }
}

test.each([
  [
    { exportable: true },
    'the transit key custode is exportable: make another one, Vault never takes that back',
  ],
  [{ plaintextBackup: true }, 'the transit key custode allows plaintext backups: make another one'],
  [{ softDeleted: true }, 'the transit key custode is deleted softly and could be restored'],
])('a key with %o is refused at the start, for good', async (flags, line) => {
  vault.makeKey('custode', flags)
  expect(await child.start()).toBe(false)
  expect(child.said).toBe(`${line}\n`)
  expect(await child.end()).toBe(78)
})

test('a Vault that takes no notice of the purpose is refused at the start', async () => {
  vault.makeKey('custode')
  vault.knowsAssociatedData = false
  expect(await child.start()).toBe(false)
  expect(child.said).toMatch(/does not know associated_data/)
})

test('without a key, without a Vault, or sealed, it does not start and says so in one line', async () => {
  expect(await child.start()).toBe(false)
  vault.makeKey('custode')
  vault.sealed = true
  expect(await child.start()).toBe(false)
  const { CUSTODE_VAULT_TOKEN_FILE = '' } = await vault.environment()
  const nowhere = { CUSTODE_VAULT_ADDR: 'http://127.0.0.1:9', CUSTODE_VAULT_TOKEN_FILE }
  const lost = new CustodianProcess('vault-transit', nowhere)
  expect(await lost.start()).toBe(false)
  const open = new CustodianProcess('vault-transit', {
    ...nowhere,
    CUSTODE_VAULT_ADDR: 'http://vault.example',
  })
  expect(await open.start()).toBe(false)
  expect(child.said + lost.said + open.said).toBe(
    'there is no transit key custode (docs/custodians.md)\n' +
      'Vault answered 503: Vault is sealed\n' +
      'Vault cannot be reached\n' +
      'CUSTODE_VAULT_ADDR must be https: book keys travel there\n',
  )
})

test('after a destruction Vault holds no older version, however many there were', async () => {
  await start()
  await child.client.createEpoch(1)
  await child.client.createEpoch(2)
  await child.client.createEpoch(2)
  await child.client.createEpoch(2)
  expect(vault.versionsOf('custode')).toEqual([1, 2, 3, 4, 5])
  await child.client.destroy(1)
  expect(vault.versionsOf('custode')).toEqual([5])
  await child.client.destroy(2)
  expect(vault.versionsOf('custode')).toEqual([6])
})

test('a newer epoch that is given up goes with the next trim, and says that nobody knows when', async () => {
  await start()
  await child.client.createEpoch(1)
  await child.client.createEpoch(2)
  expect(await child.client.destroy(2)).toEqual({
    state: 'scheduled',
    at: '9999-12-31T23:59:59.000Z',
    method: 'vault-transit-with-the-next-trim',
  })
  expect(vault.versionsOf('custode')).toEqual([2, 3])
  await child.client.createEpoch(2)
  await child.client.destroy(1)
  expect(vault.versionsOf('custode')).toEqual([4])
})

test.each([/rotate$/, /^POST secret\/data\/custode\/epochs$/])(
  'an epoch whose making is cut off at %s is made again, and leaves nothing usable behind',
  async at => {
    await start()
    await child.client.createEpoch(1)
    const blob = await child.client.wrap(1, randomBytes(32), aad)
    failAt(at)
    await expect(child.client.createEpoch(2)).rejects.toThrow(/Vault answered 500/)
    await child.restart()
    expect(await child.client.list()).toEqual([1])
    await child.client.createEpoch(2)
    const key = randomBytes(32)
    const current = await child.client.wrap(2, Buffer.from(key), aad)
    await child.client.destroy(1)
    expect(await child.client.list()).toEqual([2])
    expect(vault.versionsOf('custode')).toHaveLength(1)
    await expect(child.client.unwrap(1, blob, aad)).rejects.toThrow(/gone/)
    expect(await child.client.unwrap(2, current, aad)).toEqual(key)
  },
)

test.each([/config$/, /trim$/, /^POST secret\/data\/custode\/epochs$/])(
  'a destruction that is cut off at %s says so, and is finished by the next one',
  async at => {
    await start()
    await child.client.createEpoch(1)
    await child.client.createEpoch(2)
    failAt(at)
    await expect(child.client.destroy(1)).rejects.toThrow(/Vault answered 500/)
    await child.restart()
    const before = await child.client.list()
    expect(before).toContain(2)
    await child.client.destroy(1)
    expect(await child.client.list()).toEqual([2])
    expect(vault.versionsOf('custode')).toEqual([3])
  },
)

test('a token that was replaced in its file is read again, one that is merely refused is not tried for ever', async () => {
  await start()
  await child.client.createEpoch(1)
  vault.token = 'hvs.second'
  await expect(child.client.list()).rejects.toThrow(/Vault answered 403: permission denied/)
  await vault.environment()
  expect(await child.client.list()).toEqual([1])
  vault.token = 'hvs.third'
  vault.calls.length = 0
  await expect(child.client.list()).rejects.toThrow(/403/)
  expect(vault.calls).toHaveLength(1)
})

test('a snapshot of Vault that is restored brings its versions back: they are listed, and destroyed again', async () => {
  await start()
  await child.client.createEpoch(1)
  const key = randomBytes(32)
  const blob = await child.client.wrap(1, Buffer.from(key), aad)
  await child.client.createEpoch(2)
  const restore = vault.snapshot()
  await child.client.destroy(1)
  restore()
  expect(await child.client.list()).toEqual([1, 2])
  expect(await child.client.unwrap(1, blob, aad)).toEqual(key)
  await child.client.destroy(1)
  expect(await child.client.list()).toEqual([2])
  await expect(child.client.unwrap(1, blob, aad)).rejects.toThrow(/gone/)
})

test('two custodians on one key do not overwrite what the other noted', async () => {
  await start()
  await child.client.createEpoch(1)
  vault.meddle = call => {
    if (!/rotate$/.test(call)) return undefined
    vault.meddle = () => undefined
    vault.writeSecret('custode/epochs', { epochs: { 1: 2, 5: 2 } })
    return undefined
  }
  await expect(child.client.createEpoch(2)).rejects.toThrow(/check-and-set/)
})

test('without its record the book still opens, and nothing is taken for destroyed', async () => {
  await start()
  await child.client.createEpoch(1)
  const key = randomBytes(32)
  const blob = await child.client.wrap(1, Buffer.from(key), aad)
  vault.removeSecret('custode/epochs')
  expect(await child.client.unwrap(1, blob, aad)).toEqual(key)
  await expect(child.client.destroy(1)).rejects.toThrow(/epochs is missing/)
  await expect(child.client.wrap(1, randomBytes(32), aad)).rejects.toThrow(/gone/)
})

test('a checkpoint that was deleted softly is not the same as none', async () => {
  await start()
  await child.client.writeNewest({ version: 1, fence: 1, note: 'n' })
  vault.deleteSecret('custode/newest')
  await expect(child.client.readNewest()).rejects.toThrow(/can be restored there/)
})
