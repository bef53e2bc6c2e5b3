import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { backUp, loadInto, removeBackup } from '../../test/restored-house.ts'
import { buildWorld } from '../../test/world.ts'
import { noteOnly } from '../core/outbox.ts'
import type { ToldRecord } from '../keeper/client.ts'
import { projectLog, watchProjection } from './log-projection.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
  await buildWorld(house)
})
afterAll(() => house.close())
beforeEach(() => house.owner.query('truncate log_entry'))

const bring = () => projectLog(house.house)
const grow = () => noteOnly(house.house, null, { kind: 'setup', actor: 'system', result: 'done' })

const rows = () =>
  house.owner.query<ToldRecord>(
    `select index, trail as "trailSlot", seq, kind, (extract(epoch from at) * 1000)::bigint as time,
            encode(commitment, 'hex') as commitment from log_entry order by index`,
  )
const told = async () => (await house.house.keeper.records(0, 2000)).records

/** What the log has now, and the row that a tampering acts on. */
async function filled(): Promise<number> {
  return (await bring()).size
}

describe('the table of entries', () => {
  it('holds what the keeper tells of each entry, from the first to the last', async () => {
    const { entries, size, differs } = await bring()
    expect({ entries, differs }).toEqual({ entries: size, differs: null })
    expect(size).toBeGreaterThan(10)
    expect(await rows()).toEqual(await told())
  })

  it('goes on where it ended, also for several servers at once', async () => {
    await filled()
    for (let i = 0; i < 5; i++) await grow()
    await Promise.all([bring(), bring(), bring(), bring()])
    expect(await rows()).toEqual(await told())
    await house.owner.query('truncate log_entry')
    await Promise.all([bring(), grow(), bring(), grow(), bring()])
    await bring()
    expect(await rows()).toEqual(await told())
  })

  it('is filled again when PostgreSQL has emptied it, as it does with unlogged tables after a crash', async () => {
    await filled()
    const { relpersistence } = await house.owner.one<{ relpersistence: string }>(
      `select relpersistence from pg_class where oid = 'public.log_entry'::regclass`,
    )
    expect(relpersistence).toBe('u')
    await house.owner.query('truncate log_entry')
    await filled()
    expect(await rows()).toEqual(await told())
  })

  it('is in no backup, and filled from the log beside one that was brought back', async () => {
    await filled()
    const folder = await backUp(house)
    expect((await readdir(folder)).filter(name => name.startsWith('log'))).toEqual([])
    const database = await loadInto(folder)
    await removeBackup(folder)
    const restored = { ...house.house, database: database.server }
    expect(await database.owner.query('select 1 from log_entry')).toEqual([])
    const { entries, size, differs } = await projectLog(restored)
    expect({ entries, differs }).toEqual({ entries: size, differs: null })
    await database.drop()
  })

  it('can be added to by the server, and neither changed nor emptied', async () => {
    await filled()
    for (const sql of [
      `update log_entry set kind = 'reading'`,
      `update log_entry set at = now() where index = 0`,
      'delete from log_entry',
      'truncate log_entry',
      'drop table log_entry',
      `insert into log_entry values (0, 0, 1, 'setup', now(), decode(repeat('00', 32), 'hex'))
         on conflict (index) do update set kind = 'reading'`,
    ])
      await expect(house.house.database.query(sql), sql).rejects.toMatchObject({ code: '42501' })
  })
})

describe('a table that is not the log’s', () => {
  const change = (sql: string, ...values: unknown[]) => house.owner.query(sql, values)
  const other = randomBytes(32)

  it.each([
    ['of another commitment', 'update log_entry set commitment = $2 where index = $1', true],
    ['at another time', `update log_entry set at = at - interval '1 millisecond' where index = $1`, false],
    ['of another kind', `update log_entry set kind = 'session' where index = $1`, false],
    ['of another trail', 'update log_entry set trail = trail + 1 where index = $1', false],
  ])('is refused for a last entry %s, and nothing is added to it', async (_, sql, takesOther) => {
    const size = await filled()
    await change(sql, size - 1, ...(takesOther ? [other] : []))
    const before = await rows()
    await grow()
    expect(await bring()).toEqual({ entries: size, size: size + 1, differs: size - 1 })
    expect(await rows()).toEqual(before)
  })

  it('is refused when it holds an entry that the log does not have yet', async () => {
    const size = await filled()
    const insert = (index: number) =>
      house.house.database.query(`insert into log_entry values ($1, 7, 1, 'reading', now(), $2)`, [
        index,
        other,
      ])
    await insert(size)
    expect(await bring()).toMatchObject({ differs: size })
    await grow()
    expect(await bring()).toMatchObject({ differs: size })
    await insert(2 ** 48 - 1)
    expect(await bring()).toMatchObject({ differs: size + 1 })
  })

  it('is an error in the log of the process, said once', async () => {
    const said: unknown[] = []
    const log = pino({ level: 'warn', base: null }, { write: line => void said.push(JSON.parse(line)) })
    const watch = watchProjection(house.house, log)
    await watch()
    expect(said).toEqual([])
    const { size } = await bring()
    await change('update log_entry set commitment = $2 where index = $1', size - 1, other)
    await watch()
    await watch()
    expect(said).toEqual([expect.objectContaining({ level: 50, entry: size - 1 })])
    await change('truncate log_entry')
    await watch()
    expect(await rows()).toEqual(await told())
  })
})
