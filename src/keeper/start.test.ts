import { randomUUID } from 'node:crypto'
import { cp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { copyKeeper, type KeeperProcess, startKeeper } from '../../test/keeper.ts'
import { sealPerson, takeGrant } from '../../test/sealed-person.ts'

// Each of these starts the keeper several times.
const slow = { timeout: 90_000 }

let keeper: KeeperProcess

beforeEach(async () => {
  keeper = await startKeeper()
})

afterEach(() => keeper.kill())

const refusal = (said: string | RegExp) => ({ code: 1, said: expect.stringMatching(said) })

/** Every failed start says one plain line and no more. */
async function requireRefused(folder: string, said: string): Promise<void> {
  const error = await startKeeper({ folder }).then(
    started => started.kill().then(() => 'started'),
    failed => failed,
  )
  expect(error).toMatchObject(refusal(said))
  expect(error.said.trim().split('\n')).toHaveLength(1)
  expect(error.said).not.toMatch(/\n\s+at /)
}

test('two keepers on one folder: the second is refused, and the first goes on', slow, async () => {
  await requireRefused(keeper.folder, 'another keeper is using this folder')
  await keeper.client.lease(1)
})

test('the lock of a dead keeper is taken over, by one of those that try', slow, async () => {
  await keeper.kill()
  const { folder } = keeper
  const tries = await Promise.allSettled([1, 2, 3].map(() => startKeeper({ folder })))
  const started = tries.filter(one => one.status === 'fulfilled').map(one => one.value)
  expect(started).toHaveLength(1)
  keeper = started[0]!
  await requireRefused(folder, 'another keeper is using this folder')
})

test('a log that has gone back in time is refused, and nothing in it is touched', slow, async () => {
  await keeper.stop()
  const old = await copyKeeper(keeper.folder)
  keeper = await keeper.restart()
  await keeper.client.lease(1)
  await keeper.stop()
  const folder = keeper.folder
  await rm(join(folder, 'log'), { recursive: true })
  await cp(join(old, 'log'), join(folder, 'log'), { recursive: true })
  await requireRefused(folder, 'the log is damaged')
  const [name] = (await readdir(join(old, 'log'))).filter(one => one.endsWith('.log'))
  const [before, after] = await Promise.all([
    readFile(join(old, 'log', name!)),
    readFile(join(folder, 'log', name!)),
  ])
  expect(after.equals(before)).toBe(true)
})

test('another log, a missing log and a missing keybook are refused', slow, async () => {
  await sealPerson(keeper.client)
  await keeper.stop()
  const other = await startKeeper()
  await other.stop()
  const without = async (part: string) => {
    const folder = await copyKeeper(keeper.folder)
    await rm(join(folder, part), { recursive: true })
    return folder
  }
  await requireRefused(await without('log'), 'the log is damaged')
  await requireRefused(await without('book'), 'the keybook is missing')
  await requireRefused(await without('custodian/epoch-1'), 'no custodian opens the keybook of epoch 1')
  await requireRefused(await without('book/pages/1-1'), 'page 1 of the keybook is missing')
  const exchanged = await without('log')
  await cp(join(other.folder, 'log'), join(exchanged, 'log'), { recursive: true })
  await requireRefused(exchanged, 'the log is damaged')
})

test('a keybook from before the last roll is refused', slow, async () => {
  const ana = await sealPerson(keeper.client)
  await keeper.stop()
  const old = await copyKeeper(keeper.folder)
  keeper = await keeper.restart()
  const subject = { trailSlot: ana.trail, alias: ana.alias }
  const act = crypto.randomUUID()
  await keeper.client.shred({ act, subject, actor: 'system', slots: [ana.contact], reason: 'withdrawal' })
  await keeper.client.roll()
  await keeper.stop()
  // The thief's best attempt: the old book and the old epoch key under today's log and checkpoint.
  const folder = await copyKeeper(keeper.folder)
  await rm(join(folder, 'book'), { recursive: true })
  await cp(join(old, 'book'), join(folder, 'book'), { recursive: true })
  await rm(join(folder, 'custodian/epoch-2'))
  await cp(join(old, 'custodian/epoch-1'), join(folder, 'custodian/epoch-1'))
  await requireRefused(folder, 'the keybook has gone back in time')
})

test(
  'a damaged page is noticed when it is needed, and a damaged directory or checkpoint at start',
  slow,
  async () => {
    const ana = await sealPerson(keeper.client)
    await keeper.stop()
    const damaged = async (file: string) => {
      const folder = await copyKeeper(keeper.folder)
      const bytes = await readFile(join(folder, file))
      bytes[bytes.length - 20]! ^= 1
      await writeFile(join(folder, file), bytes)
      return folder
    }
    await requireRefused(await damaged('book/directory-1'), 'no custodian opens the keybook')
    const checkpoint = await damaged('custodian/checkpoint')
    await requireRefused(checkpoint, 'the log is damaged|the checkpoint kept by the custodian is damaged')
    await requireRefused(await damaged('book/pages/0-1'), 'page 0 of the keybook is damaged')
    keeper = await startKeeper({ folder: await damaged('book/pages/1-1') })
    await expect(takeGrant(keeper.client, [ana])).rejects.toMatchObject({ code: 'unavailable' })
  },
)

test('a keeper whose custodian has seen a newer start stops at its next write', slow, async () => {
  const path = join(keeper.folder, 'custodian/checkpoint')
  const kept = JSON.parse(await readFile(path, 'utf8'))
  await writeFile(path, JSON.stringify({ ...kept, fence: kept.fence + 1 }))
  await expect(keeper.client.lease(1)).rejects.toMatchObject({ code: 'unavailable' })
  expect(await keeper.ended).toBe(1)
  expect(keeper.said()).toContain('another keeper has started with the custodian file')
})

test('a clean end answers what is in flight and leaves no lock', slow, async () => {
  const leases = Promise.allSettled(Array.from({ length: 50 }, () => keeper.client.lease(1)))
  await keeper.client.lease(1)
  await keeper.stop()
  const answered = (await leases).filter(one => one.status === 'fulfilled').map(one => one.value.from)
  expect(new Set(answered).size).toBe(answered.length)
  expect(await readdir(keeper.folder)).not.toContain('lock')
  keeper = await keeper.restart()
  expect((await keeper.client.status()).issued).toBeGreaterThan(Math.max(0, ...answered))
})

test('nobody else on the machine can read the keeper’s files or speak to it', slow, async () => {
  const modes = async (folder: string): Promise<number[]> => {
    const names = await readdir(folder, { withFileTypes: true })
    const inside = await Promise.all(
      names.map(async entry => {
        const path = join(folder, entry.name)
        const own = (await stat(path)).mode & 0o077
        return entry.isDirectory() ? [own, ...(await modes(path))] : [own]
      }),
    )
    return inside.flat()
  }
  await sealPerson(keeper.client)
  expect(new Set(await modes(keeper.folder))).toEqual(new Set([0]))
  expect((await stat(keeper.folder)).mode & 0o077).toBe(0)
  expect((await stat(keeper.socket)).mode & 0o077).toBe(0)
})

test(
  'a keybook that was used is no beginning: with log and checkpoint taken away nothing starts',
  slow,
  async () => {
    for (const used of ['roll', 'slots'] as const) {
      if (used === 'slots') await keeper.client.lease(20_000)
      else await shredOne()
      await keeper.stop()
      const { folder } = keeper
      await rm(join(folder, 'log'), { recursive: true })
      await rm(join(folder, 'custodian', 'checkpoint'))
      await requireRefused(folder, 'the log has gone back in time')
      keeper = await startKeeper()
    }
  },
)

async function shredOne(): Promise<void> {
  const ana = await sealPerson(keeper.client)
  await keeper.client.shred({
    ...{ act: randomUUID(), actor: 'customer', slots: [ana.contact], reason: 'withdrawal' },
    subject: { trailSlot: ana.trail, alias: ana.alias },
  })
  await keeper.client.roll()
}
