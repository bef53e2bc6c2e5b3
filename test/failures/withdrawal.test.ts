import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SetClock } from '../../src/core/clock.ts'
import type { House } from '../../src/core/house.ts'
import { DevelopmentOutbox } from '../../src/core/mail.ts'
import { drain } from '../../src/core/outbox.ts'
import { SlotLease } from '../../src/core/slot-lease.ts'
import { makeReceipt } from '../../src/disposal/receipt.ts'
import { checkReceipt } from '../../src/disposal/receipt-check.ts'
import { resumeErasures } from '../../src/disposal/resumption.ts'
import { withdraw, withdrawalLink } from '../../src/disposal/withdrawal.ts'
import { buildServer } from '../../src/server.ts'
import { withJobGrant } from '../../src/use/grant.ts'
import { read } from '../../src/use/reading.ts'
import { newDatabase, type TestDatabase } from '../database.ts'
import { Death, dyingHouse } from '../dying-house.ts'
import { type KeeperProcess, startKeeper } from '../keeper.ts'
import { picture, rowsWith, slotsOf } from '../leaver.ts'
import { SetStopwatch } from '../set-stopwatch.ts'
import { buildWorld, type CustomerInWorld, type World } from '../world.ts'

let database: TestDatabase
let keeper: KeeperProcess
let house: House
let world: World

beforeAll(async () => {
  ;[database, keeper] = await Promise.all([newDatabase(), startKeeper()])
  house = {
    ...{ database: database.server, keeper: keeper.client, slots: new SlotLease(keeper.client) },
    ...{ clock: new SetClock(new Date()), stopwatch: new SetStopwatch(), post: new DevelopmentOutbox() },
    ...{ publicUrl: 'http://localhost:8080', demo: false },
  }
  world = await buildWorld({ house })
})
afterAll(async () => {
  await keeper.stop()
  await database.drop()
})

/** A new server process: what a start does before anybody is let in. */
async function startAgain(): Promise<void> {
  await drain(house)
  await resumeErasures(house)
}

async function startKeeperAgain(env: Record<string, string> = {}): Promise<void> {
  keeper = await keeper.restart({ env })
  house.keeper = keeper.client
  house.slots = new SlotLease(keeper.client)
}

interface Leaving {
  leaver: CustomerInWorld
  slots: Record<string, number>
}

async function newLeaving(): Promise<Leaving> {
  const leaver = await world.join()
  const slots = await slotsOf(database.owner, leaver.id)
  return { leaver, slots }
}

async function expectWithdrawn({ leaver, slots }: Leaving): Promise<void> {
  expect(await rowsWith(database.owner, leaver.id)).toEqual({ slot: 1, subject: 1 })
  expect(await slotsOf(database.owner, leaver.id)).toEqual({ trail: slots.trail })
  const records = await database.owner.query<{ t1: Date | null }>(
    'select t1 from erasure where $1 = any (slots)',
    [slots.identity],
  )
  expect(records).toEqual([{ t1: expect.any(Date) }])
  expect(await house.keeper.status()).toMatchObject({ shredsPending: 0, waiting: 0 })
  const receipt = await makeReceipt(house, withdrawalLink(leaver.session.token))
  expect(checkReceipt(receipt)).toMatchObject({ ok: true })
}

let others: Record<string, string[]>
beforeEach(async () => {
  others = await picture(database.owner, world.ana.id)
})
afterEach(async () => {
  expect(await picture(database.owner, world.ana.id)).toEqual(others)
  expect(await nameOfAna()).toBe(world.ana.name)
})

/** Whoever stays can still be read. */
async function nameOfAna(): Promise<unknown> {
  const wanted = {
    ...{ subjects: [world.ana.id], fields: ['name'], compartments: ['identity'], purpose: 'service' },
    ...{ minutes: 1, most: 1 },
  }
  const [box] = await withJobGrant(house, wanted, grant => read(house, grant, world.ana.id, wanted))
  return box?.values.name?.value
}

/** How many calls a withdrawal makes when nothing happens to it. */
async function callsOfWithdrawal(): Promise<string[]> {
  const { leaver } = await newLeaving()
  const healthy = dyingHouse(house, { at: 0, when: 'before' })
  await withdraw(healthy.house, leaver.session)
  return healthy.calls
}

/** As which call of a withdrawal, counted from 1, the named one comes. */
const placeOf = async (name: string): Promise<number> => (await callsOfWithdrawal()).indexOf(name) + 1

describe('a server that dies while somebody leaves', () => {
  it('at any call, before or after it took effect, finishes the withdrawal at its next start', async () => {
    const calls = await callsOfWithdrawal()
    expect(calls).toContain('keeper.shred')
    expect(calls).toContain('keeper.roll')
    for (let at = 1; at <= calls.length; at++) {
      for (const when of ['before', 'after'] as const) {
        const whole = await newLeaving()
        const dying = dyingHouse(house, { at, when })
        await expect(withdraw(dying.house, whole.leaver.session)).rejects.toBeInstanceOf(Death)
        await startAgain()
        if (at === 1 && when === 'before') {
          expect(Object.keys(await slotsOf(database.owner, whole.leaver.id))).toHaveLength(5)
          continue
        }
        await expectWithdrawn(whole)
      }
    }
  }, 240_000)

  it('twice, the second time while it resumes, still finishes', async () => {
    const whole = await newLeaving()
    const first = dyingHouse(house, { at: 6, when: 'after' })
    await expect(withdraw(first.house, whole.leaver.session)).rejects.toBeInstanceOf(Death)
    for (let at = 1; at <= 8; at++) {
      const again = dyingHouse(house, { at, when: 'after' })
      await resumeErasures(again.house).catch(() => {})
    }
    await startAgain()
    await expectWithdrawn(whole)
  })

  it('leaves nothing to do for whoever resumes once more', async () => {
    const whole = await newLeaving()
    await withdraw(house, whole.leaver.session)
    const { size } = await house.keeper.status()
    await resumeErasures(house)
    expect((await house.keeper.status()).size).toBe(size)
    await expectWithdrawn(whole)
  })
})

