import { execFile } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FakeVault } from '../../test/fakes/vault.ts'
import { CustodianClient } from '../keeper/custodian-client.ts'
import { type Custodians, environmentOf, startCustodians } from './custodian-process.ts'

const run = promisify(execFile)
let folder: string
let vault: FakeVault
let running: Custodians | undefined
const lines: string[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custode-custodians-'))
  vault = await FakeVault.start()
  lines.length = 0
})

afterEach(async () => {
  await running?.end()
  running = undefined
  await vault.end()
  await rm(folder, { recursive: true, force: true })
})

async function start(environment: Record<string, string> = {}): Promise<Custodians> {
  running = await startCustodians(
    [
      { kind: 'file', folder: null },
      { kind: 'vault-transit', folder: null },
    ],
    {
      sockets: folder,
      keeper: '/srv/keeper',
      isolation: { dying: [], coreless: [], offline: [] },
      environment: { PATH: process.env.PATH, ...(await vault.environment()), ...environment },
      say: line => lines.push(line),
    },
  )
  return running
}

const socketIn = ({ words }: Custodians) => words[1]?.split('@')[1] ?? ''
const clientOf = (custodians: Custodians) =>
  new CustodianClient({
    id: 'vault-transit',
    kind: 'vault-transit',
    path: socketIn(custodians),
    token: custodians.tokens[0] ?? '',
  })

test('each custodian but the file is a process behind a socket that only its owner opens', async () => {
  vault.makeKey('custode')
  const custodians = await start()
  expect(custodians.words).toEqual(['file:/srv/keeper/custodian', expect.stringMatching(/^vault-transit@\//)])
  const socket = socketIn(custodians)
  expect((await stat(socket)).mode & 0o777).toBe(0o600)
  expect((await stat(dirname(socket))).mode & 0o777).toBe(0o700)
  await clientOf(custodians).createEpoch(1)
  expect(await clientOf(custodians).list()).toEqual([1])
  expect(lines).toEqual([])
})

test('a custodian that is killed runs again', async () => {
  vault.makeKey('custode')
  const custodians = await start()
  const { stdout } = await run('pgrep', ['-f', '--', `--socket ${socketIn(custodians)}`])
  process.kill(Number(stdout), 'SIGKILL')
  await vi.waitFor(() => expect(lines[0]).toMatch(/ended with SIGKILL; starting it again$/))
  await vi.waitFor(async () => expect(await clientOf(custodians).list()).toEqual([]), { timeout: 20_000 })
})

test('a custodian that cannot be reached yet is tried again until it can', async () => {
  vault.makeKey('custode')
  vault.sealed = true
  const custodians = await start()
  expect(lines).toContain('the custodian vault-transit: Vault answered 503: Vault is sealed')
  vault.sealed = false
  await vi.waitFor(async () => expect(await clientOf(custodians).list()).toEqual([]), { timeout: 20_000 })
})

test('a custodian that only a person can help is left alone', async () => {
  vault.makeKey('custode', { exportable: true })
  const custodians = await start()
  await vi.waitFor(() => expect(lines.at(-1)).toMatch(/is left out until Custode is started again$/))
  expect(lines[0]).toMatch(/exportable/)
  await expect(clientOf(custodians).list()).rejects.toThrow()
})

test('ending ends the process, and ending while it cannot start does too', async () => {
  vault.makeKey('custode')
  const custodians = await start()
  await custodians.end()
  await expect(clientOf(custodians).list()).rejects.toThrow()
  vault.sealed = true
  await (await start()).end()
})

test('a custodian sees its own settings alone', () => {
  const everything = {
    PATH: '/bin',
    DATABASE_URL: 'postgres://secret',
    NODE_OPTIONS: '--inspect',
    CUSTODE_PKCS11_TOKEN: 't',
    CUSTODE_PKCS11_ENVIRONMENT: 'NFAST_HOME, NODE_OPTIONS',
    NFAST_HOME: '/opt/nfast',
    CUSTODE_VAULT_ADDR: 'https://vault.example',
    AWS_SECRET_ACCESS_KEY: 'secret',
    CUSTODE_KMS_NAME: 'custode',
  }
  const seen = (kind: Parameters<typeof environmentOf>[0]) => Object.keys(environmentOf(kind, everything))
  expect(seen('pkcs11')).toEqual(['PATH', 'CUSTODE_PKCS11_TOKEN', 'CUSTODE_PKCS11_ENVIRONMENT', 'NFAST_HOME'])
  expect(seen('vault-transit')).toEqual(['PATH', 'CUSTODE_VAULT_ADDR'])
  expect(seen('aws-kms')).toEqual(['PATH', 'AWS_SECRET_ACCESS_KEY', 'CUSTODE_KMS_NAME'])
})
