import { cp, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { newId, newToken, sha256 } from '../../src/core/ids.ts'
import { withdraw } from '../../src/disposal/withdrawal.ts'
import type { KeeperClient } from '../../src/keeper/client.ts'
import { company } from '../../src/supervisor/demo-company.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { copyKeeper, startKeeper } from '../keeper.ts'
import { type Leaver, newLeaver, rowsWith } from '../leaver.ts'
import { buildWorld, type World } from '../world.ts'

// What is left of somebody after t1, and what old copies open.

interface StoredBox {
  compartment: string
  row: string
  version: number
  bytes: Buffer
}

let house: TestHouse
let world: World
let leaver: Leaver
let boxes: StoredBox[]
let others: StoredBox[]
/** The keeper's folder as somebody copied it before the withdrawal. */
let stolen: string

const name = 'Zaira Quondamatteo'
const email = 'zaira.quondamatteo@example.org'
const phone = '+393201987654'

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
  leaver = await newLeaver(house, world, { name, email, phone })
  boxes = await boxesOf(leaver.id)
  others = await boxesOf(world.ana.id)
  stolen = await copyKeeper(house.keeperProcess.folder)
  await withdraw(house.house, leaver.session)
})
afterAll(async () => {
  await rm(stolen, { recursive: true, force: true })
  await house.close()
})

const boxesOf = (subject: string) =>
  house.owner.query<StoredBox>('select compartment, row, version, bytes from box where subject = $1', [
    subject,
  ])

/** Whether a keeper opens boxes, as somebody would try it who has the keeper itself in hand. */
async function open(
  keeper: KeeperClient,
  person: { id: string; trail: number; alias: string },
  found: StoredBox[],
): Promise<unknown> {
  const [grant, secret] = [newId(), newToken()]
  await keeper.makeGrant({
    ...{ id: grant, secretHash: sha256(secret).toString('hex'), kind: 'job', actor: 'system' },
    subjects: [{ customer: person.id, trailSlot: person.trail, alias: person.alias }],
    ...{ fields: ['*'], compartments: [...new Set(found.map(box => box.compartment))] },
    ...{ purpose: 'test', until: Date.now() + 60_000, most: 10, policy: '' },
  })
  return keeper.open({
    ...{ grant, secret, fields: ['*'] },
    items: found.map(({ bytes, ...box }) => ({ ...box, customer: person.id, box: bytes })),
  })
}

/** Folders go while other tests drop their databases. */
async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const deeper = entries
    .filter(entry => entry.isDirectory())
    .map(entry => filesUnder(join(folder, entry.name)))
  const files = entries.filter(entry => entry.isFile()).map(entry => join(folder, entry.name))
  return [...files, ...(await Promise.all(deeper)).flat()]
}

/** The files in which one of the values stands as it is; unless told the person's. */
async function filesWithValues(folder: string, plain?: string): Promise<string[]> {
  const texts = plain === undefined ? [name, email, phone, 'Quondamatteo', 'quondamatteo'] : [plain]
  const values = texts.map(text => Buffer.from(text))
  const found: string[] = []
  for (const file of await filesUnder(folder)) {
    // A file may go while PostgreSQL works.
    const bytes = await readFile(file).catch(() => Buffer.alloc(0))
    if (values.some(value => bytes.includes(value))) found.push(file)
  }
  return found
}

describe('after a withdrawal', () => {
  it('no table holds a value or the id, but for the trail that is kept', async () => {
    for (const value of [name, email, phone, 'quondamatteo'])
      expect(await rowsWith(house.owner, value), value).toEqual({})
    expect(await rowsWith(house.owner, leaver.id)).toEqual({ slot: 1, subject: 1 })
  })

  it('no file of the database, its write-ahead log among them, holds a value', async ctx => {
    if (process.env.CUSTODE_TEST_DATABASE_URL !== undefined)
      return ctx.skip('the files of an external PostgreSQL cannot be read from here')
    const folder = join(inject('cluster').host, '..', 'db')
    expect(await filesWithValues(folder, company)).not.toEqual([])
    expect(await filesWithValues(folder)).toEqual([])
  }, 60_000)

  it('no file of the keeper holds a value, and no copy of one', async () => {
    expect(await filesWithValues(house.keeperProcess.folder, 'custode/')).not.toEqual([])
    expect(await filesWithValues(house.keeperProcess.folder)).toEqual([])
    expect(await filesWithValues(stolen)).toEqual([])
  })

  it('the keeper refuses the old boxes, and opens those of the others', async () => {
    await expect(open(house.keeper, leaver, boxes)).rejects.toMatchObject({ code: 'erased' })
    expect(JSON.stringify(await open(house.keeper, world.ana, others))).toContain(world.ana.name)
  })
})

describe('a copy of the keeper from before', () => {
  it('opens nothing when it is the book alone, even with the custodian and the log of today', async () => {
    const folder = await copyKeeper(house.keeperProcess.folder)
    await rm(join(folder, 'book'), { recursive: true })
    await cp(join(stolen, 'book'), join(folder, 'book'), { recursive: true })
    await expect(startKeeper({ folder })).rejects.toThrow(/no custodian opens the keybook/)
    await rm(folder, { recursive: true })
  })

  it('opens everything when the epoch key lay in it: a copy that nobody registered defeats the erasure', async () => {
    const thief = await startKeeper({ folder: stolen })
    expect(JSON.stringify(await open(thief.client, leaver, boxes))).toContain(name)
    await thief.stop()
  })
})
