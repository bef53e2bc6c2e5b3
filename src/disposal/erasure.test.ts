import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dyingHouse } from '../../test/dying-house.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { newLeaver, picture, rowsWith, slotsOf } from '../../test/leaver.ts'
import { signInAs } from '../../test/portal.ts'
import { buildWorld, type World } from '../../test/world.ts'
import { addApplicantErasure } from '../collection/applicant.ts'
import { asRefusal } from '../core/http.ts'
import { newId } from '../core/ids.ts'
import { change, noteOnly } from '../core/outbox.ts'
import { makeSession } from '../identity/session.ts'
import { verifyLog } from '../keeper/checkpoint.ts'
import { type Grant, makeGrant, withJobGrant } from '../use/grant.ts'
import { eraseApplicant, trailEnd } from './erasure.ts'
import { makeReceipt } from './receipt.ts'
import { resumeErasures } from './resumption.ts'
import { withdraw, withdrawalLink } from './withdrawal.ts'

let house: TestHouse
let world: World

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
})
afterAll(() => house.close())

const day = 24 * 3_600_000

async function newApplicant(): Promise<{ id: string; cookie: string; email: string }> {
  const email = `${newId()}@example.org`
  const { cookie } = await signInAs(house, email)
  const session = await house.app.inject({
    url: '/api/v1/portal/sessions/current',
    cookies: { custode_portal: cookie },
  })
  const { id } = await house.owner.one<{ id: string }>('select id from subject where alias = $1', [
    session.json().alias,
  ])
  return { id, cookie, email }
}

describe('an applicant', () => {
  it('is forgotten wholly when the job is due', async () => {
    const { id, cookie } = await newApplicant()
    const slots = await slotsOf(house.owner, id)
    await house.house.database.transaction(tx => addApplicantErasure(tx, id))
    await house.work()
    expect(await rowsWith(house.owner, id)).toEqual({})
    const refused = house.keeper.seal([
      {
        customer: id,
        compartment: 'contact',
        row: id,
        version: 1,
        slot: slots.contact!,
        trailSlot: slots.trail!,
        values: {},
      },
    ])
    await expect(refused).rejects.toMatchObject({ code: 'erased' })
    const session = await house.app.inject({
      url: '/api/v1/portal/sessions/current',
      cookies: { custode_portal: cookie },
    })
    expect(session.statusCode).toBe(401)
  })

  it('who joins is forgotten as an applicant, and stays as a customer', async () => {
    const { id, cookie, email } = await newApplicant()
    const joined = await house.app.inject({
      method: 'POST',
      url: '/api/v1/portal/joins',
      cookies: { custode_portal: cookie },
      payload: {
        name: 'Dora Conti',
        phone: '',
        notice_version: 1,
        language: 'en',
        purposes: ['service'],
        said_age: 16,
      },
    })
    expect(joined.statusCode).toBe(201)
    await house.work()
    expect(await rowsWith(house.owner, id)).toEqual({})
    const again = await signInAs(house, email)
    expect(again.kind).toBe('customer')
  })

  it('is erased once, however often the job runs, and the keeper replaces the slots at the next roll', async () => {
    const { id } = await newApplicant()
    const slots = Object.values(await slotsOf(house.owner, id))
    await Promise.all([1, 2, 3].map(() => eraseApplicant(house.house, id)))
    await eraseApplicant(house.house, id)
    await resumeErasures(house.house)
    const records = await house.owner.query<{ t1: Date | null }>('select t1 from erasure where slots && $1', [
      slots,
    ])
    expect(records.length).toBeGreaterThan(0)
    expect(records.filter(record => record.t1 === null)).toEqual([])
  })

  it('whose erasure was cut off is erased under the act that the log knows', async () => {
    const { id } = await newApplicant()
    const slots = Object.values(await slotsOf(house.owner, id)).sort((a, b) => a - b)
    const { alias, trail } = await house.owner.one<{ alias: string; trail: number }>(
      'select alias, trail from subject where id = $1',
      [id],
    )
    const act = newId()
    const subject = { trailSlot: trail, alias }
    await house.keeper.shred({ act, subject, actor: 'system', slots, reason: 'applicant' })
    // Whatever is still noted about them belongs to nobody, and holds up no entry of anybody else.
    await noteOnly(house.house, id, { kind: 'session.refused', actor: 'applicant', result: 'refused' })
    await noteOnly(house.house, world.ana.id, {
      kind: 'session.refused',
      actor: 'customer',
      result: 'refused',
    })
    expect(await house.owner.query('select id from outbox')).toEqual([])
    await eraseApplicant(house.house, id)
    const records = await house.owner.query('select act from erasure where slots && $1', [slots])
    expect(records).toEqual([{ act }])
    expect(await house.keeper.pendingShreds()).toEqual([])
  })

  it('is never a customer or an employee', async () => {
    const before = await picture(house.owner, world.ana.id)
    await eraseApplicant(house.house, world.ana.id)
    await eraseApplicant(house.house, world.ben.id)
    await eraseApplicant(house.house, newId())
    expect(await picture(house.owner, world.ana.id)).toEqual(before)
    expect(Object.keys(await slotsOf(house.owner, world.ben.id))).toHaveLength(2)
  })
})

