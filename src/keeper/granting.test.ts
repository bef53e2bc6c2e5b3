import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type KeeperProcess, startKeeper } from '../../test/keeper.ts'
import { grantRequest, sealPeople, sealPerson, takeGrant, trailOf } from '../../test/sealed-person.ts'

let keeper: KeeperProcess

beforeAll(async () => {
  keeper = await startKeeper()
})

afterAll(() => keeper.stop())

test('a grant counts when it is in the trail of each subject, and its end is there too', async () => {
  const { client } = keeper
  const [ana, bea, ben] = await sealPeople(client, 3)
  const { grant } = await takeGrant(client, [ana!, bea!], { actorSlot: ben!.trail })
  const { index } = await client.revokeGrant(grant, 'st_7')
  expect(index).toBe((await client.status()).size - 1)
  for (const person of [ana!, bea!, ben!]) {
    const told = (await trailOf(client, person)).filter(entry => entry.grant === grant)
    expect(told.map(entry => entry.kind)).toEqual(['grant', 'revocation'])
  }
})

test('making the same grant again answers as before; the same id with another secret is refused', async () => {
  const { client } = keeper
  const ana = await sealPerson(client)
  const request = grantRequest([ana], 's')
  const made = await Promise.all([client.makeGrant(request), client.makeGrant(request)])
  expect(made[0]).toEqual(made[1])
  expect(await client.makeGrant(request)).toEqual(made[0])
  const { secretHash } = grantRequest([ana], 't')
  await expect(client.makeGrant({ ...request, secretHash })).rejects.toMatchObject({ code: 'malformed' })
  await client.revokeGrant(request.id, 'st_7')
  await expect(client.makeGrant(request)).rejects.toMatchObject({ code: 'grant_ended' })
})

test('a grant that makes no sense is refused', async () => {
  const { client } = keeper
  const [ana, bea] = await sealPeople(client, 2)
  const { issued } = await client.status()
  const subject = { customer: randomUUID(), alias: 'K7-XXXX' }
  const refused = {
    malformed: [
      { until: Date.now() - 1 },
      { until: Date.now() + 40 * 24 * 3_600_000 },
      { fields: ['*'] },
      { subjects: [] },
      { kind: 'other' as 'task' },
      { actor: 'ben@example.org' },
      { secretHash: 'abc' },
      { most: 0 },
    ],
    subject_slot: [{ subjects: [{ ...subject, trailSlot: 3 }] }, { actorSlot: 3 }],
    unknown_slot: [{ subjects: [{ ...subject, trailSlot: issued }] }],
  }
  for (const [code, wishes] of Object.entries(refused)) {
    for (const wish of wishes) {
      await expect(
        client.makeGrant(grantRequest([ana!], 's', wish)),
        JSON.stringify(wish),
      ).rejects.toMatchObject({
        code,
      })
    }
  }
  await expect(client.makeGrant(grantRequest([ana!, bea!], 's'))).rejects.toMatchObject({ code: 'malformed' })
  await expect(
    client.makeGrant(grantRequest([ana!, ana!], 's', { actorSlot: bea!.trail })),
  ).rejects.toMatchObject({
    code: 'malformed',
  })
})

test('ending all grants of one actor leaves everybody else’s', async () => {
  const { client } = keeper
  const ana = await sealPerson(client)
  const his = [
    await takeGrant(client, [ana], { actor: 'st_8' }),
    await takeGrant(client, [ana], { actor: 'st_8' }),
  ]
  const hers = await takeGrant(client, [ana], { actor: 'st_9' })
  const { revoked } = await client.revokeAll('st_8')
  expect(revoked.sort()).toEqual(his.map(one => one.grant).sort())
  const asked = { fields: ['email'], items: [ana.box] }
  for (const grant of his) {
    await expect(client.open({ ...grant, ...asked })).rejects.toMatchObject({ code: 'grant_ended' })
  }
  await client.open({ ...hers, ...asked })
})

test('revoking what has ended, or never was, is no error', async () => {
  const { client } = keeper
  const ana = await sealPerson(client)
  const { grant } = await takeGrant(client, [ana])
  const [first, second] = await Promise.all([
    client.revokeGrant(grant, 'st_7'),
    client.revokeGrant(grant, 'st_7'),
  ])
  expect([first.index, second.index].filter(index => index !== null)).toHaveLength(1)
  expect(await client.revokeGrant(grant, 'st_7')).toEqual({ index: null })
  expect(await client.revokeGrant(randomUUID(), 'st_7')).toEqual({ index: null })
})

test('no reading under a grant has a later index than its revocation, however they race', async () => {
  const { client } = keeper
  for (let round = 0; round < 20; round++) {
    const ana = await sealPerson(client)
    const grant = await takeGrant(client, [ana])
    let revokedAt = Number.POSITIVE_INFINITY
    const reading = async () => {
      for (;;) {
        const asked = performance.now()
        const outcome = await client.open({ ...grant, fields: ['email'], items: [ana.box] }).then(
          () => 'open',
          error => error.code,
        )
        if (outcome !== 'open') return expect(outcome).toBe('grant_ended')
        expect(asked).toBeLessThan(revokedAt)
      }
    }
    const readings = Array.from({ length: 8 }, reading)
    await client.open({ ...grant, fields: ['phone'], items: [ana.box] })
    const { index } = await client.revokeGrant(grant.grant, 'st_7')
    revokedAt = performance.now()
    await Promise.all(readings)
    const told = (await trailOf(client, ana)).filter(entry => entry.grant === grant.grant)
    expect(told.at(-1)).toMatchObject({ kind: 'revocation', index })
  }
})

test('live grants, what was read under them and what ended are known again after a restart', async () => {
  const { client } = keeper
  const [ana, bea, ben] = await sealPeople(client, 3)
  const asked = { fields: ['email'], items: [ana!.box, bea!.box] }
  const live = await takeGrant(client, [ana!, bea!], { most: 4, actorSlot: ben!.trail })
  const ended = await takeGrant(client, [ana!, bea!], { actorSlot: ben!.trail })
  await client.open({ ...live, ...asked })
  await client.revokeGrant(ended.grant, 'st_7')
  const { grants } = await client.status()
  await keeper.kill()
  keeper = await keeper.restart()
  expect((await keeper.client.status()).grants).toBe(grants)
  await expect(keeper.client.open({ ...ended, ...asked })).rejects.toMatchObject({ code: 'grant_ended' })
  expect(await keeper.client.open({ ...live, ...asked })).toHaveLength(2)
  await expect(keeper.client.open({ ...live, ...asked })).rejects.toMatchObject({ code: 'budget' })
})