describe('an erasure that cannot go on', () => {
  it('holds up no other, and is carried out when it can be', async () => {
    const [stuck, other] = [await newLeaving(), await newLeaving()]
    await database.owner.query(
      `create function stand_still() returns trigger language plpgsql as $$ begin raise exception 'not now'; end $$;
       create trigger stand_still before delete on slot for each row
         when (old.number = ${stuck.slots.identity}) execute function stand_still()`,
    )
    await expect(withdraw(house, stuck.leaver.session)).rejects.toThrow('not now')
    const dying = dyingHouse(house, { at: 4, when: 'after' })
    await expect(withdraw(dying.house, other.leaver.session)).rejects.toBeInstanceOf(Death)
    await expect(resumeErasures(house)).rejects.toThrow('not now')
    expect(await slotsOf(database.owner, other.leaver.id)).toEqual({ trail: other.slots.trail })
    await database.owner.query('drop trigger stand_still on slot')
    await startAgain()
    await expectWithdrawn(stuck)
    await expectWithdrawn(other)
  })
})

describe('a database that crashes before the request of a withdrawal is on its disk', () => {
  it('knows it from the log, with its link and what is kept', async () => {
    const whole = await newLeaving()
    const dying = dyingHouse(house, { at: await placeOf('keeper.shred'), when: 'after' })
    await expect(withdraw(dying.house, whole.leaver.session)).rejects.toBeInstanceOf(Death)
    await database.owner.query('delete from withdrawal where subject = $1', [whole.leaver.id])
    await startAgain()
    await expectWithdrawn(whole)
  })
})

describe('a database that crashes after the customer heard that they have not left yet', () => {
  it('knows the request all the same', async () => {
    const whole = await newLeaving()
    const dying = dyingHouse(house, {
      ...{ at: await placeOf('keeper.shred'), when: 'before' },
      // The keeper is away, and what was not on the disk is gone.
      instead: async () => {
        await database.owner.query('delete from withdrawal where subject = $1', [whole.leaver.id])
        await keeper.kill()
      },
    })
    await expect(withdraw(dying.house, whole.leaver.session)).rejects.toMatchObject({ code: 'unavailable' })
    await startKeeperAgain()
    await startAgain()
    await expectWithdrawn(whole)
  }, 60_000)
})

describe('a customer whose answer is lost', () => {
  it('has left, and gets the receipt by the cookie that is still in the browser', async () => {
    const whole = await newLeaving()
    const app = await buildServer(house)
    const { cookies } = whole.leaver
    const post = (path: string, payload: object) =>
      app.inject({ method: 'POST', url: `/api/v1${path}`, cookies, payload })
    await startKeeperAgain({ CUSTODE_KEEPER_DIES_AT: 'roll.verified' })
    const lost = await post('/portal/withdrawals', { confirm: true })
    expect([lost.statusCode, lost.json().code]).toEqual([503, 'unavailable'])
    expect(lost.cookies).toEqual([])
    expect(await keeper.ended).toBe('SIGKILL')
    await startKeeperAgain()
    await startAgain()
    const again = await post('/withdrawal-receipts', {})
    expect(again.statusCode).toBe(201)
    expect(checkReceipt(again.json().receipt)).toMatchObject({ ok: true })
    expect(again.json().receipt.destruction.t1).not.toBeNull()
    await expectWithdrawn(whole)
    await app.close()
  }, 60_000)

  it('who finds the keeper away is told so, and has left once it is back', async () => {
    const whole = await newLeaving()
    await keeper.kill()
    await expect(withdraw(house, whole.leaver.session)).rejects.toMatchObject({ code: 'unavailable' })
    await startKeeperAgain()
    await startAgain()
    await expectWithdrawn(whole)
  }, 60_000)
})

describe('a keeper that is killed while somebody leaves', () => {
  it('at any of its acts, before or after it answered, finds everything again', async () => {
    const calls = await callsOfWithdrawal()
    const acts = ['keeper.revokeGrant', 'keeper.shred', 'keeper.completeShred', 'keeper.roll']
    const places = calls.flatMap((name, index) => (acts.includes(name) ? [index + 1] : []))
    expect(places.length).toBeGreaterThanOrEqual(3)
    for (const at of places) {
      for (const when of ['before', 'after'] as const) {
        const whole = await newLeaving()
        const dying = dyingHouse(house, { at, when, instead: () => keeper.kill() })
        await withdraw(dying.house, whole.leaver.session).catch(() => {})
        await startKeeperAgain()
        await startAgain()
        await expectWithdrawn(whole)
      }
    }
  }, 240_000)

  it.each(['roll.begun', 'roll.verified', 'roll.epoch-destroyed', 'roll.rolled'])(
    'at %s leaves the erasure at t0, which gets its t1 after the next start',
    async step => {
      const whole = await newLeaving()
      await startKeeperAgain({ CUSTODE_KEEPER_DIES_AT: step })
      await withdraw(house, whole.leaver.session)
      const { t1 } = await database.owner.one<{ t1: Date | null }>(
        'select t1 from erasure where $1 = any (slots)',
        [whole.slots.identity],
      )
      expect(t1).toBeNull()
      expect(await keeper.ended).toBe('SIGKILL')
      await startKeeperAgain()
      await startAgain()
      await expectWithdrawn(whole)
    },
    60_000,
  )
})
