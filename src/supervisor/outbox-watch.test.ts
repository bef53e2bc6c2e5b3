import pino from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { buildWorld, type CustomerInWorld, type World } from '../../test/world.ts'
import { noteOnly } from '../core/outbox.ts'
import { watchOutbox } from './outbox-watch.ts'

let house: TestHouse
let world: World
let stuck: CustomerInWorld

beforeAll(async () => {
  house = await openHouse()
  world = await buildWorld(house)
  stuck = await newStuck()
})
afterAll(() => house.close())

/** Somebody whose next change has a number that the log holds already, with an entry that waits. */
async function newStuck(): Promise<CustomerInWorld> {
  const customer = await world.join()
  await house.owner.query('update subject set last_change = 0 where id = $1', [customer.id])
  await noteOnly(house.house, customer.id, { kind: 'question', actor: 'customer', result: 'done' }).catch(
    () => {},
  )
  return customer
}

function watched() {
  const lines: string[] = []
  const log = pino({ level: 'warn', base: null, timestamp: false }, { write: line => void lines.push(line) })
  return { lines, look: watchOutbox(house.house, log) }
}

it('says once how many trails are stuck and why, and names nobody', async () => {
  const { lines, look } = watched()
  await look()
  await look()
  expect(lines.map(line => JSON.parse(line))).toEqual([
    { level: 40, msg: 'entries of some trails are refused by the keeper and wait', stuck: { change_gap: 1 } },
  ])
  for (const name of [stuck.id, stuck.alias, String(stuck.trail)]) expect(lines.join()).not.toContain(name)
})

it('says it again when it has become another number', async () => {
  const { lines, look } = watched()
  await look()
  const other = await newStuck()
  await look()
  await look()
  expect(lines.map(line => JSON.parse(line).stuck)).toEqual([{ change_gap: 1 }, { change_gap: 2 }])
  await house.owner.query('delete from outbox where subject = $1', [other.id])
})

it('does not fail when the keeper is away, says that once too, and goes on when it is back', async () => {
  const { lines, look } = watched()
  await house.killKeeper()
  await look()
  await look()
  expect(lines.map(line => JSON.parse(line))).toEqual([
    { level: 40, msg: 'entries wait, because the outbox could not be looked through', code: 'unavailable' },
  ])
  await house.reviveKeeper()
  await look()
  expect(JSON.parse(lines[1]!)).toMatchObject({ stuck: { change_gap: 1 } })
})

it('says nothing while nothing is stuck', async () => {
  await house.owner.query('delete from outbox')
  const { lines, look } = watched()
  await look()
  expect(lines).toEqual([])
})
