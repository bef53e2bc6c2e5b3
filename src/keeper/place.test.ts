import { hash, randomUUID } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { FailedStart, type KeeperProcess, startKeeper } from '../../test/keeper.ts'
import { type SealedPerson, sealPeople, sealPerson, takeGrant } from '../../test/sealed-person.ts'

// Each of these starts the keeper several times.
const slow = { timeout: 120_000 }

let keeper: KeeperProcess
let places: string[]
let custodian: string

async function newFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${name}-`))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

beforeEach(async () => {
  places = [await newFolder('place'), await newFolder('place')]
  custodian = await newFolder('custodian')
  keeper = await startKeeper({ places, custodians: [`file:${custodian}`] })
})

afterEach(() => keeper.kill())

/** Every file of the log and the book, by its name. */
async function contentOf(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const part of ['book', 'log']) {
    const names = await readdir(join(folder, part), { recursive: true, withFileTypes: true })
    for (const entry of names.filter(one => one.isFile())) {
      const path = join(entry.parentPath, entry.name)
      found.set(path.slice(folder.length), hash('sha256', await readFile(path)).slice(0, 12))
    }
  }
  return found
}

async function requireOpen(person: SealedPerson): Promise<void> {
  const grant = await takeGrant(keeper.client, [person])
  const opened = await keeper.client.open({ ...grant, fields: ['email'], items: [person.box] })
  expect(opened).toHaveLength(1)
}

const shred = (person: SealedPerson) =>
  keeper.client.shred({
    ...{ act: randomUUID(), subject: { trailSlot: person.trail, alias: person.alias } },
    ...{ actor: 'customer', slots: [person.contact], reason: 'withdrawal' },
  })

/** The keeper's disk is lost: it begins again with what a place holds. */
async function recoverFrom(place: string): Promise<void> {
  const fresh = await newFolder('keeper')
  for (const part of ['book', 'log']) await cp(join(place, part), join(fresh, part), { recursive: true })
  const others = places.filter(one => one !== place)
  keeper = await startKeeper({ folder: fresh, places: others, custodians: [`file:${custodian}`] })
}

test('every place holds the whole keybook and every entry that was acknowledged', slow, async () => {
  const people = await sealPeople(keeper.client, 3)
  await takeGrant(keeper.client, people, { actorSlot: people[0]!.trail })
  await keeper.client.lease(20_000)
  await shred(people[0]!)
  await keeper.client.roll()
  await requireOpen(people[1]!)
  const own = await contentOf(keeper.folder)
  for (const place of places) expect(await contentOf(place)).toEqual(own)
})

test('when the keeper’s own disk is lost, any place has everything that was acknowledged', slow, async () => {
  const [ana, bea] = await sealPeople(keeper.client, 2)
  await shred(ana!)
  await keeper.client.roll()
  const { issued, size } = await keeper.client.status()
  const last = await takeGrant(keeper.client, [bea!])
  await keeper.kill()
  await rm(keeper.folder, { recursive: true })
  await recoverFrom(places[1]!)
  expect(await keeper.client.status()).toMatchObject({ issued, size: size + 1 })
  await keeper.client.open({ ...last, fields: ['email'], items: [bea!.box] })
  await expect(takeGrant(keeper.client, [{ ...ana!, trail: ana!.contact }])).rejects.toMatchObject({
    code: 'erased',
  })
})

test(
  'a place that is lost stops rolls and new pages, nothing else, and is filled again when it is back',
  slow,
  async () => {
    const [ana, bea] = await sealPeople(keeper.client, 2)
    await rm(places[0]!, { recursive: true })
    await writeFile(places[0]!, 'no folder')
    await requireOpen(bea!)
    await shred(ana!)
    await expect(keeper.client.roll()).rejects.toMatchObject({ code: 'unavailable' })
    await expect(keeper.client.lease(60_000)).rejects.toMatchObject({ code: 'unavailable' })
    await keeper.client.lease(10)
    await requireOpen(bea!)
    await expect
      .poll(() => keeper.said(), { timeout: 20_000 })
      .toContain(`the place ${places[0]} cannot be reached`)
    const status = await keeper.client.status()
    expect(status).toMatchObject({ places: 2, unreached: ['place/1'], settled: true, waiting: 1 })
    expect(JSON.stringify(status)).not.toContain(places[0])
    await rm(places[0]!)
    await mkdir(places[0]!)
    const { slots, t1 } = await keeper.client.roll()
    expect(slots).toEqual([ana!.contact])
    expect(t1).not.toBeNull()
    await requireOpen(bea!)
    expect(await contentOf(places[0]!)).toEqual(await contentOf(keeper.folder))
  },
)

test('a keeper’s folder that is older than a place is not opened', slow, async () => {
  await sealPerson(keeper.client)
  await keeper.stop()
  const old = await newFolder('old')
  await cp(keeper.folder, old, { recursive: true })
  keeper = await keeper.restart()
  await sealPerson(keeper.client)
  await keeper.kill()
  // Even where the custodian's own memory of the log went back with it.
  await cp(join(places[0]!, 'checkpoint'), join(custodian, 'checkpoint'))
  const failed = await startKeeper({ folder: old, places, custodians: [`file:${custodian}`] }).catch(e => e)
  expect(failed).toBeInstanceOf(FailedStart)
  expect(failed.message).toMatch(/known|gone back in time/)
  await rm(join(places[0]!, 'checkpoint'))
  await rm(join(places[1]!, 'checkpoint'))
  await rm(join(custodian, 'checkpoint'))
  const longer = await startKeeper({ folder: old, places, custodians: [`file:${custodian}`] }).catch(e => e)
  expect(longer.message).toContain('holds a longer or another one')
})

test('of two keepers on copies of one folder the older stops at its next write', slow, async () => {
  const ana = await sealPerson(keeper.client)
  const copy = await newFolder('copy')
  for (const part of ['book', 'log'])
    await cp(join(keeper.folder, part), join(copy, part), { recursive: true })
  const younger = await startKeeper({ folder: copy, custodians: [`file:${custodian}`] })
  onTestFinished(() => younger.kill())
  await expect(takeGrant(keeper.client, [ana])).rejects.toMatchObject({ code: 'unavailable' })
  expect(await keeper.ended).toBe(1)
  expect(keeper.said()).toContain('another keeper has started')
  await takeGrant(younger.client, [ana])
})

const steps = [
  ...['roll.begun', 'roll.epoch-created', 'place.pages-written', 'roll.pages-written'],
  ...['place.directory-written', 'roll.directory-written', 'roll.verified', 'roll.custodian-destroyed'],
  ...['roll.epoch-destroyed', 'roll.swept', 'roll.settled', 'roll.rolled'],
]

test.each(steps)(
  'a roll that dies at %s with the disk lost as well goes on from any place',
  slow,
  async step => {
    await keeper.stop()
    keeper = await keeper.restart({ env: { CUSTODE_KEEPER_DIES_AT: step } })
    const [ana, bea] = await sealPeople(keeper.client, 2)
    await shred(ana!)
    await expect(keeper.client.roll()).rejects.toMatchObject({ code: 'unavailable' })
    expect(await keeper.ended).toBe('SIGKILL')
    await rm(keeper.folder, { recursive: true })
    await recoverFrom(places[1]!)
    await requireOpen(bea!)
    const { waiting } = await keeper.client.status()
    if (waiting > 0) await keeper.client.roll()
    expect((await keeper.client.status()).waiting).toBe(0)
    expect((await readdir(custodian)).filter(name => name.startsWith('epoch-'))).toEqual(['epoch-2'])
    const carla = await sealPerson(keeper.client)
    await requireOpen(carla)
    expect(await contentOf(places[0]!)).toEqual(await contentOf(keeper.folder))
  },
)
