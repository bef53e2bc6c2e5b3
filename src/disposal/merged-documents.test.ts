import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { issueTo, send } from '../../test/invoice.ts'
import { type Leaver, newLeaver } from '../../test/leaver.ts'
import { decidePair, type Record } from '../../test/twice.ts'
import { buildWorld, type World } from '../../test/world.ts'
import { makeMergeWord } from '../use/merge-word.ts'
import { merge, undoMerge } from '../use/merging.ts'
import { resumeErasures } from './resumption.ts'

// What the law makes the company keep outlives the record it was issued to, and its person sees it from the record that stays.

let house: TestHouse
let world: World

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
})
afterAll(() => house.close())

let people = 0
async function newMergedLeavers(): Promise<{ stays: Leaver; rests: Leaver; document: string }> {
  const phone = `+3934755588${String(10 + ++people)}`
  const name = `Elsa ${['Frangipane', 'Gherardesca', 'Malaspina'][people]}`
  const stays = await newLeaver(house, world, { name, phone })
  const rests = await newLeaver(house, world, { name, phone })
  const { id } = await issueTo(house, world, rests)
  const task = await decidePair(house, [stays, rests] as unknown as [Record, Record], 'same')
  const { word } = await makeMergeWord(house.house, rests.session, task)
  await merge(house.house, stays.session, task, word)
  return { stays, rests, document: id }
}

const documentsOf = async (who: Leaver) => (await send(house, 'GET', '/portal/documents', who)).body.items

describe('a document of a record that rests', { timeout: 60_000 }, () => {
  it('is read from the one that stays, and by nobody from it once the two are two again', async () => {
    const { stays, rests, document } = await newMergedLeavers()
    expect(await documentsOf(stays)).toMatchObject([{ id: document, content: { buyer_name: rests.name } }])
    await undoMerge(house.house, stays.session)
    const { customer } = await house.owner.one<{ customer: string }>(
      'select customer from statutory_document where subject = $1',
      [document],
    )
    expect(customer).toBe(rests.id)
    const live = await house.owner.query(
      `select 1 from grants g join grant_subject s on s.grant_id = g.id where s.subject = $1 and g.ended_at is null`,
      [document],
    )
    expect(live).toEqual([])
  })

  it('belongs to the record that stays once the other one is erased', async () => {
    const { stays, rests, document } = await newMergedLeavers()
    house.clock.advance(31 * 86_400_000)
    await resumeErasures(house.house)
    const left = await house.owner.maybe('select 1 from customer where id = $1', [rests.id])
    expect(left).toBe(null)
    const kept = await house.owner.one<{ customer: string }>(
      'select customer from statutory_document where subject = $1',
      [document],
    )
    expect(kept.customer).toBe(stays.id)
  })
})
