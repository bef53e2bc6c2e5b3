import { createPrivateKey, createSecretKey, hash, type KeyObject } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { Log, type LogOptions, type LogRecord } from '../src/keeper/log.ts'
import type { EntryBody } from '../src/keeper/requests.ts'

/** The private key of an Ed25519 seed. */
export function privateKeyOf(seed: Uint8Array): KeyObject {
  const head = Buffer.from('302e020100300506032b657004220420', 'hex')
  return createPrivateKey({ key: Buffer.concat([head, seed]), format: 'der', type: 'pkcs8' })
}

export const logName = 'custode/test'
export const logSigner = privateKeyOf(Buffer.alloc(32, 1))

/** A key of its own for every slot, the same in every test. */
export function trailKey(slot: number): KeyObject {
  return createSecretKey(hash('sha256', `slot ${slot}`, 'buffer'))
}

/** Bytes that look random and are the same in every run. */
export function countedBytes(): (bytes: number) => Buffer {
  let count = 0
  return bytes => {
    count += 1
    return hash('sha256', `bytes ${count}`, 'buffer').subarray(0, bytes)
  }
}

export function entryBody(over: Partial<EntryBody> = {}): EntryBody {
  return {
    kind: 'reading',
    act: '7f3c0e5a-0000-4000-8000-000000000001',
    actor: 'st_7',
    subject: 'K7-4Q',
    task: '7f3c0e5a-0000-4000-8000-000000000002',
    purpose: 'service',
    fields: ['contact.email', 'contact.name'],
    result: 'opened',
    ...over,
  }
}

/** A folder that is gone when the test is. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'custode-log-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export interface OpenedLog {
  log: Log
  folder: string
  replayed: LogRecord[]
  fatal: Error[]
}

/** A real log in a folder of its own, or in the one given; closed when the test ends. */
export async function openLog(over: Partial<LogOptions> = {}): Promise<OpenedLog> {
  const folder = over.folder ?? (await newFolder())
  const replayed: LogRecord[] = []
  const fatal: Error[] = []
  const log = await Log.open({
    name: logName,
    logId: 'test-log',
    signer: logSigner,
    trailKey,
    now: Date.now,
    replay: record => replayed.push(structuredCopy(record)),
    fatal: error => fatal.push(error),
    ...over,
    folder,
  })
  onTestFinished(() => log.close())
  return { log, folder, replayed, fatal }
}

function structuredCopy(record: LogRecord): LogRecord {
  return { ...record, commitment: Buffer.from(record.commitment), sealed: Buffer.from(record.sealed) }
}

/** Every file of a log's folder by name. */
export async function filesOf(folder: string): Promise<Map<string, Buffer>> {
  const names = (await readdir(folder)).sort()
  return new Map(
    await Promise.all(names.map(async name => [name, await readFile(join(folder, name))] as const)),
  )
}
