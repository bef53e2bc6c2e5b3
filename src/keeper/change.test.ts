import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type KeeperProcess, startKeeper } from '../../test/keeper.ts'
import { type SealedPerson, sealPerson, takeGrant, trailOf } from '../../test/sealed-person.ts'
import type { Change } from './client.ts'

let keeper: KeeperProcess

beforeAll(async () => {
  keeper = await startKeeper()
})

afterAll(() => keeper.stop())

function change(person: SealedPerson, number: number, about: Partial<Change['body']> = {}): Change {
  const body = {
    kind: 'consent',
    act: randomUUID(),
    actor: 'customer',
    subject: person.alias,
    result: 'given',
  }
  return { id: randomUUID(), number, trailSlot: person.trail, body: { ...body, ...about } }
}

test('a subject’s changes are taken in their order, and a gap is refused with the number that was expected', async () => {
  const { client } = keeper
  const ana = await sealPerson(client)
  await client.append([change(ana, 1), change(ana, 2)])
  await expect(client.append([change(ana, 4)])).rejects.toMatchObject({
    code: 'change_gap',
    expected: 3,
    at: 0,
  })
  await expect(client.append([change(ana, 2)])).rejects.toMatchObject({ code: 'change_gap', expected: 3 })
  await expect(client.append([change(ana, 3), change(ana, 5)])).rejects.toMatchObject({ expected: 4, at: 1 })
  await client.append([change(ana, 3), change(ana, 0), change(ana, 4)])
})

test('all or none: a refused change leaves no trace of those beside it', async () => {
  const { client } = keeper
  const [ana, bea] = [await sealPerson(client), await sealPerson(client)]
  const { size } = await client.status()
  const good = change(ana, 1)
  const bad = [
    change(bea, 2),
    change(bea, 1, { kind: 'reading' }),
    change(bea, 1, { detail: { note: 'Ana Rossi, via Roma 1' } }),
    { ...change(bea, 1), trailSlot: 2 },
  ]
  for (const one of bad)
    await expect(client.append([good, one])).rejects.toMatchObject({ name: 'KeeperRefusal' })
  expect((await client.status()).size).toBe(size)
  await client.append([good])
})

test('a change that is sent again while it is written is answered only when it is durable', async () => {
  const ana = await sealPerson(keeper.client)
  const one = change(ana, 1)
  const answered: string[] = []
  await Promise.all([
    keeper.client.append([one]).then(() => answered.push('written')),
    keeper.client.append([one]).then(() => answered.push('sent again')),
  ])
  expect(answered).toEqual(['written', 'sent again'])
})

test('an id that was seen answers its old index, also after a restart, also beside new ones', async () => {
  const ana = await sealPerson(keeper.client)
  const first = change(ana, 1)
  const [written] = await keeper.client.append([first])
  expect(await keeper.client.append([first])).toEqual([written])
  await keeper.kill()
  keeper = await keeper.restart()
  const second = change(ana, 2)
  const [again, fresh] = await keeper.client.append([first, second])
  expect(again).toEqual(written)
  expect(fresh!.index).toBeGreaterThan(written!.index)
  await expect(keeper.client.append([change(ana, 2)])).rejects.toMatchObject({ expected: 3 })
})

test('each subject’s entries form one chain', async () => {
  const { client } = keeper
  const ana = await sealPerson(client)
  await client.append([change(ana, 1), change(ana, 2), change(ana, 3)])
  const grant = await takeGrant(client, [ana])
  await client.open({ ...grant, fields: ['email'], items: [ana.box] })
  const own = await takeGrant(client, [ana], { kind: 'portal', fields: ['*'] })
  const { entries } = await client.entries({ ...own, trailSlot: ana.trail })
  entries.forEach((entry, at) => {
    expect(JSON.parse(entry.body)).toMatchObject({ seq: at + 1, prev: entries[at - 1]?.commitment ?? null })
  })
  expect(entries.length).toBe(7)
})

test('the organisation’s changes are not counted, and those of somebody forgotten may end there', async () => {
  const { client } = keeper
  const ana = await sealPerson(client)
  const ours = (number: number) => ({ ...change(ana, number), trailSlot: 3 })
  await client.append([ours(0), ours(7), ours(0)])
})

test('a shredded trail takes no change', async () => {
  const { client } = keeper
  const ana = await sealPerson(client)
  await client.append([change(ana, 1)])
  const subject = { trailSlot: ana.trail, alias: ana.alias }
  await client.shred({ act: randomUUID(), subject, actor: 'system', slots: [ana.trail], reason: 'expired' })
  await expect(client.append([change(ana, 2)])).rejects.toMatchObject({ code: 'gone' })
  await expect(trailOf(client, ana)).rejects.toMatchObject({ code: 'erased' })
})