describe('the trail of somebody who has left', () => {
  it('is kept for twelve months and then shredded, with the last row of that person', async () => {
    const leaver = await newLeaver(house, world)
    await withdraw(house.house, leaver.session)
    const link = withdrawalLink(leaver.session.token)
    const end = trailEnd(house.clock.now())
    const now = house.clock.now()
    house.clock.set(new Date(end.getTime() - day))
    await resumeErasures(house.house)
    expect(await rowsWith(house.owner, leaver.id)).toEqual({ slot: 1, subject: 1 })
    await makeReceipt(house.house, link)
    house.clock.set(end)
    await resumeErasures(house.house)
    expect(await rowsWith(house.owner, leaver.id)).toEqual({})
    await expect(makeReceipt(house.house, link)).rejects.toMatchObject({ code: 'erased' })
    house.clock.set(now)
  })

  it('ends on the last of February when it began on the 29th', () => {
    expect(trailEnd(new Date('2028-02-29T10:00:00Z')).toISOString()).toBe('2029-02-28T10:00:00.000Z')
    expect(trailEnd(new Date('2027-03-31T10:00:00Z')).toISOString()).toBe('2028-03-31T10:00:00.000Z')
  })

  it('cannot be opened by anybody any more, while the log still verifies', async () => {
    const leaver = await newLeaver(house, world)
    await withdraw(house.house, leaver.session)
    const now = house.clock.now()
    house.clock.set(trailEnd(now))
    await resumeErasures(house.house)
    house.clock.set(now)
    const wanted = {
      ...{ fields: ['*'], compartments: ['trail'], purpose: 'audit', minutes: 1, most: 5 },
      subjects: [leaver.id],
    }
    await expect(withJobGrant(house.house, wanted, async () => {})).rejects.toMatchObject({
      code: 'not_found',
    })
    const direct = house.keeper.makeGrant({
      ...{
        id: newId(),
        secretHash: '0'.repeat(64),
        kind: 'job',
        actor: 'system',
        purpose: 'audit',
        policy: '',
      },
      subjects: [{ customer: leaver.id, trailSlot: leaver.trail, alias: leaver.alias }],
      ...{ fields: ['*'], compartments: ['trail'], until: Date.now() + 60_000, most: 1 },
    })
    await expect(direct).rejects.toMatchObject({ code: 'erased' })
    expect(await verifyLog(join(house.keeperProcess.folder, 'log'))).toMatchObject({ ok: true })
  })
})

describe('whoever writes late', () => {
  const question = (cookies: Record<string, string>) =>
    house.app.inject({
      method: 'POST',
      url: '/api/v1/portal/questions',
      cookies,
      payload: { type: 'delivery_question', text: 'Is it on its way?' },
    })

  it('is refused, never a fault, and leaves nothing behind', async () => {
    for (let round = 0; round < 5; round++) {
      const leaver = await newLeaver(house, world)
      const { cookies } = leaver
      const url = (path: string) => ({ url: `/api/v1${path}`, cookies })
      const answers = await Promise.all([
        ...[1, 2, 3].map(() => question(cookies)),
        house.app.inject({
          method: 'POST',
          ...{ ...url('/portal/withdrawals'), payload: { confirm: true } },
        }),
        ...[1, 2, 3].map(() => question(cookies)),
        ...[1, 2].map(() => house.app.inject(url('/portal/data'))),
        house.app.inject({
          method: 'POST',
          url: `/api/v1/work/tasks/${leaver.task}/grants`,
          cookies: world.ben.cookies,
          payload: {},
        }),
        house.app.inject({ url: `/api/v1/work/tasks/${leaver.task}/customer`, cookies: world.ben.cookies }),
        house.app.inject(url('/portal/withdrawal-preview')),
        house.app.inject(url('/portal/entries')),
      ])
      const statuses = answers.map(answer => answer.statusCode)
      expect(statuses.filter(status => status >= 500)).toEqual([])
      expect(answers[3]!.statusCode).toBe(201)
      expect(await rowsWith(house.owner, leaver.id)).toEqual({ slot: 1, subject: 1 })
      expect(await rowsWith(house.owner, leaver.task)).toEqual({})
    }
  })

  it('in a transaction that began before the erasure fails on the foreign key', async () => {
    const leaver = await newLeaver(house, world)
    let go = () => {}
    const gate = new Promise<void>(resolve => {
      go = resolve
    })
    const late = change(house.house, async tx => {
      const slots = await tx.query<{ number: number }>('select number from slot where subject = $1', [
        leaver.id,
      ])
      await gate
      await tx.query(
        `insert into box (subject, compartment, row, version, slot, bytes) values ($1, 'identity', $2, 1, $3, $4)`,
        [leaver.id, newId(), leaver.slots.identity, Buffer.alloc(64)],
      )
      return slots.length
    })
    const failed = late.then(
      () => null,
      (error: unknown) => error,
    )
    await withdraw(house.house, leaver.session)
    go()
    const error = await failed
    expect(error).toMatchObject({ code: '23503' })
    expect(asRefusal(error)).toMatchObject({ code: 'erased', status: 410 })
    expect(await rowsWith(house.owner, leaver.id)).toEqual({ slot: 1, subject: 1 })
  })
})

