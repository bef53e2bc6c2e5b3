import { randomUUID } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { copyKeeper, type KeeperProcess, startKeeper } from '../../test/keeper.ts'
import { type SealedPerson, sealPeople, sealPerson, takeGrant, trailOf } from '../../test/sealed-person.ts'
import { BookFiles } from './book-files.ts'
import { openBox } from './box.ts'
import { keyOf } from './cipher.ts'
import { FileCustodian } from './file-custodian.ts'
import { segmentName } from './log-file.ts'
import { pageOf, slotIn } from './page.ts'

// Each of these starts the keeper several times.
const slow = { timeout: 90_000 }

let keeper: KeeperProcess

afterEach(() => keeper.kill())

const steps = [
  ...['roll.begun', 'roll.epoch-created', 'roll.pages-written', 'roll.directory-written', 'roll.verified'],
  ...['roll.epoch-destroyed', 'roll.swept', 'roll.settled', 'roll.rolled'],
]

/** Whether a thief with these two folders opens this person's box, by every directory that lies there. */
async function opens(book: string, custodians: string, person: SealedPerson): Promise<boolean> {
  const custodian = await FileCustodian.open(join(custodians, 'custodian'), Date.now)
  const files = await BookFiles.open(join(book, 'book'))
  for (const epoch of await files.epochs()) {
    const opened = await files.readDirectory(epoch, custodian).catch(() => null)
    const slots = opened && (await files.readPage(opened, pageOf(person.contact)).catch(() => null))
    if (opened === null || slots === null) continue
    const key = keyOf(Buffer.from(slotIn(slots, person.contact)))
    try {
      const { organisation } = opened
      openBox(key, { organisation, trail: person.trail, ...person.box }, Buffer.from(person.box.box), 0)
      return true
    } catch {
      // Not by this one.
    }
  }
  return false
}

const shred = (person: SealedPerson, slots = [person.contact], act = randomUUID()) =>
  keeper.client.shred({
    ...{ act, slots, actor: 'customer', reason: 'withdrawal' },
    subject: { trailSlot: person.trail, alias: person.alias },
  })

async function requireOpen(person: SealedPerson): Promise<void> {
  const grant = await takeGrant(keeper.client, [person])
  const [opened] = await keeper.client.open({ ...grant, fields: ['email'], items: [person.box] })
  expect(opened!.values.email).toBeDefined()
}

async function requireErased(person: SealedPerson): Promise<void> {
  const grant = await takeGrant(keeper.client, [person])
  await expect(
    keeper.client.open({ ...grant, fields: ['email'], items: [person.box] }),
  ).rejects.toMatchObject({ code: 'erased' })
}

async function requireOneEpoch(): Promise<void> {
  const { epoch } = await keeper.client.status()
  const custodian = await readdir(join(keeper.folder, 'custodian'))
  expect(custodian.filter(name => name.startsWith('epoch'))).toEqual([`epoch-${epoch}`])
  const book = await readdir(join(keeper.folder, 'book'))
  expect(book.filter(name => name.startsWith('directory'))).toEqual([`directory-${epoch}`])
}

test(
  'a shredded slot is refused at once and unreadable after the roll, even from a stolen keybook',
  slow,
  async () => {
    keeper = await startKeeper()
    const [ana, bea] = await sealPeople(keeper.client, 2)
    const stolen = await copyKeeper(keeper.folder)
    const { index } = await shred(ana!)
    await requireErased(ana!)
    expect(await opens(await copyKeeper(keeper.folder), stolen, ana!)).toBe(true)
    const rolled = await keeper.client.roll()
    expect(rolled).toMatchObject({
      epoch: 2,
      slots: [ana!.contact],
      custodians: [{ id: 'file', state: 'destroyed' }],
    })
    const now = await copyKeeper(keeper.folder)
    expect(await opens(stolen, now, ana!)).toBe(false)
    expect(await opens(now, now, ana!)).toBe(false)
    expect(await opens(now, now, bea!)).toBe(true)
    await requireErased(ana!)
    await requireOpen(bea!)
    await requireOneEpoch()
    expect((await trailOf(keeper.client, ana!)).find(entry => entry.kind === 'shred')).toMatchObject({
      index,
    })
  },
)

test('a second roll finds nothing to do, and calls that come together share one', slow, async () => {
  keeper = await startKeeper()
  const [ana, bea] = await sealPeople(keeper.client, 2)
  expect(await keeper.client.roll()).toEqual({ epoch: 1, slots: [], t1: null, custodians: [] })
  await shred(ana!)
  await shred(bea!)
  expect(await keeper.client.rollWaiting()).toBe(2)
  const [first, second] = await Promise.all([keeper.client.roll(), keeper.client.roll()])
  expect(first).toEqual(second)
  expect(first.slots).toEqual([ana!.contact, bea!.contact])
  expect(await keeper.client.rollWaiting()).toBe(0)
})

