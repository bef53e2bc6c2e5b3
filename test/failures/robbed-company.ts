import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Queryable } from '../../src/core/database.ts'
import { withdraw } from '../../src/disposal/withdrawal.ts'
import { sell } from '../../src/supervisor/demo-company.ts'
import { CustodianProcess } from '../custodian.ts'
import { FakeVault } from '../fakes/vault.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { copyKeeper, startKeeper } from '../keeper.ts'
import { type Leaver, newLeaver } from '../leaver.ts'
import { buildWorld, type World } from '../world.ts'
import { ArchivedCluster } from './archived-cluster.ts'

/** Signs that nothing else has, one in each kind of value that a customer gives or the company keeps. */
export const markers = {
  name: 'Żółćimára Quondamattéo',
  email: 'zolcimara.quondam@wjelt-nonsuch.example',
  phone: '+393201987654',
  question: 'Ubi est spiculifér azzurrissimo nùmero qoph?',
  purchase: 'Sciàcquabicchieri pervinca gæmmata',
}

export interface StolenBox {
  subject: string
  bytes: Buffer
}

export const boxesIn = (database: Queryable): Promise<StolenBox[]> =>
  database.query<StolenBox>('select subject, bytes from box order by subject, compartment, row')

/** All that thieves have carried away: paths of copies, which they may change as they like. */
export interface Loot {
  /** A base backup from before anybody joined, and one from just before Ana left. */
  early: string
  late: string
  /** The streaming replica's folder of that moment. */
  replica: string
  dump: string
  /** `book/` of the keeper and of its place, before and after each roll. */
  books: string[]
  /** The keeper's whole folder from before Ana left, and what the file custodian held at that time. */
  keeper: string
  custodian: string
}

/** Up to which point the archive is replayed: just before Ana leaves. */
export const beforeLeaving = 'before_leaving'

export type RobbedCompany = Awaited<ReturnType<typeof robCompany>>

/**
 * A company with an archive, backups, a replica, two custodians of different kinds and a place. Three customers leave
 * one after the other, and with each the keybook is rolled; the second is Ana, who has left her marks everywhere.
 */
export async function robCompany(programs: string) {
  const cluster = await ArchivedCluster.start(programs)
  const early = await cluster.backUp('early')
  const held = await mkdtemp(join(tmpdir(), 'custode-held-'))
  const [custodian, place] = [join(held, 'custodian'), join(held, 'place')]
  const vault = await FakeVault.start()
  vault.makeKey('custode')
  const second = new CustodianProcess('vault-transit', await vault.environment())
  if (!(await second.start())) throw new Error(second.said)
  const custodians = [`file:${custodian}`, `vault-transit@${second.socket}`]
  const keeper = await startKeeper({ places: [place], custodians })
  const house = await openHouse({ on: { database: cluster.database, keeper } })
  const world = await buildWorld(house)
  const [carla, bea, dario] = [
    await newLeaver(house, world),
    await newLeaver(house, world),
    await newLeaver(house, world),
  ]
  const ana = await markedLeaver(house, world)

  const books: string[] = []
  const copyBooks = async () => {
    for (const folder of [keeper.folder, place]) {
      const copy = join(held, `book-${books.length}`)
      await cp(join(folder, 'book'), copy, { recursive: true })
      books.push(copy)
    }
  }
  await copyBooks()
  await withdraw(house.house, carla.session)
  await copyBooks()

  const boxes = await boxesIn(cluster.database.owner)
  const streaming = await cluster.replicate('replica')
  const loot: Loot = {
    ...{ early, books, replica: streaming.folder },
    late: await cluster.backUp('late'),
    dump: await cluster.dump(),
    keeper: await copyKeeper(keeper.folder),
    custodian: join(held, 'old-custodian'),
  }
  await cp(custodian, loot.custodian, { recursive: true })
  await cluster.mark(beforeLeaving)
  await cluster.replicated(streaming)
  await streaming.stop()

  await withdraw(house.house, ana.session)
  await copyBooks()
  const applicants = await cluster.database.owner.query<{ id: string }>(
    `select id from subject where kind = 'applicant'`,
  )
  await house.work()
  await withdraw(house.house, dario.session)
  await copyBooks()
  await cluster.archived()
  return {
    ...{ cluster, house, world, ana, bea, loot, boxes, custodian, place, second },
    /** Whose boxes are erased by now: of those who left, and of everybody as the applicant they once were. */
    erased: new Set([ana.id, dario.id, ...applicants.map(one => one.id)]),
    /** A folder for what a test makes. */
    fresh: (name: string) => mkdtemp(join(held, `${name}-`)),
    end: async () => {
      await house.close()
      await second.end()
      await vault.end()
      await cluster.end()
      await rm(held, { recursive: true, force: true })
    },
  }
}

async function markedLeaver(house: TestHouse, world: World): Promise<Leaver> {
  const { name, email, phone } = markers
  const ana = await newLeaver(house, world, { name, email, phone })
  const line = { code: 'X-1', quantity: 1, unit_price: { amount: 100, currency: 'EUR', exponent: 2 } }
  await sell(house.house, ana.id, [
    {
      ...{ source: 'shop', invoice: 'M-1', madeAt: new Date('2026-05-09T16:05:00Z') },
      lines: [{ ...line, description: markers.purchase }],
    },
  ])
  const asked = await house.app.inject({
    ...{ method: 'POST', url: '/api/v1/portal/questions', cookies: ana.cookies },
    payload: { type: 'delivery_question', text: markers.question },
  })
  if (asked.statusCode !== 201) throw new Error(`the question was refused with ${asked.statusCode}`)
  return ana
}
