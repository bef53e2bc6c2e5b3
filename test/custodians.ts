import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Custodian } from '../src/keeper/custodian.ts'
import { FileCustodian } from '../src/keeper/file-custodian.ts'
import { CustodianProcess } from './custodian.ts'
import { FakeKms } from './fakes/kms.ts'
import { FakeVault } from './fakes/vault.ts'
import { makeSoftHsm } from './softhsm.ts'

/** A custodian of some kind with what it needs behind it. */
export interface Bench {
  readonly custodian: Custodian
  /** What `destroy` answers as its state, and as its method. */
  readonly ends: { state: 'destroyed' | 'scheduled'; method: string }
  /** SIGKILL and a new process, or for `file` the folder opened again. */
  restart(): Promise<void>
  end(): Promise<void>
}

export const kinds = ['file', 'pkcs11', 'vault-transit', 'aws-kms'] as const
export type Kind = (typeof kinds)[number]

/** Starts one, or says in one line why that kind cannot be tested here. */
export function makeBench(kind: Kind): Promise<Bench | { reason: string }> {
  if (kind === 'file') return fileBench()
  if (kind === 'pkcs11') return pkcs11Bench()
  return kind === 'vault-transit' ? vaultBench() : kmsBench()
}

async function fileBench(): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'custode-file-custodian-'))
  const open = () => FileCustodian.open(folder, Date.now)
  let custodian = await open()
  return {
    get custodian() {
      return custodian
    },
    ends: { state: 'destroyed', method: 'overwritten-once-and-unlinked' },
    restart: async () => {
      custodian = await open()
    },
    end: () => rm(folder, { recursive: true, force: true }),
  }
}

async function pkcs11Bench(): Promise<Bench | { reason: string }> {
  const token = await makeSoftHsm()
  if ('reason' in token) return token
  const process = new CustodianProcess('pkcs11', token.environment)
  return processBench(process, { state: 'destroyed', method: 'pkcs11-destroy-object' }, token.remove)
}

async function vaultBench(): Promise<Bench> {
  const vault = await FakeVault.start()
  vault.makeKey('custode')
  const process = new CustodianProcess('vault-transit', await vault.environment())
  return processBench(process, { state: 'destroyed', method: 'vault-transit-trim' }, () => vault.end())
}

async function kmsBench(): Promise<Bench> {
  const kms = await FakeKms.start()
  const process = new CustodianProcess('aws-kms', kms.environment)
  return processBench(process, { state: 'scheduled', method: 'aws-kms-schedule-deletion' }, () => kms.end())
}

async function processBench(
  process: CustodianProcess,
  ends: Bench['ends'],
  after: () => Promise<void>,
): Promise<Bench> {
  if (!(await process.start())) throw new Error(`${process.kind} did not start: ${process.said}`)
  return {
    get custodian() {
      return process.client
    },
    ends,
    restart: () => process.restart(),
    end: async () => {
      await process.end()
      await after()
    },
  }
}