test('an erasure whose entry was damaged is told, and holds up no other', slow, async () => {
  keeper = await startKeeper()
  const [ana, bea] = await sealPeople(keeper.client, 2)
  const [lost, whole] = [randomUUID(), randomUUID()]
  await shred(ana!, [ana!.contact], lost)
  await shred(bea!, [bea!.contact], whole)
  const segment = join(keeper.folder, 'log', segmentName(0))
  const bytes = await readFile(segment)
  // The sealed body follows what the entry says in plain.
  const plain = bytes.indexOf(`{"shred":{"act":"${lost}"`)
  bytes[bytes.indexOf('}}', plain) + 20]! ^= 1
  await writeFile(segment, bytes)
  expect(await keeper.client.pendingShreds()).toMatchObject([
    { act: lost, slots: [ana!.contact], reason: null, link: null, readable: false },
    { act: whole, slots: [bea!.contact], reason: 'withdrawal', link: null, readable: true },
  ])
})

test('an erasure waits for its completion, also after a restart, and is safe to repeat', slow, async () => {
  keeper = await startKeeper()
  const [ana, bea] = await sealPeople(keeper.client, 2)
  const act = randomUUID()
  const begun = await shred(ana!, [ana!.contact], act)
  expect(await shred(ana!, [ana!.contact], act)).toEqual(begun)
  await expect(shred(bea!, [bea!.contact], act)).rejects.toMatchObject({ code: 'malformed' })
  await keeper.kill()
  keeper = await keeper.restart()
  const pending = await keeper.client.pendingShreds()
  expect(pending).toMatchObject([{ act, slots: [ana!.contact], index: begun.index }])
  const done = await keeper.client.completeShred(act)
  expect(await keeper.client.completeShred(act)).toEqual(done)
  expect(await keeper.client.pendingShreds()).toEqual([])
  expect(await shred(ana!, [ana!.contact], act)).toEqual(begun)
  await expect(keeper.client.completeShred(randomUUID())).rejects.toMatchObject({ code: 'malformed' })
  await requireOpen(bea!)
})

test('more slots than one roll can name are rolled in turn', { timeout: 120_000 }, async () => {
  keeper = await startKeeper()
  const ana = await sealPerson(keeper.client)
  const { from } = await keeper.client.lease(20_000)
  for (const start of [from, from + 10_000]) {
    await shred(
      ana,
      Array.from({ length: 10_000 }, (_, at) => start + at),
    )
  }
  await expect(
    shred(
      ana,
      Array.from({ length: 10_001 }, (_, at) => from + at),
    ),
  ).rejects.toMatchObject({
    code: 'malformed',
  })
  expect((await keeper.client.roll()).slots).toHaveLength(15_000)
  expect(await keeper.client.rollWaiting()).toBe(5_000)
  keeper = await keeper.restart()
  expect((await keeper.client.roll()).slots).toHaveLength(5_000)
  await requireOpen(ana)
})

test('when a trail itself is shredded nothing of it can be read, and the log still holds', slow, async () => {
  keeper = await startKeeper()
  const [ana, bea] = await sealPeople(keeper.client, 2)
  await takeGrant(keeper.client, [ana!])
  await shred(ana!, [ana!.contact, ana!.trail])
  await keeper.client.roll()
  await expect(trailOf(keeper.client, ana!)).rejects.toMatchObject({ code: 'erased' })
  keeper = await keeper.restart()
  await requireOpen(bea!)
  await expect(shred(ana!, [2])).rejects.toMatchObject({ code: 'subject_slot' })
  const { issued } = await keeper.client.status()
  await expect(shred(ana!, [issued])).rejects.toMatchObject({ code: 'unknown_slot' })
})

test('at most 100,000 slots are shredded within an hour', slow, async () => {
  keeper = await startKeeper()
  const ana = await sealPerson(keeper.client)
  const leased = [await keeper.client.lease(65_536), await keeper.client.lease(65_536)]
  const slots = leased.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, at) => from + at))
  for (let at = 0; at < 100_000; at += 10_000) await shred(ana, slots.slice(at, at + 10_000))
  await expect(shred(ana)).rejects.toMatchObject({ code: 'budget' })
  await requireOpen(ana)
})

