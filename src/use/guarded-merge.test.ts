import { afterAll, beforeAll, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { openForCustomers } from '../../test/portal.ts'
import { decidePair, joinTwice, mergeRecords, type Record, sessionIn } from '../../test/twice.ts'
import { makeMergeWord } from './merge-word.ts'
import { merge } from './merging.ts'

let shop: TestHouse

beforeAll(async () => {
  shop = await openHouse()
  await openForCustomers(shop)
})
afterAll(() => shop.close())

/** As if a guardian had joined them: how they do is in guardian.test.ts. */
const guard = ({ id }: Record) =>
  shop.owner.query(
    `insert into guardianship (subject, slot, row, since, look_at)
     select subject, number, gen_random_uuid(), $2, $2 from slot where subject = $1 and compartment = 'messages'`,
    [id, shop.clock.now()],
  )
const doubtAge = ({ id }: Record) =>
  shop.owner.query(
    `insert into restriction (subject, compartment, slot, field, since)
     select subject, compartment, number, 'birth_date', $2 from slot where subject = $1 and compartment = 'identity'`,
    [id, shop.clock.now()],
  )

it.each([
  ['stays', 0, 'Alberici'],
  ['rests', 1, 'Brunelleschi'],
] as const)(
  'a child’s record that %s becomes one with no other while a guardian stands for it, nor until what they agreed to lapsed',
  async (_part, at, surname) => {
    const pair = await joinTwice(shop, surname)
    const task = await decidePair(shop, pair, 'same')
    const { word } = await makeMergeWord(shop.house, await sessionIn(shop, pair[1]), task)
    await guard(pair[at])
    const type = async () => merge(shop.house, await sessionIn(shop, pair[0]), task, word)
    await expect(type()).rejects.toMatchObject({ code: 'guardian_apart' })
    await expect(makeMergeWord(shop.house, await sessionIn(shop, pair[1]), task)).rejects.toMatchObject({
      code: 'guardian_apart',
    })
    await shop.owner.query('update guardianship set of_age_at = $2, lapse_at = $2 where subject = $1', [
      ...[pair[at].id, shop.clock.now()],
    ])
    await expect(type()).rejects.toMatchObject({ code: 'guardian_apart' })
    const kinds = await shop.owner.query('select kind from subject where id = any ($1)', [
      pair.map(one => one.id),
    ])
    expect(kinds).toEqual([{ kind: 'customer' }, { kind: 'customer' }])
    await shop.owner.query('delete from guardianship where subject = $1', [pair[at].id])
    await type()
  },
  60_000,
)

it('a record whose date of birth is in doubt becomes one with no other: a doubt is not left behind in what rests', async () => {
  const pair = await joinTwice(shop, 'Castiglioni')
  const task = await decidePair(shop, pair, 'same')
  await doubtAge(pair[1])
  await expect(mergeRecords(shop, pair, task)).rejects.toMatchObject({ code: 'age_in_doubt' })
}, 60_000)
