import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dyingHouse } from '../../test/dying-house.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import type { Leaver } from '../../test/leaver.ts'
import { newMergedLeavers } from '../../test/merged-leavers.ts'
import { buildWorld, send, type World } from '../../test/world.ts'
import { undoMerge } from '../use/merging.ts'
import { completeMerges } from './merge-completion.ts'
import { resumeErasures } from './resumption.ts'
import { withdraw, withdrawalLink } from './withdrawal.ts'

// What the law makes the company keep outlives the record it was issued to, and its person sees it from the record that stays.

let house: TestHouse
let world: World

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
})
afterAll(() => house.close())

const documentsOf = async (who: Leaver) => (await send(house, 'GET', '/portal/documents', who)).body.items

describe('a document of a record that rests', { timeout: 60_000 }, () => {
  it('is read from the one that stays, and by nobody from it once the two are two again', async () => {
    const { stays, rests, document } = await newMergedLeavers(house, world)
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

  it('is read by the link of its own receipt where the process dies as its person leaves', async () => {
    const { stays, document } = await newMergedLeavers(house, world)
    const { house: dying } = dyingHouse(house.house, { at: 1, when: 'after' })
    await expect(withdraw(dying, stays.session)).rejects.toThrow()
    await resumeErasures(house.house)
    const link = withdrawalLink(stays.session.token, 'resting')
    const { items } = (await send(house, 'POST', '/document-views', { cookies: {} }, { link })).body
    expect(items).toMatchObject([{ id: document }])
  })

  it('is read by the link of whoever left while the merge came to its end', async () => {
    const { stays, document } = await newMergedLeavers(house, world)
    const { house: dying } = dyingHouse(house.house, { at: 1, when: 'after' })
    await expect(withdraw(dying, stays.session)).rejects.toThrow()
    const now = house.clock.now()
    house.clock.advance(31 * 86_400_000)
    await completeMerges(house.house)
    await resumeErasures(house.house)
    house.clock.set(now)
    const views = await Promise.all(
      (['own', 'resting'] as const).map(of =>
        send(
          house,
          'POST',
          '/document-views',
          { cookies: {} },
          { link: withdrawalLink(stays.session.token, of) },
        ),
      ),
    )
    expect(views.flatMap(({ body }) => body.items ?? [])).toMatchObject([{ id: document }])
  })

  it('belongs to the record that stays once the other one is erased', async () => {
    const { stays, rests, document } = await newMergedLeavers(house, world)
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