test.each(steps)(
  'a crash at %s loses nobody, and the erasure is finished or can be repeated',
  slow,
  async step => {
    keeper = await startKeeper({ env: { CUSTODE_KEEPER_DIES_AT: step } })
    const [ana, bea] = await sealPeople(keeper.client, 2)
    const before = await copyKeeper(keeper.folder)
    await shred(ana!)
    await expect(keeper.client.roll()).rejects.toMatchObject({ code: 'unavailable' })
    expect(await keeper.ended).toBe('SIGKILL')
    const atCrash = await copyKeeper(keeper.folder)
    keeper = await keeper.restart()
    await requireErased(ana!)
    await requireOpen(bea!)
    await requireOneEpoch()
    const finished = (await keeper.client.rollWaiting()) === 0
    expect(finished).toBe(steps.indexOf(step) >= steps.indexOf('roll.directory-written'))
    if (!finished) expect((await keeper.client.roll()).slots).toEqual([ana!.contact])
    const { epoch } = await keeper.client.status()
    expect(epoch).toBe(2)
    const now = await copyKeeper(keeper.folder)
    for (const book of [before, atCrash, now]) expect(await opens(book, now, ana!), book).toBe(false)
    expect(await opens(now, now, bea!)).toBe(true)
    await requireErased(ana!)
    await requireOpen(bea!)
    // What was made before and after goes on: new slots, and the next roll.
    const carla = await sealPerson(keeper.client)
    await shred(carla)
    expect((await keeper.client.roll()).epoch).toBe(3)
  },
)

test('a roll whose new keybook does not read back is undone at the next start', slow, async () => {
  keeper = await startKeeper({ env: { CUSTODE_KEEPER_DIES_AT: 'roll.directory-written' } })
  const [ana, bea] = await sealPeople(keeper.client, 2)
  await shred(ana!)
  await expect(keeper.client.roll()).rejects.toMatchObject({ code: 'unavailable' })
  await keeper.ended
  const path = join(keeper.folder, 'book/pages/1-2')
  const bytes = await readFile(path)
  bytes[1000]! ^= 1
  await writeFile(path, bytes)
  keeper = await keeper.restart()
  expect(await keeper.client.status()).toMatchObject({ epoch: 1, waiting: 1 })
  await requireOneEpoch()
  await requireErased(ana!)
  await requireOpen(bea!)
  expect((await keeper.client.roll()).slots).toEqual([ana!.contact])
  await requireOpen(bea!)
})

test.each(['start.epoch-destroyed', 'start.swept', 'start.settled'])(
  'a crash at %s, while a start ends an interrupted roll, loses nobody',
  slow,
  async step => {
    keeper = await startKeeper({ env: { CUSTODE_KEEPER_DIES_AT: 'roll.verified' } })
    const [ana, bea] = await sealPeople(keeper.client, 2)
    await shred(ana!)
    await expect(keeper.client.roll()).rejects.toMatchObject({ code: 'unavailable' })
    await keeper.ended
    const { folder } = keeper
    await expect(startKeeper({ folder, env: { CUSTODE_KEEPER_DIES_AT: step } })).rejects.toMatchObject({
      code: null,
    })
    keeper = await startKeeper({ folder })
    expect(await keeper.client.status()).toMatchObject({ epoch: 2, waiting: 0 })
    await requireErased(ana!)
    await requireOpen(bea!)
    await requireOneEpoch()
  },
)

test.each(['start.epoch-created', 'grow.pages-written', 'grow.directory-written'])(
  'a first start that dies at %s is begun anew',
  slow,
  async step => {
    const folder = join(await copyKeeper(import.meta.dirname), 'none')
    await expect(startKeeper({ folder, env: { CUSTODE_KEEPER_DIES_AT: step } })).rejects.toMatchObject({
      code: null,
    })
    keeper = await startKeeper({ folder })
    await requireOpen(await sealPerson(keeper.client))
  },
)

test.each(['grow.pages-written', 'grow.directory-written'])(
  'a lease that dies at %s is never answered, and none of its numbers comes twice',
  slow,
  async step => {
    keeper = await startKeeper()
    const first = await keeper.client.lease(100)
    keeper = await keeper.restart({ env: { CUSTODE_KEEPER_DIES_AT: step } })
    await expect(keeper.client.lease(20_000)).rejects.toMatchObject({ code: 'unavailable' })
    await keeper.ended
    keeper = await keeper.restart()
    const second = await keeper.client.lease(20_000)
    expect(second.from).toBeGreaterThan(first.to)
    await requireOpen(await sealPerson(keeper.client))
  },
)
