import { afterAll, beforeAll, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { buildWorld, type World } from '../../test/world.ts'
import { noteOnly } from '../core/outbox.ts'

let house: TestHouse
let world: World
beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
})
afterAll(() => house.close())

const counts = async (days?: string) => {
  const query = days === undefined ? '' : `?days=${days}`
  const { body, statusCode } = await house.app.inject({
    url: `/api/v1/office/log-counts${query}`,
    cookies: world.pia.cookies,
  })
  expect(statusCode).toBe(200)
  return { body, ...JSON.parse(body) }
}
const grow = () => noteOnly(house.house, null, { kind: 'setup', actor: 'system', result: 'done' })
const sum = (days: { count: number }[]): number => days.reduce((all, { count }) => all + count, 0)
const today = () => new Date().toISOString().slice(0, 10)

it('counts every entry that the log has, also the newest, by kind and by day', async () => {
  await grow()
  const { kinds, days, table, log, from } = await counts()
  const { records, size } = await house.house.keeper.records(0, 2000)
  const counted = new Map<string, number>()
  for (const { kind } of records) counted.set(kind, (counted.get(kind) ?? 0) + 1)
  expect(
    Object.fromEntries(kinds.map((one: { kind: string; count: number }) => [one.kind, one.count])),
  ).toEqual(Object.fromEntries(counted))
  expect(kinds[0].count).toBe(Math.max(...counted.values()))
  expect(sum(days)).toBe(size)
  expect(table).toEqual({ entries: size, whole: true })
  expect(log).toMatchObject({ size, cosigned: null, checkpoint: await house.house.keeper.checkpoint() })
  expect(Date.parse(today()) - Date.parse(from)).toBeLessThanOrEqual(6 * 24 * 3_600_000)
})

it('names nobody and no trail', async () => {
  const { body } = await counts('90')
  for (const told of [world.ana.alias, world.ana.id, world.ben.pseudonym, world.pia.pseudonym])
    expect(body).not.toContain(told)
  expect(body).not.toContain(`"trail`)
})

it('counts from the midnight of UTC on which the span begins', async () => {
  const all = await house.owner.query<{ index: number }>('select index from log_entry order by index')
  const moveFirst = (count: number, day: string) =>
    house.owner.query('update log_entry set at = $2 where index < $1', [count, day])
  const first = new Date(Date.parse((await counts('30')).from)).toISOString()
  await moveFirst(5, first)
  await moveFirst(2, new Date(Date.parse(first) - 1).toISOString())
  const { days, table } = await counts('30')
  expect(days.at(-1)).toMatchObject({ day: first.slice(0, 10), count: 3 })
  expect(sum((await counts('7')).days)).toBe(all.length - 5)
  expect((await counts('90')).days.at(-1)).toMatchObject({ count: 2 })
  expect(table.whole).toBe(true)
  await house.owner.query('truncate log_entry')
})

it('says that the counts mean nothing when rows were taken out, or the end is another', async () => {
  await counts()
  await house.owner.query('delete from log_entry where index = 4')
  expect((await counts()).table.whole).toBe(false)
  await house.owner.query('truncate log_entry')
  const { table } = await counts()
  await house.owner.query(`update log_entry set kind = 'reading' where index = $1`, [table.entries - 1])
  expect((await counts()).table.whole).toBe(false)
})
