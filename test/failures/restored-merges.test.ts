import { afterAll, beforeAll, expect, test } from 'vitest'
import { completeMerges } from '../../src/disposal/merge-completion.ts'
import { resumeErasures } from '../../src/disposal/resumption.ts'
import { undoMerge } from '../../src/use/merging.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { openForCustomers } from '../portal.ts'
import { backUp, removeBackup, reopen } from '../restored-house.ts'
import { decidePair, joinTwice, mergeRecords, newMerged, type Record, sessionIn } from '../twice.ts'

// A restore brings back neither a record that was erased after its merge nor a merge that was undone, and forgets none.

let before: TestHouse
let house: TestHouse
let folder: string
type Two = { stays: Record; rests: Record }
const pairs: { [name: string]: Two } = {}
let unclear: { [kind: string]: number }

beforeAll(async () => {
  before = await openHouse()
  await openForCustomers(before)
  pairs.over = await newMerged(before, 'Alberti')
  await before.owner.query(
    `insert into customer_reference (source, reference, subject, slot)
     select 'shop', 'K-77', subject, number from slot where subject = $1 and compartment = 'identity'`,
    [pairs.over.rests.id],
  )
  before.clock.advance(20 * 86_400_000)
  pairs.undone = await newMerged(before, 'Bellini')
  pairs.kept = await newMerged(before, 'Carducci')
  const later = await joinTwice(before, 'Donatello')
  const task = await decidePair(before, later, 'same')
  folder = await backUp(before)
  await mergeRecords(before, later, task)
  pairs.later = { stays: later[0], rests: later[1] }
  await undoMerge(before.house, await sessionIn(before, pairs.undone.stays))
  pairs.lost = await newMerged(before, 'Este')
  before.clock.advance(11 * 86_400_000)
  await resumeErasures(before.house)
  const reopened = await reopen(folder, before)
  house = reopened.house
  house.clock.advance(before.clock.now().getTime() - house.clock.now().getTime())
  unclear = reopened.restored.counts.unclear
}, 180_000)

afterAll(async () => {
  await house.close()
  await removeBackup(folder)
})

const kinds = async ({ stays, rests }: Two) => {
  const rows = await house.owner.query<{ id: string; kind: string }>(
    'select id, kind from subject where id = any ($1)',
    [[stays.id, rests.id]],
  )
  return [stays, rests].map(({ id }) => rows.find(row => row.id === id)?.kind ?? null)
}

test('who was erased after a merge stays erased, and what was undone stays two', async () => {
  expect(await kinds(pairs.over!)).toEqual(['customer', 'former'])
  expect(await kinds(pairs.undone!)).toEqual(['customer', 'customer'])
  expect(unclear).toEqual({})
  const number = await house.owner.query('select subject from customer_reference where reference = $1', [
    'K-77',
  ])
  expect(number).toEqual([{ subject: pairs.over!.stays.id }])
})

test('a merge goes on as it was, one of after the backup too, and ends on the day that was said', async () => {
  expect(await kinds(pairs.kept!)).toEqual(['customer', 'resting'])
  expect(await kinds(pairs.later!)).toEqual(['customer', 'resting'])
  const untils = (at: TestHouse) =>
    at.owner.query<{ until: Date }>(
      'select rests, until, link_hash from merge where rests = any ($1) order by 1',
      [[pairs.kept!.rests.id, pairs.later!.rests.id]],
    )
  const promised = await untils(house)
  expect(promised).toHaveLength(2)
  for (const { until } of promised)
    expect(until.getTime()).toBeGreaterThan(house.clock.now().getTime() + 18 * 86_400_000)
  house.clock.advance(30 * 86_400_000)
  await completeMerges(house.house)
  for (const two of [pairs.kept!, pairs.later!]) expect(await kinds(two)).toEqual(['customer', 'former'])
})

test('of two who joined after the backup nobody is there, and nobody is erased beside nobody', async () => {
  expect(await kinds(pairs.lost!)).toEqual([null, null])
})
