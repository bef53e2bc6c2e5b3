import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type KeeperProcess, startKeeper } from '../../test/keeper.ts'
import { type SealedPerson, sealPeople, takeGrant } from '../../test/sealed-person.ts'
import { type Change, type KeeperClient, organisationTrail } from './client.ts'

let keeper: KeeperProcess
let ana: SealedPerson
let leaver: SealedPerson
let ids: string[]

const change = (person: SealedPerson, number: number, kind: string, floors?: Change['floors']): Change => ({
  ...{ id: randomUUID(), number, trailSlot: person.trail },
  body: { kind, act: randomUUID(), actor: 'customer', subject: person.alias, result: 'done' },
  ...(floors === undefined ? {} : { floors }),
})

beforeAll(async () => {
  keeper = await startKeeper()
  const people = await sealPeople(keeper.client, 2)
  ana = people[0]!
  leaver = people[1]!
  const floor = (version: number | null) => ({
    customer: ana.customer,
    row: ana.row,
    slot: ana.contact,
    version,
  })
  const changes = [
    change(ana, 1, 'consent'),
    change(leaver, 1, 'consent'),
    change(ana, 2, 'correction', [floor(3)]),
    change(ana, 3, 'question'),
  ]
  ids = changes.map(one => one.id)
  await keeper.client.append(changes)
  await takeGrant(keeper.client, [ana])
  await keeper.client.shred({
    ...{ act: randomUUID(), actor: 'customer', reason: 'withdrawal', link: 'ab'.repeat(32) },
    ...{ slots: [leaver.contact], subject: { trailSlot: leaver.trail, alias: leaver.alias } },
  })
})
afterAll(() => keeper.stop())

const gated: [string, (client: KeeperClient) => Promise<unknown>][] = [
  ['which boxes are old', client => client.superseded([[ana.contact, ana.row, 1]])],
  ['what changes say', client => client.changesAfter({ trailSlot: ana.trail, number: 0, after: -1 })],
  [
    'what the organisation’s trail says',
    client => client.changesAfter({ trailSlot: organisationTrail, number: 0, after: -1 }),
  ],
  ['what erasures say', client => client.shredsAfter(-1)],
  ['the end of every grant', client => client.endEveryGrant()],
]

test.each(gated)('a keeper beside a server does not tell %s', async (_what, ask) => {
  await expect(ask(keeper.client)).rejects.toMatchObject({ code: 'outside_grant' })
})

test('how far each trail has come is told at any time, for it tells only how old a database is', async () => {
  const { numbers, more } = await keeper.client.numbersAfter(-1, 10)
  expect(numbers).toEqual([
    [ana.trail, 3],
    [leaver.trail, 1],
  ])
  expect(more).toBe(false)
  expect(await keeper.client.numbersAfter(-1, 1)).toEqual({ numbers: [[ana.trail, 3]], more: true })
  expect(await keeper.client.seen([ids[0]!, randomUUID()])).toEqual([true, false])
})

test('a slot counts as erased once its rows are said to be gone', async () => {
  expect((await keeper.client.erasedAfter(-1, 10)).slots).toEqual([])
  const [pending] = await keeper.client.pendingShreds()
  await keeper.client.completeShred(pending!.act)
  expect((await keeper.client.erasedAfter(-1, 10)).slots).toEqual([leaver.contact])
  expect((await keeper.client.erasedAfter(leaver.contact, 10)).slots).toEqual([])
})

test('a page is asked for with a limit that is one', async () => {
  await expect(keeper.client.numbersAfter(-1, 0)).rejects.toMatchObject({ code: 'malformed' })
  await expect(keeper.client.erasedAfter(-1, 1_000_000)).rejects.toMatchObject({ code: 'malformed' })
  await expect(keeper.client.seen(['ana'])).rejects.toMatchObject({ code: 'malformed' })
})

test('a keeper that restores tells it all, ends every grant, and says in the log once that it did', async () => {
  keeper = await keeper.restart({ restoring: true })
  const { client } = keeper
  const { changes } = await client.changesAfter({ trailSlot: ana.trail, number: 1, after: -1 })
  expect(changes.map(one => [one.number, one.body.kind])).toEqual([
    [2, 'correction'],
    [3, 'question'],
  ])
  const boxes: [number, string, number][] = [1, 2, 3].map(version => [ana.contact, ana.row, version])
  expect(await client.superseded(boxes)).toEqual([
    [0, 'replaced'],
    [1, 'replaced'],
  ])
  expect((await client.shredsAfter(-1)).shreds).toMatchObject([
    { slots: [leaver.contact], reason: 'withdrawal', link: 'ab'.repeat(32), trailSlot: leaver.trail },
  ])
  expect(await client.endEveryGrant()).toBe(1)
  expect(await client.endEveryGrant()).toBe(0)
  const forged = { ...change(ana, 0, 'restoring'), trailSlot: organisationTrail }
  await expect(client.append([forged])).rejects.toMatchObject({ code: 'malformed' })
  const { grant, secret } = await takeGrant(client, [], {
    ...{ kind: 'job', actor: 'system', fields: ['*'], compartments: ['trail'] },
  })
  const page = await client.entries({ grant, secret, trailSlot: organisationTrail })
  const kinds = page.entries.map(entry => (JSON.parse(entry.body) as { kind: string }).kind)
  expect(kinds.filter(kind => kind === 'restoring')).toHaveLength(1)
})
