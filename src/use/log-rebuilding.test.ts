import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { buildWorld } from '../../test/world.ts'
import type { House } from '../core/house.ts'
import { organisationTrail } from '../keeper/client.ts'
import { projectLog } from './log-projection.ts'
import { compareProjection, rebuildProjection } from './log-rebuilding.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
  await useMuch()
})
afterAll(() => house.close())

const asOwner = (): House => ({ ...house.house, database: house.owner })
const rebuild = () => rebuildProjection(asOwner())
/** When everything that the log has is more than a minute old. */
const compareLater = () =>
  compareProjection({
    ...asOwner(),
    clock: { now: () => new Date(Date.now() + 3_600_000) },
  })

/** People who join, ask, are looked after, refused and leave; and more entries than fit into a page. */
async function useMuch(): Promise<void> {
  const world = await buildWorld(house)
  const post = (url: string, body: object, cookies: Record<string, string>) =>
    house.app.inject({ method: 'POST', url: `/api/v1${url}`, body, cookies })
  const question = { type: 'delivery_question', text: 'Where is it?' }
  const { id } = (await post('/portal/questions', question, world.ana.cookies)).json()
  await post(`/work/tasks/${id}/grants`, {}, world.ben.cookies)
  await house.app.inject({ url: `/api/v1/work/tasks/${id}/customer`, cookies: world.ben.cookies })
  await post(`/work/tasks/${id}/closures`, { outcome: 'answered' }, world.ben.cookies)
  await post('/work/sessions', { email: 'a@example.org', password: 'x', code: '000000' }, {})
  const leaver = await world.join()
  const left = await post('/portal/withdrawals', { confirm: true }, leaver.cookies)
  expect(left.statusCode).toBe(201)
  await post('/office/rolls', {}, world.pia.cookies)
  await house.work()
  const body = { kind: 'import', act: randomUUID(), actor: 'system', subject: 'organisation', result: 'done' }
  for (let i = 0; i < 5; i++)
    await house.house.keeper.append(
      Array.from({ length: 500 }, () => ({
        ...{ id: randomUUID(), number: 0, trailSlot: organisationTrail, body },
      })),
    )
}

const rows = (): Promise<Record<string, unknown>[]> =>
  house.owner.query('select * from log_entry order by index')
const schemas = () => house.owner.query(`select 1 from pg_namespace where nspname = 'log_rebuilding'`)
const definition = async () => [
  await house.owner.query(
    `select column_name, data_type, is_nullable from information_schema.columns
      where table_schema = 'public' and table_name = 'log_entry' order by 1`,
  ),
  await house.owner.query(`select indexdef from pg_indexes where tablename = 'log_entry' order by 1`),
  await house.owner.query(
    `select pg_get_constraintdef(oid) as def from pg_constraint where conrelid = 'log_entry'::regclass order by 1`,
  ),
  await house.owner.query(
    `select relacl::text[], relpersistence from pg_class where oid = 'log_entry'::regclass`,
  ),
]

describe('a table that is made anew from the log', () => {
  const spoilt: [string, string, unknown][] = [
    ['as it was', 'select 1', null],
    ['changed', `update log_entry set kind = 'session' where index = 17`, { what: 'differs', index: 17 }],
    [
      'changed by a microsecond',
      `update log_entry set at = at + interval '1 microsecond' where index = 2100`,
      { what: 'differs', index: 2100 },
    ],
    ['robbed of rows', 'delete from log_entry where index in (9, 2200)', { what: 'differs', index: 9 }],
    ['emptied', 'truncate log_entry', { what: 'differs', index: 0 }],
    [
      'given a row in front',
      `alter table log_entry drop constraint log_entry_index_check;
       insert into log_entry select -5, trail, seq, kind, at, commitment from log_entry where index = 3`,
      { what: 'differs', index: -5 },
    ],
    [
      'given a row twice',
      `alter table log_entry drop constraint log_entry_pkey;
       insert into log_entry select * from log_entry where index = 2150`,
      { what: 'differs', index: 2150 },
    ],
    ['robbed of a column', 'alter table log_entry drop column commitment', { what: 'reshaped' }],
    [
      'given another type',
      'alter table log_entry alter column kind type bytea using kind::bytea',
      { what: 'reshaped' },
    ],
    ['dropped', 'drop table log_entry', { what: 'absent' }],
  ]

  it.each(spoilt)('equals the log and the one before it was %s', async (_, sql, difference) => {
    await projectLog(house.house)
    const [before, shape] = [await rows(), await definition()]
    expect(before.length).toBeGreaterThan(2500)
    expect(await compareLater()).toEqual({ size: before.length, difference: null })
    await house.owner.query(sql)
    expect(await compareLater()).toEqual({ size: before.length, difference })
    expect((await rebuildProjection({ ...asOwner(), clock: later })).difference).toEqual(difference)
    expect(await compareLater()).toEqual({ size: before.length, difference: null })
    expect(await rows()).toEqual(before)
    expect(await definition()).toEqual(shape)
    expect(await schemas()).toEqual([])
  })

  const later = { now: () => new Date(Date.now() + 3_600_000) }

  it('was not equal when it held an entry that the log does not have', async () => {
    const { size } = await rebuild()
    await house.house.database.query(
      `insert into log_entry select $1, trail, seq, kind, at, commitment from log_entry where index = 0`,
      [size],
    )
    expect(await compareLater()).toEqual({ size, difference: { what: 'differs', index: size } })
    await rebuild()
    expect(await compareLater()).toEqual({ size, difference: null })
  })

  it('may lack what was written within the last minute, and nothing older', async () => {
    const { size } = await rebuild()
    await house.owner.query('delete from log_entry where index >= $1', [size - 3])
    expect((await compareProjection(asOwner())).difference).toBeNull()
    expect((await compareLater()).difference).toEqual({ what: 'differs', index: size - 3 })
  })

  it('takes the place of the old one whole, or not at all', async () => {
    await rebuild()
    await house.owner.query(`update log_entry set kind = 'session' where index = 17`)
    const before = await rows()
    // Somebody reads the old table, so that the new one is complete and waits to take its place.
    const reader = new pg.Client(house.databaseUrl('custode_server'))
    await reader.connect()
    await reader.query('begin; select 1 from log_entry limit 1')
    const cut = expect(rebuild()).rejects.toMatchObject({ code: '57P01' })
    await waiting()
    expect((await reader.query('select count(*)::int as n from log_entry')).rows).toEqual([
      { n: before.length },
    ])
    await house.owner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and usename = current_user and wait_event_type = 'Lock'`,
    )
    await cut
    await reader.end()
    expect(await rows()).toEqual(before)
    expect(await schemas()).toEqual([])
    expect((await rebuild()).difference).toEqual({ what: 'differs', index: 17 })
  })

  it('is made while servers add to the old one, and two at once make it one after the other', async () => {
    await house.owner.query('delete from log_entry where index > 100')
    await Promise.all([rebuild(), projectLog(house.house), rebuild(), projectLog(house.house)])
    await projectLog(house.house)
    expect((await compareLater()).difference).toBeNull()
  })
})

async function waiting(): Promise<void> {
  for (;;) {
    const found = await house.owner.query(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    if (found.length > 0) return
    await wait(20)
  }
}
