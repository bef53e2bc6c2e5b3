import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { buildWorld, type CustomerInWorld, type World } from '../../test/world.ts'
import { newId } from './ids.ts'
import { change, drain, noteOnly } from './outbox.ts'

let house: TestHouse
let world: World
let stuck: CustomerInWorld
let free: CustomerInWorld

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
})
afterAll(() => house.close())

beforeEach(async () => {
  await house.owner.query('delete from outbox')
  stuck = await world.join()
  free = await world.join()
  await setBack(stuck.id)
})

/** As after an older database was restored beside the keeper: the next changes have numbers the log holds already. */
const setBack = (subject: string) =>
  house.owner.query('update subject set last_change = 0 where id = $1', [subject])

const refused = { kind: 'session.refused', actor: 'customer', result: 'refused' } as const
const noteAbout = (subject: string | null) => noteOnly(house.house, subject, refused)

/** Leaves rows behind as a crash after the commit would. */
async function leaveBehind(...subjects: string[]): Promise<void> {
  await house.killKeeper()
  for (const subject of subjects) await noteAbout(subject).catch(() => {})
  await house.reviveKeeper()
}

const waiting = async () =>
  (await house.owner.query<{ subject: string }>('select subject from outbox order by subject, number')).map(
    row => row.subject,
  )

it('answers `unavailable` to a change of a subject whose trail is stuck, and keeps its row', async () => {
  await expect(noteAbout(stuck.id)).rejects.toMatchObject({ name: 'Refusal', code: 'unavailable' })
  await expect(noteAbout(stuck.id)).rejects.toMatchObject({ name: 'Refusal', code: 'unavailable' })
  expect(await waiting()).toEqual([stuck.id, stuck.id])
})

it('takes everybody else’s changes while one trail is stuck', async () => {
  await noteAbout(stuck.id).catch(() => {})
  await noteAbout(free.id)
  await noteAbout(null)
  expect(await waiting()).toEqual([stuck.id])
})

it('takes the others’ entries of a change that is about a stuck subject too', async () => {
  const both = change(house.house, async (_tx, note) => {
    await note(stuck.id, refused)
    await note(free.id, refused)
  })
  await expect(both).rejects.toMatchObject({ code: 'unavailable' })
  expect(await waiting()).toEqual([stuck.id])
})

it('takes from what was left behind all but the stuck subject’s rows, and counts whom it left', async () => {
  await leaveBehind(stuck.id, free.id, stuck.id, free.id)
  expect(await waiting()).toHaveLength(4)
  expect(await drain(house.house)).toEqual({ change_gap: 1 })
  expect(await waiting()).toEqual([stuck.id, stuck.id])
  expect(await drain(house.house)).toEqual({ change_gap: 1 })
})

it('takes the rows before the one that is refused', async () => {
  await leaveBehind(free.id)
  await house.owner.query('update subject set last_change = last_change + 5 where id = $1', [free.id])
  await leaveBehind(free.id)
  expect(await drain(house.house)).toEqual({ change_gap: 1 })
  expect(await house.owner.query('select id from outbox where subject = $1', [free.id])).toHaveLength(1)
})

it('is held up by no number of rows that can never be taken', async () => {
  for (let at = 0; at < 3; at++) {
    const other = await world.join()
    await setBack(other.id)
    await noteAbout(other.id).catch(() => {})
  }
  // More than one batch of one subject, whose id sorts before everybody's who joined later.
  await house.owner.query(
    `insert into outbox (id, subject, number, body, written_at)
     select gen_random_uuid(), $1, 1000 + n, $2, now() from generate_series(1, 150) n`,
    [stuck.id, JSON.stringify({ entry: { ...refused, act: newId(), subject: stuck.alias }, floors: [] })],
  )
  await leaveBehind(free.id)
  expect(await drain(house.house)).toEqual({ change_gap: 4 })
  expect(await waiting()).not.toContain(free.id)
})

it('drops a row of a trail that was shredded, without counting it', async () => {
  await leaveBehind(free.id)
  const [row] = await house.owner.query<{ slots: number[] }>(
    'select array_agg(number) as slots from slot where subject = $1',
    [free.id],
  )
  const subject = { trailSlot: free.trail, alias: free.alias }
  await house.house.keeper.shred({
    ...{ act: newId(), subject, actor: 'system', slots: row!.slots, reason: 'trail' },
  })
  expect(await drain(house.house)).toEqual({})
  expect(await waiting()).toEqual([])
})
