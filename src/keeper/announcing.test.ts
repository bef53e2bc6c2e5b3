import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type KeeperProcess, startKeeper } from '../../test/keeper.ts'
import {
  type LiveGrant,
  type SealedPerson,
  sealPeople,
  takeGrant,
  trailOf,
} from '../../test/sealed-person.ts'

let keeper: KeeperProcess

beforeAll(async () => {
  keeper = await startKeeper()
})
afterAll(() => keeper.stop())

const newPerson = async (): Promise<SealedPerson> => (await sealPeople(keeper.client, 1))[0]!
const readingsOf = async (person: SealedPerson, act: string) =>
  (await trailOf(keeper.client, person)).filter(entry => entry.kind === 'reading' && entry.act === act)
const announce = (grant: LiveGrant, { customer }: SealedPerson, act: string, fields = ['email']) =>
  keeper.client.announce({ ...grant, customer, fields, act })
const open = (grant: LiveGrant, person: SealedPerson, act: string, fields = ['email']) =>
  keeper.client.open({ ...grant, fields, items: [person.box], act })

describe('a reading that was announced', () => {
  it('is in the trail once, before its boxes arrive, and opens like every other', async () => {
    const ana = await newPerson()
    const grant = await takeGrant(keeper.client, [ana], { task: 'task-1' })
    const act = randomUUID()
    await keeper.client.announce({ ...grant, customer: ana.customer, fields: ['email'], act, task: 'task-1' })
    expect(await readingsOf(ana, act)).toMatchObject([
      { actor: 'st_7', fields: ['email'], task: 'task-1', grant: grant.grant, result: 'announced' },
    ])
    const [opened] = await open(grant, ana, act)
    expect(Object.keys(opened!.values)).toEqual(['email'])
    expect(await readingsOf(ana, act)).toHaveLength(1)
    // One announcement, one opening: another is entered and counted for itself.
    await open(grant, ana, act)
    expect(await readingsOf(ana, act)).toHaveLength(2)
  })

  it('needs no waiting: announced and asked for in one breath, it is entered once', async () => {
    const ana = await newPerson()
    const grant = await takeGrant(keeper.client, [ana])
    const acts = Array.from({ length: 40 }, () => randomUUID())
    await Promise.all(acts.flatMap(act => [announce(grant, ana, act), open(grant, ana, act)]))
    const trail = await trailOf(keeper.client, ana)
    for (const act of acts) expect(trail.filter(entry => entry.act === act)).toHaveLength(1)
  })

  it('and never asked for stays in the trail: it says too much, never too little', async () => {
    const ana = await newPerson()
    const grant = await takeGrant(keeper.client, [ana])
    const act = randomUUID()
    await announce(grant, ana, act)
    expect(await readingsOf(ana, act)).toHaveLength(1)
  })

  it('covers no other customer, no other field, no other grant and no list: what else is read is entered for itself', async () => {
    const [ana, bea, ben] = (await sealPeople(keeper.client, 3)) as [SealedPerson, SealedPerson, SealedPerson]
    const both = await takeGrant(keeper.client, [ana, bea], { actorSlot: ben.trail })
    const other = await takeGrant(keeper.client, [ana])
    const act = randomUUID()
    await announce(both, ana, act)
    await open(both, bea, act)
    expect(await readingsOf(bea, act)).toHaveLength(1)
    await open(both, ana, act, ['email', 'phone'])
    expect((await readingsOf(ana, act)).map(entry => entry.fields)).toEqual([['email'], ['email', 'phone']])
    await open(both, ana, act, ['*'])
    expect(await readingsOf(ana, act)).toHaveLength(3)
    await open(other, ana, act)
    expect(await readingsOf(ana, act)).toHaveLength(4)
    await keeper.client.open({ ...both, fields: ['email'], items: [ana.box], act, list: true })
    expect(await readingsOf(ana, act)).toHaveLength(5)
  })

  it('opens nothing once the grant has been revoked, and its entry is older than the revocation', async () => {
    const ana = await newPerson()
    const grant = await takeGrant(keeper.client, [ana])
    const act = randomUUID()
    await announce(grant, ana, act)
    const { index } = await keeper.client.revokeGrant(grant.grant, 'st_7')
    await expect(open(grant, ana, act)).rejects.toMatchObject({ code: 'grant_ended' })
    const [entry] = await readingsOf(ana, act)
    expect(entry!.index).toBeLessThan(index!)
  })

  it('is counted once against the grant, like any reading', async () => {
    const ana = await newPerson()
    const grant = await takeGrant(keeper.client, [ana], { most: 2 })
    for (const act of [randomUUID(), randomUUID()]) {
      await announce(grant, ana, act)
      await open(grant, ana, act)
    }
    await expect(announce(grant, ana, randomUUID())).rejects.toMatchObject({ code: 'budget' })
    await expect(open(grant, ana, randomUUID())).rejects.toMatchObject({ code: 'budget' })
  })
})

describe('an announcement', () => {
  it('is refused as the reading would be, and then nothing is entered', async () => {
    const [ana, bea] = (await sealPeople(keeper.client, 2)) as [SealedPerson, SealedPerson]
    const grant = await takeGrant(keeper.client, [ana], { fields: ['email'] })
    const { size } = await keeper.client.status()
    const [phone, every] = [['phone'], ['*']]
    for (const [wrong, code] of [
      [{ ...grant, secret: 'x' }, 'no_grant'],
      [{ ...grant, grant: randomUUID() }, 'no_grant'],
      [{ ...grant, customer: bea.customer }, 'outside_grant'],
      [{ ...grant, fields: phone }, 'outside_grant'],
      [{ ...grant, fields: every }, 'malformed'],
      [{ ...grant, act: 'act-1' }, 'malformed'],
    ] as const) {
      const asked = { customer: ana.customer, fields: ['email'], act: randomUUID(), ...wrong }
      await expect(keeper.client.announce(asked)).rejects.toMatchObject({ code })
    }
    expect((await keeper.client.status()).size).toBe(size)
  })

  it('counts once: the same act again is refused', async () => {
    const ana = await newPerson()
    const grant = await takeGrant(keeper.client, [ana])
    const act = randomUUID()
    await announce(grant, ana, act)
    await expect(announce(grant, ana, act)).rejects.toMatchObject({ code: 'malformed' })
    expect(await readingsOf(ana, act)).toHaveLength(1)
  })

  it('about somebody whose trail was shredded is refused', async () => {
    const ana = await newPerson()
    const grant = await takeGrant(keeper.client, [ana])
    await keeper.client.shred({
      ...{ act: randomUUID(), actor: 'system', reason: 'trail', slots: [ana.trail, ana.contact] },
      subject: { trailSlot: ana.trail, alias: ana.alias },
    })
    await expect(announce(grant, ana, randomUUID())).rejects.toMatchObject({
      code: expect.stringMatching(/^(erased|gone|grant_ended)$/),
    })
  })

  it('that a keeper forgot, because it was killed, leaves a reading that is entered when it is opened', async () => {
    const ana = await newPerson()
    const grant = await takeGrant(keeper.client, [ana])
    const act = randomUUID()
    await announce(grant, ana, act)
    await keeper.kill()
    keeper = await keeper.restart()
    await open(grant, ana, act)
    const entries = await readingsOf(ana, act)
    expect(entries.at(-1)).toMatchObject({ result: 'opened' })
  })
})