describe('a withdrawal beside everything else that erases', () => {
  it('in another process that resumes it at the same moment is still one act', async () => {
    for (let round = 0; round < 3; round++) {
      const leaver = await newLeaver(house, world)
      const slot = leaver.slots.identity
      await Promise.all([
        withdraw(house.house, leaver.session),
        ...[1, 2, 3].map(() => resumeErasures(house.house)),
      ])
      await resumeErasures(house.house)
      const records = await house.owner.query('select act from erasure where $1 = any (slots)', [slot])
      expect(records).toHaveLength(1)
      expect((await makeReceipt(house.house, withdrawalLink(leaver.session.token))).slots).toContain(slot)
    }
  })

  it('ends a grant that was made after the others had ended', async () => {
    const calls = dyingHouse(house.house, { at: 0, when: 'before' })
    await withdraw(calls.house, (await newLeaver(house, world)).session)
    const leaver = await newLeaver(house, world)
    let late: Grant | undefined
    const between = dyingHouse(house.house, {
      at: calls.calls.indexOf('keeper.shred') + 1,
      when: 'before',
      instead: async () => {
        late = await makeGrant(house.house, {
          ...{ kind: 'job', session: null, actor: 'system', subjects: [leaver.id], purpose: 'audit' },
          ...{ fields: ['*'], compartments: ['trail'], minutes: 5, most: 5 },
        })
      },
    })
    await withdraw(between.house, leaver.session)
    const { grant, secret } = late!
    const reading = house.keeper.entries({ grant, secret, trailSlot: leaver.trail })
    await expect(reading).rejects.toMatchObject({ code: 'grant_ended' })
  })

  it('in another session of the same customer happens once: the other is told that it is asked for', async () => {
    const leaver = await newLeaver(house, world)
    const other = await house.house.database.transaction(tx =>
      makeSession(tx, house.house, 'portal', leaver.id, { by: 'code', at: house.clock.now() }),
    )
    const leave = (token: string) =>
      house.app.inject({
        ...{ method: 'POST', url: '/api/v1/portal/withdrawals', payload: { confirm: true } },
        cookies: { custode_portal: token },
      })
    const answers = await Promise.all([leave(leaver.session.token), leave(other.token)])
    const statuses = answers.map(answer => answer.statusCode)
    expect(statuses.filter(status => status === 201)).toHaveLength(1)
    expect([401, 409]).toContain(statuses.find(status => status !== 201))
    const records = await house.owner.query('select act from erasure where $1 = any (slots)', [
      leaver.slots.identity,
    ])
    expect(records).toHaveLength(1)
  })
})

describe('many who leave at once', () => {
  it('each have one record, their t1 and a receipt', async () => {
    const leavers = []
    for (let at = 0; at < 6; at++) leavers.push(await newLeaver(house, world))
    const before = await picture(house.owner, world.ana.id)
    await Promise.all(leavers.map(leaver => withdraw(house.house, leaver.session)))
    await resumeErasures(house.house)
    for (const leaver of leavers) {
      const receipt = await makeReceipt(house.house, withdrawalLink(leaver.session.token))
      expect(receipt.destruction.t1).not.toBeNull()
      expect(receipt.slots).toHaveLength(4)
      expect(await rowsWith(house.owner, leaver.id)).toEqual({ slot: 1, subject: 1 })
    }
    expect(await picture(house.owner, world.ana.id)).toEqual(before)
    expect((await house.keeper.status()).waiting).toBe(0)
  })
})
