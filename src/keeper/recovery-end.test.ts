import { generateKeyPairSync, hash, type KeyObject, randomUUID } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { BookFiles } from './book-files.ts'
import { shred } from './erasure.ts'
import { FileCustodian } from './file-custodian.ts'
import { x25519PublicBytes } from './hpke.ts'
import { Keeper } from './keeper.ts'
import { Place } from './place.ts'
import { Recoveries, RecoverySecret } from './recovery.ts'
import type { CustodianEvidence } from './requests.ts'
import { rollNow, rollWhatExpired } from './rolling.ts'

// The keeper in this process, by a clock of its own.
const day = 24 * 3_600_000
let now: number
let root: string
let keeper: Keeper

beforeEach(async () => {
  now = Date.parse('2027-01-01T00:00:00Z')
  root = await mkdtemp(join(tmpdir(), 'recovery-end-'))
  keeper = await open()
})

afterEach(async () => {
  await keeper.close()
  await rm(root, { recursive: true })
})

async function open(folder = root, opener?: RecoverySecret): Promise<Keeper> {
  const custodian = await FileCustodian.open(join(folder, 'custodian'), () => now)
  const fatal = (error: unknown) => {
    throw error
  }
  return Keeper.open({
    ...{ folder, custodians: [custodian], places: [new Place(join(folder, 'place'))] },
    ...{ now: () => now, say: () => {}, fatal, ...(opener === undefined ? {} : { opener }) },
  })
}

async function addRecovery(until: number): Promise<{ name: string; secret: KeyObject }> {
  const { privateKey } = generateKeyPairSync('x25519')
  const key = x25519PublicBytes(privateKey)
  const id = hash('sha256', key).slice(0, 16)
  await keeper.addRecovery({ id, key: key.toString('base64'), until, shares: 5, threshold: 3 })
  return { name: `recovery/${id}`, secret: privateKey }
}

/** Erases a slot that is leased now, unless told which. */
async function erase(slot = keeper.slots.take(1).from): Promise<CustodianEvidence[]> {
  await keeper.keybook.grow(slot)
  const subject = { trailSlot: keeper.slots.take(1).from, alias: 'K7-4QX9' }
  await shred(keeper, { act: randomUUID(), subject, actor: 'customer', slots: [slot], reason: 'withdrawal' })
  return (await rollNow(keeper)).custodians
}

/** The files of a folder that this process holds open; none where the system has no such list. */
async function openFilesIn(folder: string): Promise<string[]> {
  const numbers = await readdir('/proc/self/fd').catch(() => [])
  const targets = await Promise.all(numbers.map(one => readlink(`/proc/self/fd/${one}`).catch(() => '')))
  return targets.filter(target => target.startsWith(folder))
}

/** Whether a program of a thief's own opens the newest keybook in this folder with the joined shares. */
async function opens(folder: string, secret: KeyObject): Promise<boolean> {
  const files = await BookFiles.open(folder)
  const epoch = (await files.epochs()).at(-1)!
  return files.readDirectory(epoch, new RecoverySecret(secret)).then(
    () => true,
    () => false,
  )
}

test('at the end of a recovery the keeper rolls by itself, and no keybook is sealed to it any more', async () => {
  const { secret } = await addRecovery(now + day)
  const folders = [join(root, 'book'), join(root, 'place', 'book')]
  now += day - 1
  await rollWhatExpired(keeper)
  expect(keeper.keybook.epoch).toBe(1)
  for (const folder of folders) expect(await opens(folder, secret)).toBe(true)
  now += 1
  await rollWhatExpired(keeper)
  expect(keeper.keybook.epoch).toBe(2)
  for (const folder of folders) expect(await opens(folder, secret)).toBe(false)
  now += day
  await rollWhatExpired(keeper)
  expect(keeper.keybook.epoch).toBe(2)
})

