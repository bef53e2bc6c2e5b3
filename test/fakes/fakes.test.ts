import { afterEach, beforeEach, expect, test } from 'vitest'
import { FakeKms } from './kms.ts'
import { FakeVault } from './vault.ts'

// What the stand-ins hold a client to. Each rule has its source beside it in the stand-in.

let vault: FakeVault
let kms: FakeKms
beforeEach(async () => {
  vault = await FakeVault.start()
  kms = await FakeKms.start()
})
afterEach(async () => {
  await vault.end()
  await kms.end()
})

type Fields = Record<string, unknown>

async function ask(path: string, body?: Fields, method = body === undefined ? 'GET' : 'POST') {
  const response = await fetch(`${vault.url}/v1/${path}`, {
    method,
    headers: { 'x-vault-token': vault.token },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const told = (text === '' ? {} : JSON.parse(text)) as { data?: Fields; errors?: string[] }
  return { status: response.status, data: told.data ?? {}, error: told.errors?.[0] ?? '' }
}

async function call(target: string, body: Fields): Promise<Fields> {
  const response = await fetch(kms.url, {
    method: 'POST',
    headers: {
      'x-amz-target': `TrentService.${target}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${kms.accessKeyId}/20260101/eu-south-1/kms/aws4_request`,
    },
    body: JSON.stringify(body),
  })
  return (await response.json()) as Fields
}

test('Vault trims a prefix alone, never beyond what is still allowed, and never back', async () => {
  vault.makeKey('k')
  await ask('transit/keys/k/rotate', {})
  await ask('transit/keys/k/rotate', {})
  expect((await ask('transit/keys/k/trim', { min_available_version: 2 })).error).toMatch(/is not set/)
  expect((await ask('transit/keys/k/config', { min_decryption_version: 4 })).error).toMatch(/latest/)
  await ask('transit/keys/k/config', { min_decryption_version: 2, min_encryption_version: 3 })
  expect((await ask('transit/keys/k/trim', { min_available_version: 3 })).error).toMatch(/minimum decryption/)
  expect(vault.versionsOf('k')).toEqual([1, 2, 3])
  expect((await ask('transit/keys/k/trim', { min_available_version: 2 })).status).toBe(200)
  expect(vault.versionsOf('k')).toEqual([2, 3])
  expect((await ask('transit/keys/k/trim', { min_available_version: 1 })).error).toMatch(/decremented/)
  expect((await ask('transit/keys/k/config', { min_decryption_version: 1 })).status).toBe(400)
})

test('what is too old in Vault is archived and comes back, until it is trimmed', async () => {
  vault.makeKey('k')
  const { data } = await ask('transit/encrypt/k', { plaintext: 'AAAA' })
  await ask('transit/keys/k/rotate', {})
  await ask('transit/keys/k/config', { min_decryption_version: 2, min_encryption_version: 2 })
  expect((await ask('transit/decrypt/k', data)).error).toMatch(/too old/)
  await ask('transit/keys/k/config', { min_decryption_version: 1 })
  expect((await ask('transit/decrypt/k', data)).data).toEqual({ plaintext: 'AAAA' })
})

test('Vault deletes a key only when that is allowed, and uses none that is deleted softly', async () => {
  vault.makeKey('k')
  expect((await ask('transit/keys/k', undefined, 'DELETE')).status).toBe(400)
  vault.softDelete('k')
  expect((await ask('transit/encrypt/k', { plaintext: 'AAAA' })).status).toBe(400)
  expect((await ask('transit/keys/k')).data).toMatchObject({ soft_deleted: true })
})

test('Vault writes a secret only onto the version that was read', async () => {
  await ask('secret/data/a', { data: { one: 1 }, options: { cas: 0 } })
  expect((await ask('secret/data/a', { data: {}, options: { cas: 0 } })).error).toMatch(/check-and-set/)
  expect((await ask('secret/data/a')).data).toMatchObject({ data: { one: 1 }, metadata: { version: 1 } })
})

test('KMS waits 7 to 30 days, uses no key meanwhile, and lets a deletion be cancelled', async () => {
  const made = (await call('CreateKey', {})).KeyMetadata as { KeyId: string }
  const { KeyId } = made
  const sealed = await call('Encrypt', { KeyId, Plaintext: 'AAAA' })
  for (const PendingWindowInDays of [6, 31])
    expect(await call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays })).toMatchObject({
      __type: 'ValidationException',
    })
  expect(await call('ScheduleKeyDeletion', { KeyId })).toMatchObject({ PendingWindowInDays: 30 })
  const pending = { __type: 'KMSInvalidStateException' }
  expect(await call('Encrypt', { KeyId, Plaintext: 'AAAA' })).toMatchObject(pending)
  expect(await call('Decrypt', sealed)).toMatchObject(pending)
  expect(await call('ScheduleKeyDeletion', { KeyId })).toMatchObject(pending)
  expect(await call('UpdateKeyDescription', { KeyId, Description: '' })).toMatchObject(pending)
  kms.passDays(29)
  kms.cancelDeletions()
  expect(await call('Decrypt', sealed)).toMatchObject({ __type: 'DisabledException' })
  await call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
  kms.passDays(7)
  expect(await call('DescribeKey', { KeyId })).toMatchObject({ __type: 'NotFoundException' })
})

test('KMS opens only under the same key and the same context, and takes no long description', async () => {
  const { KeyId } = (await call('CreateKey', {})).KeyMetadata as { KeyId: string }
  const other = (await call('CreateKey', {})).KeyMetadata as { KeyId: string }
  const told = await call('Encrypt', { KeyId, Plaintext: 'AAAA', EncryptionContext: { a: '1' } })
  const { CiphertextBlob } = told
  const context = { EncryptionContext: { a: '1' } }
  expect(await call('Decrypt', { CiphertextBlob, KeyId: other.KeyId, ...context })).toMatchObject({
    __type: 'IncorrectKeyException',
  })
  expect(await call('Decrypt', { CiphertextBlob })).toMatchObject({ __type: 'InvalidCiphertextException' })
  expect(await call('Decrypt', { CiphertextBlob, ...context })).toMatchObject({ Plaintext: 'AAAA' })
  expect(await call('CreateKey', { Description: 'x'.repeat(8193) })).toMatchObject({
    __type: 'ValidationException',
  })
})
