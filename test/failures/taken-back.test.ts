import { afterAll, beforeAll, expect, it } from 'vitest'
import { addField } from '../../src/collection/catalogue.ts'
import { withdrawOne } from '../../src/disposal/consent-withdrawal.ts'
import { newField } from '../catalogue.ts'
import { Death, dyingHouse } from '../dying-house.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { backUp, loadInto, removeBackup, replayInto } from '../restored-house.ts'
import { buildWorld, type CustomerInWorld, send, type World } from '../world.ts'

// What was agreed to and taken back after a backup stays taken back when that backup is restored.

let house: TestHouse
let world: World

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
  await addField(
    house.house,
    'st_1',
    newField('own_alias', { compartment: 'identity', purposes: ['offers'] }),
  )
})
afterAll(() => house.close())

const offersOf = async (whose: CustomerInWorld): Promise<string> => {
  const { items } = (await send(house, 'GET', '/portal/consents', whose)).body
  return items.find(
    (one: { purpose: string; withdrawn_at: string | null }) =>
      one.purpose === 'offers' && one.withdrawn_at === null,
  ).id
}
const withOffers = () => world.join({ purposes: ['service', 'offers'] })

/** The first call to the keeper with which an agreement's old slots are shredded, counted from 1. */
async function callOfShred(): Promise<number> {
  const probe = await withOffers()
  await send(house, 'POST', '/portal/values', probe, { values: { own_alias: 'Prova' } })
  const { house: counted, calls } = dyingHouse(house.house, { at: Number.MAX_SAFE_INTEGER, when: 'before' })
  await withdrawOne(counted, { subject: probe.id, actor: 'customer' }, await offersOf(probe))
  return calls.indexOf('keeper.shred') + 1
}

it('an agreement that was extended and then taken back, and a value whose withdrawal a crash cut off, do not come back', async () => {
  const [bea, cat] = [await withOffers(), await withOffers()]
  await send(house, 'POST', '/portal/values', cat, { values: { own_alias: 'Zazà' } })
  const at = await callOfShred()
  const folder = await backUp(house)
  await addField(house.house, 'st_1', newField('own_new', { purposes: ['offers'] }))
  const { version } = (await send(house, 'GET', '/notice', bea)).body
  const first = await offersOf(bea)
  await send(house, 'POST', `/portal/consents/${first}/renewals`, bea, {
    notice_version: version,
    language: 'it',
  })
  const second = await offersOf(bea)
  expect(second).not.toBe(first)
  expect((await send(house, 'POST', `/consents/${second}/withdrawals`, bea, {})).status).toBe(201)
  const { house: dying } = dyingHouse(house.house, { at, when: 'before' })
  const cut = withdrawOne(dying, { subject: cat.id, actor: 'customer' }, await offersOf(cat))
  await expect(cut).rejects.toBeInstanceOf(Death)

  const restored = await loadInto(folder)
  const replayed = await replayInto(restored, house.keeperProcess, house.house)
  try {
    const live = await restored.owner.query(
      `select 1 from consent c where c.subject = any ($1) and c.purpose = 'offers'
          and not exists (select 1 from consent_withdrawal w where w.consent = c.id)`,
      [[bea.id, cat.id]],
    )
    expect(live).toEqual([])
    // Where the rest was moved after the backup, the older box goes whole: nothing opens it any more.
    const boxes = await restored.owner.query(
      `select 1 from box where subject = $1 and compartment = 'identity'`,
      [cat.id],
    )
    expect(boxes).toEqual([])
  } finally {
    await restored.drop()
    await replayed.keeper.stop()
    await removeBackup(folder)
  }
}, 120_000)