test('whoever asks for a roll after the end gets one, although no slot waits', async () => {
  await addRecovery(now + day)
  expect((await rollNow(keeper)).t1).toBeNull()
  now += day
  const rolled = await rollNow(keeper)
  expect(rolled).toMatchObject({ epoch: 2, slots: [], t1: new Date(now).toISOString() })
  expect((await rollNow(keeper)).t1).toBeNull()
})

test('a try that fails is repeated a minute later, and not at every tick', async () => {
  await addRecovery(now + day)
  now += day
  const { size } = keeper.log
  const [custodian] = keeper.keybook.custodians
  // Nothing can be written where the next key has to lie.
  const inTheWay = join(root, 'custodian', 'epoch-2')
  await mkdir(inTheWay)
  await expect(rollWhatExpired(keeper)).rejects.toThrow()
  await rollWhatExpired(keeper)
  expect(keeper.log.size).toBe(size + 1)
  await rm(inTheWay, { recursive: true })
  now += 60_000
  await rollWhatExpired(keeper)
  expect(keeper.keybook.epoch).toBe(2)
  expect(await custodian!.list()).toEqual([2])
})

test('an erasure after the end names the recovery with it, for whoever was there before', async () => {
  const early = keeper.slots.take(1).from
  const { name } = await addRecovery(now + day)
  const named = (told: CustodianEvidence[]) => told.filter(one => one.kind === 'recovery')
  const until = new Date(now + day).toISOString()
  now += 2 * day
  await rollWhatExpired(keeper)
  const { capacity } = keeper.keybook
  const ended = { id: name, kind: 'recovery', state: 'scheduled', at: until }
  expect(named(await erase(early))).toEqual([{ ...ended, method: 'shares-were-to-be-destroyed-then' }])
  // A slot that was ready already, although nobody had it.
  expect(named(await erase())).toHaveLength(1)
  keeper.slots.take(capacity)
  expect(named(await erase())).toEqual([])
})

test('a keeper refuses a recovery that has ended in one line, and what it cannot prevent', async () => {
  const { secret, name } = await addRecovery(now + day)
  const old = await mkdtemp(join(tmpdir(), 'recovery-old-'))
  onTestFinished(() => rm(old, { recursive: true, force: true }))
  await keeper.close()
  await cp(root, old, { recursive: true, filter: path => !/custodian|lock|place/.test(path) })
  now += day
  const opener = new RecoverySecret(secret)
  expect(opener.id).toBe(name)
  await expect(open(old, opener)).rejects.toMatchObject({
    why: 'this recovery ended on 2027-01-02 and opens nothing any more',
  })
  expect(await openFilesIn(old)).toEqual([])
  // The clock of whoever runs it is no proof, and neither is anybody bound to run this program.
  expect(await opens(join(old, 'book'), secret)).toBe(true)
  now -= 1
  const opened = await open(old, opener)
  await opened.close()
  keeper = await open()
})

test('after a restart the log tells what the shares of an ended recovery still open', () => {
  const all = [new Recoveries(), new Recoveries()]
  const entries: [Record<string, unknown>, number][] = [
    [{ recovery: { id: 'a', key: 'x', until: 100 } }, 1],
    [{ roll: { epoch: 2, slots: [], capacity: 300 } }, 99],
    [{ rolled: { epoch: 2, slots: [] } }, 101],
    [{ roll: { epoch: 3, slots: [], capacity: 400 } }, 110],
    // Undone, and begun again.
    [{ roll: { epoch: 3, slots: [], capacity: 500 } }, 120],
    [{ rolled: { epoch: 3, slots: [] } }, 121],
    [{ roll: { epoch: 4, slots: [], capacity: 600 } }, 130],
    [{ rolled: { epoch: 4, slots: [] } }, 131],
  ]
  for (const recoveries of all)
    for (const [control, time] of entries) recoveries.replay(structuredClone(control), time)
  const named = (slot: number) => all[0]!.evidence(140, [slot]).map(one => one.id)
  expect(named(499)).toEqual(['recovery/a'])
  expect(named(500)).toEqual([])
})
