import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { drain, noteOnly } from '../../src/core/outbox.ts'
import { findOlder } from '../../src/disposal/database-age.ts'
import { restore } from '../../src/disposal/restoration.ts'
import { withdraw } from '../../src/disposal/withdrawal.ts'
import { newDatabase, type TestDatabase } from '../database.ts'
import { dyingHouse } from '../dying-house.ts'
import { openHouse, type TestHouse } from '../house.ts'
import type { KeeperProcess } from '../keeper.ts'
import { newLeaver } from '../leaver.ts'
import { backUp, loadInto, removeBackup, replayInto } from '../restored-house.ts'
import { buildWorld, type World } from '../world.ts'

// What counts as older than the log, what does not, and what a crash in the middle of the replay leaves.

let house: TestHouse
let world: World
const note = { kind: 'session.refused', actor: 'customer', result: 'refused' } as const

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
})
afterAll(() => house.close())

const older = () => findOlder(house.database, house.house.keeper)

/** Leaves entries in the outbox, as a keeper that was killed does. */
async function leaveWaiting(subject: string): Promise<void> {
  await house.killKeeper()
  await noteOnly(house.house, subject, note).catch(() => {})
  await house.reviveKeeper()
}

describe('the ordinary end of a crash is no older database', () => {
  it('when an entry waits that the keeper never saw', async () => {
    await leaveWaiting(world.ana.id)
    expect(await house.owner.query('select 1 from outbox')).toHaveLength(1)
    expect(await older()).toBe(null)
    await drain(house.house)
    expect(await older()).toBe(null)
  })

  it('when an entry waits that the keeper has, because the crash came before its row was removed', async () => {
    await leaveWaiting(world.ana.id)
    const [row] = await house.owner.query<{ id: string; number: number; body: object; subject: string }>(
      'select id, subject, number, body from outbox',
    )
    await drain(house.house)
    await house.owner.query(
      'insert into outbox (id, subject, number, body, written_at) values ($1, $2, $3, $4, now())',
      [row!.id, row!.subject, row!.number, JSON.stringify(row!.body)],
    )
    expect(await older()).toBe(null)
    expect(await drain(house.house)).toEqual({})
  })

  it('when an erasure was cut off between its intent and its rows', async () => {
    const leaver = await newLeaver(house, world)
    await house.house.keeper.shred({
      ...{ act: newId(), actor: 'system', reason: 'withdrawal', slots: [leaver.slots.contact!] },
      subject: { trailSlot: leaver.trail, alias: leaver.alias },
    })
    expect(await older()).toBe(null)
  })

  it('when somebody has left wholly and everything is done', async () => {
    const leaver = await newLeaver(house, world)
    await withdraw(house.house, leaver.session)
    await house.work()
    expect(await older()).toBe(null)
  })
})

describe('an older database', () => {
  let folder: string
  let database: TestDatabase
  let keeper: KeeperProcess
  beforeAll(async () => {
    folder = await backUp(house)
    await noteOnly(house.house, world.ana.id, note)
  })
  afterAll(() => removeBackup(folder))

  it('is one that knows fewer changes than the log', async () => {
    database = await loadInto(folder)
    expect(await findOlder(database.server, house.house.keeper)).toBe('fewer_changes')
  })

  it('is one that went on beside the log as if nothing were: its later entries follow those of the log', async () => {
    const beside = { ...house.house, database: database.server }
    await noteOnly(beside, world.ana.id, note).catch(() => {})
    await noteOnly(beside, world.ana.id, note).catch(() => {})
    expect(await drain(beside)).toEqual({ change_gap: 1 })
    expect(await findOlder(database.server, house.house.keeper)).toBe('two_histories')
    const replayed = await replayInto(database, house.keeperProcess, house.house)
    keeper = replayed.keeper
    const after = { ...beside, keeper: keeper.client }
    expect(await drain(after)).toEqual({})
    expect(await database.owner.query('select 1 from outbox')).toEqual([])
    expect(await findOlder(database.server, keeper.client)).toBe(null)
    await noteOnly(after, world.ana.id, note)
  })

  it('is one that is empty beside a log that is not', async () => {
    const empty = await newDatabase()
    expect(await findOlder(empty.server, keeper.client)).toBe('empty')
    await empty.drop()
  })

  it('stays one until the replay is whole, wherever a crash ends it, and is none from then on', async () => {
    const old = await loadInto(folder)
    keeper = await keeper.restart({ restoring: true })
    const whole = { ...house.house, database: old.owner, keeper: keeper.client }
    let deaths = 0
    for (let at = 1; ; at++) {
      const { house: dying } = dyingHouse(whole, { at, when: 'before' })
      const died = await restore(dying, { backupAt: null }).then(
        () => false,
        () => true,
      )
      if (!died) break
      deaths++
      const done = await old.owner.query('select 1 from restoration')
      const state = await findOlder(old.server, keeper.client)
      expect([done.length > 0, state !== null]).toEqual(done.length > 0 ? [true, false] : [false, true])
      if (done.length > 0) break
    }
    expect(deaths).toBeGreaterThan(5)
    // What the crash after the commit left is the entry of the restore itself, which waits like any other.
    expect(await drain(whole)).toEqual({})
    await restore(whole, { backupAt: null })
    expect(await findOlder(old.server, keeper.client)).toBe(null)
    await old.drop()
    await database.drop()
    await keeper.stop()
  }, 120_000)
})
