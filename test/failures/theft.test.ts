import { randomBytes } from 'node:crypto'
import { cp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import type { Custodian } from '../../src/keeper/custodian.ts'
import { FileCustodian } from '../../src/keeper/file-custodian.ts'
import { findDebianPrograms } from '../debian-postgres.ts'
import { copyKeeper, type StartOptions, startKeeper } from '../keeper.ts'
import { filesUnder, Searcher } from './disguise.ts'
import {
  beforeLeaving,
  boxesIn,
  markers,
  type RobbedCompany,
  robCompany,
  type StolenBox,
} from './robbed-company.ts'
import { provokeErrors } from './sql-errors.ts'
import { holdsKey, Thief } from './thief.ts'

// Somebody has carried away whatever was ever copied of a company, and has its custodians of today as well.

let company: RobbedCompany | null = null

beforeAll(async () => {
  const programs = findDebianPrograms()
  if (programs !== null) company = await robCompany(programs)
}, 180_000)
afterAll(() => company?.end())

const claim = (name: string, act: (company: RobbedCompany) => Promise<void>) =>
  it(name, { timeout: 120_000 }, async (context: TestContext) => {
    if (company === null) return context.skip('no PostgreSQL with pg_basebackup under /usr/lib/postgresql')
    await act(company)
  })

/** Both custodians as they are today; of the file custodian a copy, so that a thief changes nothing. */
async function custodiansOfToday({ fresh, custodian, second }: RobbedCompany): Promise<Custodian[]> {
  const copy = await fresh('custodian')
  await cp(custodian, copy, { recursive: true })
  return [await FileCustodian.open(copy, Date.now), second.client]
}

/** Every copy of the keybook, and the keybooks of today. */
const allBooks = ({ loot, house, place }: RobbedCompany) => [
  ...loot.books,
  ...[loot.keeper, house.keeperProcess.folder, place].map(folder => join(folder, 'book')),
]

/** Somebody who took the custodian's folder too, before Ana left. */
async function thiefOfThen(robbed: RobbedCompany): Promise<Thief> {
  const thief = new Thief()
  const old = await FileCustodian.open(await again(robbed, robbed.loot.custodian), Date.now)
  await thief.rob([join(robbed.loot.keeper, 'book')], [old])
  return thief
}

async function thiefOfToday(robbed: RobbedCompany): Promise<Thief> {
  const thief = new Thief()
  await thief.rob(allBooks(robbed), await custodiansOfToday(robbed))
  for (const file of await filesUnder(robbed.custodian)) thief.take((await readFile(file)).subarray(-32))
  return thief
}

/** The boxes of those who left, and those of all others. */
function sorted({ erased }: RobbedCompany, boxes: StolenBox[]): { gone: Buffer[]; kept: Buffer[] } {
  const bytesOf = (wanted: boolean) =>
    boxes.filter(box => erased.has(box.subject) === wanted).map(box => box.bytes)
  return { gone: bytesOf(true), kept: bytesOf(false) }
}

/** A copy of something stolen, for a keeper that will write into it. */
async function again({ fresh }: RobbedCompany, folder: string): Promise<string> {
  const copy = await fresh('again')
  await cp(folder, copy, { recursive: true })
  return copy
}

async function startOld(robbed: RobbedCompany, options: StartOptions): Promise<string> {
  const folder = await again(robbed, robbed.loot.keeper)
  const thief = await startKeeper({ ...options, folder })
  await thief.kill()
  return folder
}

/** Whoever stays goes on working with the keeper of today. */
async function requireAtWork({ house, bea }: RobbedCompany): Promise<void> {
  const { statusCode, body } = await house.app.inject({
    ...{ method: 'GET', url: '/api/v1/portal/data', cookies: bea.cookies },
  })
  expect(statusCode).toBe(200)
  expect(body).toContain(bea.name)
}

describe('a thief has the boxes of who left', () => {
  const requireAll = (found: StolenBox[], { boxes }: RobbedCompany) =>
    expect(found.map(box => box.bytes.toString('hex')).sort()).toEqual(
      boxes.map(box => box.bytes.toString('hex')).sort(),
    )

  claim('from a base backup', async robbed => {
    const copy = await robbed.cluster.open(robbed.loot.late)
    requireAll(await boxesIn(copy.admin), robbed)
    await copy.stop()
  })

  claim('from an older base backup and the archive of the write-ahead log', async robbed => {
    const copy = await robbed.cluster.open(robbed.loot.early, beforeLeaving)
    requireAll(await boxesIn(copy.admin), robbed)
    await copy.stop()
  })

  claim('from the folder of a streaming replica', async robbed => {
    const copy = await robbed.cluster.open(robbed.loot.replica)
    requireAll(await boxesIn(copy.admin), robbed)
    await copy.stop()
  })

  claim('from a dump', async ({ boxes, loot }) => {
    for (const { bytes } of boxes) expect(loot.dump).toContain(bytes.toString('hex'))
  })

  claim(
    'from the archive alone, and the files of today’s database, where deleted rows lie on',
    async robbed => {
      const { gone } = sorted(robbed, robbed.boxes)
      for (const folder of [robbed.cluster.archive, robbed.cluster.data]) {
        const files = await Promise.all(
          (await filesUnder(folder)).map(file => readFile(file).catch(() => null)),
        )
        // A page of the log may begin in the middle of a box.
        const found = gone.filter(box => files.some(bytes => bytes?.includes(box)))
        expect(found.length, folder).toBeGreaterThan(gone.length / 2)
      }
    },
  )
})

describe('with every copy of the keybook and today’s custodians', () => {
  claim('no key that can be had opens a box of who left, and all others open', async robbed => {
    const thief = await thiefOfToday(robbed)
    // All slots of the book of today, which is more than one page.
    expect(thief.keys).toBeGreaterThan(1024)
    const { gone, kept } = sorted(robbed, robbed.boxes)
    expect(gone.length).toBeGreaterThan(10)
    expect(gone.map(box => thief.open(box)).filter(text => text !== null)).toEqual([])
    const opened = kept.map(box => thief.open(box))
    expect(opened).not.toContain(null)
    expect(opened.join()).toContain(robbed.bea.name)
    expect(opened.join()).toContain(robbed.world.ana.name)
  })

  claim('no 32 bytes that stand anywhere in an old keeper’s folder are a key of such a box', async robbed => {
    const { loot, custodian, boxes, ana } = robbed
    const names = [...(await filesUnder(loot.keeper)), ...(await filesUnder(custodian))]
    const files = await Promise.all(names.map(name => readFile(name)))
    const box = boxes.find(one => one.subject === ana.id)!.bytes
    expect(holdsKey(files, box)).toBe(false)
    const key = (await thiefOfThen(robbed)).findKey(box)!
    expect(holdsKey([Buffer.concat([randomBytes(77), key, randomBytes(7)])], box)).toBe(true)
  })

  claim(
    'the keeper does not start on its old folder, even when nobody remembers a checkpoint',
    async robbed => {
      const { custodian, loot, house } = robbed
      const today = await again(robbed, custodian)
      await rm(join(today, 'checkpoint'))
      await expect(startOld(robbed, { custodians: [`file:${today}`] })).rejects.toThrow(
        /no custodian opens the keybook/,
      )
      // Nor with the old folder's book under the log of today.
      const mixed = await copyKeeper(house.keeperProcess.folder)
      await rm(join(mixed, 'book'), { recursive: true })
      await cp(join(loot.keeper, 'book'), join(mixed, 'book'), { recursive: true })
      await expect(startKeeper({ folder: mixed, custodians: [`file:${today}`] })).rejects.toThrow(
        /no custodian opens the keybook/,
      )
    },
  )
})

describe('with an old copy of the custodian’s folder as well, which nobody registered', () => {
  claim('everything opens that opened on its day: this is the limit', async robbed => {
    const thief = await thiefOfThen(robbed)
    const { gone, kept } = sorted(robbed, robbed.boxes)
    const opened = [...gone, ...kept].map(box => thief.open(box))
    expect(opened).not.toContain(null)
    for (const marker of Object.values(markers)) expect(opened.join()).toContain(marker)
  })

  claim('the keeper starts on it while no other custodian and no place is asked', async robbed => {
    const custodians = [`file:${await again(robbed, robbed.loot.custodian)}`]
    await expect(startOld(robbed, { custodians })).resolves.toContain('again-')
  })

  claim('the keeper refuses when a custodian of another kind is today’s', async robbed => {
    const old = await again(robbed, robbed.loot.custodian)
    const custodians = [`file:${old}`, `vault-transit@${robbed.second.socket}`]
    await expect(startOld(robbed, { custodians })).rejects.toThrow(/known|gone back in time/)
    await requireAtWork(robbed)
  })

  claim('the keeper refuses when a place is today’s', async robbed => {
    const custodians = [`file:${await again(robbed, robbed.loot.custodian)}`]
    const places = [await again(robbed, robbed.place)]
    await expect(startOld(robbed, { custodians, places })).rejects.toThrow(/known|gone back in time/)
    await requireAtWork(robbed)
  })
})

describe('no value stands as it is, nor in utf-16, base64, hex or NFD', () => {
  const searcher = new Searcher(Object.values(markers))

  claim('in a base backup, the archive, a replica, a dump or the data folder', async ({ cluster, loot }) => {
    for (const folder of [loot.early, loot.late, loot.replica, cluster.archive, cluster.data])
      expect(await searcher.under(folder), folder).toEqual([])
    expect(searcher.in(Buffer.from(loot.dump))).toEqual([])
  })

  claim('in any copy of the keeper, a place or a custodian', async robbed => {
    const { loot, house, place, custodian } = robbed
    for (const folder of [
      ...loot.books,
      loot.keeper,
      loot.custodian,
      house.keeperProcess.folder,
      place,
      custodian,
    ])
      expect(await searcher.under(folder), folder).toEqual([])
  })

  claim(
    'in PostgreSQL’s log after every class of error, or in what keeper and custodian say',
    async robbed => {
      const { cluster, house, second } = robbed
      await provokeErrors(house.database, Object.values(markers))
      const log = await readFile(cluster.log)
      expect(log.toString()).toContain('ready to accept connections')
      for (const said of [log, Buffer.from(house.keeperProcess.said()), Buffer.from(second.said)])
        expect(searcher.in(said)).toEqual([])
    },
  )
})
