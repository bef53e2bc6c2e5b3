import { existsSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { custodianWeaknesses } from './custodian-weaknesses.ts'

const here = {
  data: join(tmpdir(), 'no-such-data'),
  keeper: join(tmpdir(), 'no-such-keeper'),
  databaseUrl: null,
}
const file = { kind: 'file', folder: null } as const
const token = { kind: 'pkcs11', folder: null } as const

test('a single custodian is said to be one', async () => {
  const { beAware } = await custodianWeaknesses({ ...here, custodians: [token] })
  expect(beAware).toEqual([expect.stringMatching(/^pkcs11 is the only custodian/)])
  expect((await custodianWeaknesses({ ...here, custodians: [file, token] })).beAware).toEqual([])
})

test('keys in a file beside the data must be moved', async () => {
  const { mustChange } = await custodianWeaknesses({ ...here, custodians: [file, token] })
  expect(mustChange).toEqual([expect.stringContaining(join(here.keeper, 'custodian'))])
  expect((await custodianWeaknesses({ ...here, custodians: [token] })).mustChange).toEqual([])
  const elsewhere = { ...here, databaseUrl: 'postgres://db.example/custode', custodians: [file] }
  expect((await custodianWeaknesses(elsewhere)).mustChange).toEqual([])
})

test('keys in a file on a disk of their own are no fault', async context => {
  const apart = ['/dev/shm', '/run', '/sys'].find(
    path => existsSync(path) && statSync(path).dev !== statSync(tmpdir()).dev,
  )
  if (apart === undefined) return context.skip('this system has a single filesystem')
  const custodians = [{ kind: 'file', folder: join(apart, 'no-such-keys') } as const]
  expect((await custodianWeaknesses({ ...here, custodians })).mustChange).toEqual([])
})
