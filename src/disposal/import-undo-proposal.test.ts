import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { newEmployee, type Person } from '../../test/people.ts'
import { buildWorld, type World } from '../../test/world.ts'
import { change } from '../core/outbox.ts'
import { customerImport } from '../storage/customer.import.ts'
import { importFile } from '../storage/import.ts'
import { undoImport } from './import-undo.ts'
import { resumeUndos } from './import-undo-proposal.ts'

let house: TestHouse
let world: World
let second: Person & { name: string }
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custode-two-'))
  house = await openHouse()
  world = await buildWorld(house)
  second = await newEmployee(house, 'officer', 'office')
})
afterAll(async () => {
  await house.close()
  await rm(folder, { recursive: true })
})

async function importing(...who: string[]): Promise<string> {
  const path = join(folder, 'customers.csv')
  const header = 'reference,name,email,phone,purposes,consent_date,consent_source'
  const lines = who.map(one => `${one},Ada Corvo,${one}@example.org,,service,2025-05-31,till-form`)
  await writeFile(path, `${[header, ...lines].join('\n')}\n`)
  return (await importFile(house.house, { adapter: customerImport, file: path, source: 'till' })).id
}

const call = (
  by: { cookies: Record<string, string> },
  method: 'GET' | 'POST',
  url: string,
  payload?: object,
) =>
  house.app.inject({
    ...{ method, url: `/api/v1/office/${url}`, cookies: by.cookies },
    ...(payload === undefined ? {} : { payload }),
  })
const propose = (by: Person | World['pia'], id: string) =>
  call(by, 'POST', `imports/${id}/undos`, { confirm: true })
const decide = (by: Person | World['pia'], id: string, approved: boolean) =>
  call(by, 'POST', `imports/${id}/undo-decisions`, { approved })
const listed = async (id: string) => {
  const { items, undos } = (await call(world.pia, 'GET', 'imports')).json()
  return {
    run: items.find((one: { id: string }) => one.id === id),
    undo: undos.find((one: { import: string }) => one.import === id),
  }
}
const present = async (reference: string) =>
  (await house.owner.maybe('select 1 from customer_reference where reference = $1', [reference])) !== null
const subjectOf = async (reference: string) =>
  (
    await house.owner.one<{ subject: string }>(
      'select subject from customer_reference where reference = $1',
      [reference],
    )
  ).subject
const refused = (answer: Awaited<ReturnType<typeof call>>) => [answer.statusCode, answer.json().detail]

test('one officer proposes with what it would do, another puts it into force, and a job carries it out', async () => {
  const id = await importing('one', 'two')
  expect((await call(world.pia, 'GET', `imports/${id}/undo`)).json()).toEqual({ erased: 2, stayed: [] })
  const proposed = await propose(world.pia, id)
  expect([proposed.statusCode, proposed.json()]).toMatchObject([
    201,
    { proposed_by: world.pia.pseudonym, erases: 2, stays: 0, approved: null },
  ])
  await house.work()
  expect(await present('one')).toBe(true)
  expect((await decide(second, id, true)).statusCode).toBe(201)
  await house.work()
  expect([await present('one'), await present('two')]).toEqual([false, false])
  expect(await listed(id)).toMatchObject({
    run: { erased: 2, stayed: 0, undone_at: expect.any(String) },
    undo: { approved: true, decided_by: expect.not.stringMatching(world.pia.pseudonym) },
  })
  const { items } = (await call(world.pia, 'GET', 'entries?limit=50')).json()
  const entries = items.filter((entry: { kind: string }) => entry.kind === 'import.undo')
  expect(entries.map((one: { result: string }) => one.result)).toEqual([
    'done',
    'begun',
    'approved',
    'proposed',
  ])
  expect(entries.map((one: { actor: { name: string } }) => one.actor.name)).toEqual([
    ...[second.name, second.name, second.name, world.pia.name],
  ])
})

test('no officer puts their own proposal into force, however often, and PostgreSQL refuses it as well', async () => {
  const id = await importing('own')
  await propose(world.pia, id)
  for (let at = 0; at < 3; at++)
    expect(refused(await decide(world.pia, id, true))).toEqual([409, { reason: 'oneself' }])
  await expect(
    house.database.query(
      'update import_undo set decided_by = proposed_by, decided_at = now(), approved = true where import = $1',
      [id],
    ),
  ).rejects.toMatchObject({ code: '23514' })
  await house.work()
  expect(await present('own')).toBe(true)
  expect((await decide(world.pia, id, false)).statusCode).toBe(201)
  // Turned down, it may be proposed again.
  expect((await propose(second, id)).statusCode).toBe(201)
})

test('a proposal is decided once, by whoever of two comes first', async () => {
  const id = await importing('once')
  await propose(world.pia, id)
  expect(refused(await propose(second, id))).toEqual([409, { reason: 'open' }])
  const third = await newEmployee(house, 'officer', 'office')
  const both = await Promise.all([decide(second, id, true), decide(third, id, false)])
  expect(both.map(one => one.statusCode).sort()).toEqual([201, 409])
  expect(refused(await decide(second, id, true))).toEqual([409, { reason: 'none' }])
  await expect(
    house.database.query('update import_undo set approved = not approved where import = $1', [id]),
  ).rejects.toMatchObject({ constraint: 'undo_decided_once' })
})

test('what somebody did after it was proposed or approved counts: they stay', async () => {
  const id = await importing('acts', 'rests')
  await propose(world.pia, id)
  await change(house.house, async (_tx, note) =>
    note(await subjectOf('acts'), { kind: 'value', actor: 'customer', fields: ['phone'], result: 'done' }),
  )
  await decide(second, id, true)
  await house.work()
  expect([await present('acts'), await present('rests')]).toEqual([true, false])
  expect((await listed(id)).run).toMatchObject({ erased: 1, stayed: 1 })
})

test('an undo that was approved and cut off goes on when a process starts; done by the command, it does nothing', async () => {
  const id = await importing('cut')
  await propose(world.pia, id)
  await decide(second, id, true)
  await house.owner.query(`delete from graphile_worker._private_jobs`)
  await resumeUndos(house.house)
  await house.work()
  expect(await present('cut')).toBe(false)

  const other = await importing('command')
  await propose(world.pia, other)
  await decide(second, other, true)
  await undoImport(house.house, other, 'system')
  await house.work()
  expect((await listed(other)).run).toMatchObject({ erased: 1 })
})

test('without a proposal nothing is decided, and what cannot be taken back is not proposed', async () => {
  const id = await importing('alone')
  expect(refused(await decide(second, id, true))).toEqual([409, { reason: 'none' }])
  await house.owner.query('update import set ended_at = null where id = $1', [id])
  expect(refused(await propose(world.pia, id))).toEqual([409, { import: 'unfinished' }])
  await house.owner.query('update import set ended_at = now() where id = $1', [id])
  await propose(world.pia, id)
  // A restore in between may have lost what a customer has done.
  await house.owner.query(
    `insert into restoration (id, restored_at, counts, unknown, issued) values ($1, $2, '{}', '{}', 0)`,
    [crypto.randomUUID(), house.clock.now()],
  )
  expect(refused(await decide(second, id, true))).toEqual([409, { import: 'restored' }])
  await house.work()
  expect(await present('alone')).toBe(true)
})
