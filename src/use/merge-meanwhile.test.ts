import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { openForCustomers, signInAs } from '../../test/portal.ts'
import {
  again,
  ask,
  dataOf,
  decidePair,
  joinTwice,
  mergeRecords,
  newMerged,
  type Record,
  sessionIn,
} from '../../test/twice.ts'
import { undoImport } from '../disposal/import-undo.ts'
import { customerImport } from '../storage/customer.import.ts'
import { importFile } from '../storage/import.ts'
import { restrictedFields } from '../storage/restriction.ts'
import { rebuildAddresses } from './address-index.ts'
import { hearingImports } from './imported-claim.ts'
import { undoMerge } from './merging.ts'

// What happens to two records while they are one, and where an undoing leaves it.

let shop: TestHouse

beforeAll(async () => {
  shop = await openHouse()
  await openForCustomers(shop)
})
afterAll(() => shop.close())

const phoneOf = async (record: Pick<Record, 'cookie'>) =>
  (await dataOf(shop, record)).values.find((one: { field: string }) => one.field === 'phone')
const take = (record: Pick<Record, 'cookie'>, ...fields: string[]) =>
  ask(shop, record, 'POST', '/portal/merge/values', { fields })
const undo = async (record: Record) => undoMerge(shop.house, await sessionIn(shop, record))

describe('the index of addresses', { timeout: 120_000 }, () => {
  test('that was lost while a record rests is built with its address, which lets in as before', async () => {
    const { stays, rests } = await newMerged(shop, 'Alfieri')
    const index = () => shop.owner.query('select token, subject, slot from address order by token')
    await shop.work()
    const before = await index()
    await shop.owner.query('truncate address, address_generation')
    await rebuildAddresses(shop.house)
    expect(await index()).toEqual(before)
    const { body } = await ask(shop, await again(shop, rests), 'GET', '/portal/sessions/current')
    expect(body.alias).toBe(stays.alias)
    await undo(await again(shop, rests))
    const own = await ask(shop, await again(shop, rests), 'GET', '/portal/sessions/current')
    expect(own.body.alias).toBe(rests.alias)
  })
})

describe('a passkey', { timeout: 120_000 }, () => {
  test('that was added while two records were one opens neither after the undoing', async () => {
    const { stays } = await newMerged(shop, 'Boiardo')
    const add = (kept: Date) =>
      shop.owner.one<{ id: string }>(
        `insert into passkey (id, subject, compartment, slot, credential, public_key, counter, transports, kept_on, synced, made_at)
         select gen_random_uuid(), subject, compartment, number, sha256(gen_random_uuid()::text::bytea), '', 0, '{}', 'phone', false, $2
           from slot where subject = $1 and compartment = 'contact' returning id`,
        [stays.id, kept],
      )
    const now = shop.clock.now().getTime()
    const earlier = await add(new Date(now - 86_400_000))
    await add(new Date(now + 1))
    await undo(stays)
    expect(await shop.owner.query('select id from passkey where subject = $1', [stays.id])).toEqual([earlier])
  })
})

describe('a value in doubt', { timeout: 120_000 }, () => {
  /** Merged, where the first or the second has put their telephone in doubt before. */
  async function merged(surname: string, doubter: 0 | 1) {
    const pair = await joinTwice(shop, surname)
    const task = await decidePair(shop, pair, 'same')
    expect((await ask(shop, pair[doubter], 'POST', '/portal/disputes', { field: 'phone' })).status).toBe(201)
    await mergeRecords(shop, pair, task)
    return pair
  }
  const restricted = ({ id }: Record) => restrictedFields(shop.owner, id)

  test('stays closed to tasks when it is taken over, and is no longer in doubt here when that is undone', async () => {
    const [stays, rests] = await merged('Cavalcanti', 1)
    expect((await take(stays, 'phone')).status).toBe(201)
    expect((await phoneOf(stays)).disputed).not.toBe(null)
    expect(await restricted(stays)).toEqual(['phone'])
    await undo(stays)
    expect((await phoneOf(await again(shop, stays))).disputed).toBe(null)
    expect([await restricted(stays), await restricted(rests)]).toEqual([[], ['phone']])
  })

  test('that lies beside closes nothing, and does again once it is back', async () => {
    const [stays] = await merged('Davanzati', 0)
    expect((await take(stays, 'phone')).status).toBe(201)
    expect(await restricted(stays)).toEqual([])
    await undo(stays)
    expect((await phoneOf(await again(shop, stays))).disputed).not.toBe(null)
    expect(await restricted(stays)).toEqual(['phone'])
  })
})

test('a value that was taken over goes back also where it was confirmed or put in doubt since', async () => {
  const { stays } = await newMerged(shop, 'Equicola')
  const before = await phoneOf(stays)
  await take(stays, 'phone')
  shop.clock.advance(60_000)
  expect((await ask(shop, stays, 'POST', '/portal/confirmations', { fields: ['phone'] })).status).toBe(200)
  expect((await ask(shop, stays, 'POST', '/portal/disputes', { field: 'phone' })).status).toBe(201)
  await undo(stays)
  expect(await phoneOf(await again(shop, stays))).toEqual(before)
  expect(await restrictedFields(shop.owner, stays.id)).toEqual([])
}, 120_000)

describe('what an import says otherwise', { timeout: 120_000 }, () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'custode-merged-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** A file with another telephone of the one with this address, of yesterday. */
  async function importing({ email }: Record) {
    const day = new Date(shop.clock.now().getTime() - 86_400_000).toISOString().slice(0, 10)
    const path = join(folder, 'customers.csv')
    const header = 'reference,name,email,phone,purposes,consent_date,consent_source'
    await writeFile(path, `${header}\nm-1,Livia,${email},+39 333 7654321,service,${day},till-form`)
    const hear = hearingImports(shop.house, { source: 'till', actor: 'system' })
    const about = { adapter: customerImport, file: path, source: 'till', hear }
    const { id, disputed } = await importFile(shop.house, about)
    return { id, disputed }
  }
  /** Two records of one person, and somebody who decided that; five days later both are signed in. */
  async function pairLater(surname: string) {
    const pair = await joinTwice(shop, surname)
    const task = await decidePair(shop, pair, 'same')
    shop.clock.advance(5 * 86_400_000)
    await shop.work()
    for (const record of pair) record.cookie = (await signInAs(shop, record.email)).cookie
    return { pair, task }
  }

  test('goes with the import that is taken back, whichever of the two values it stood beside', async () => {
    for (const [which, surname] of [
      [0, 'Filelfo'],
      [1, 'Guarini'],
    ] as const) {
      const { pair, task } = await pairLater(surname)
      const { id, disputed } = await importing(pair[which])
      expect(disputed).toBe(1)
      await mergeRecords(shop, pair, task)
      expect((await take(pair[0], 'phone')).status).toBe(201)
      await undoImport(shop.house, id, 'system')
      expect((await phoneOf(pair[0])).disputed, surname).toBe(null)
      expect(await restrictedFields(shop.owner, pair[0].id)).toEqual([])
      await undo(pair[0])
      expect((await phoneOf(await again(shop, pair[0]))).disputed, surname).toBe(null)
      expect(await restrictedFields(shop.owner, pair[0].id)).toEqual([])
    }
  })

  test('of a record that rests is heard of the one that stays, and closes nothing in the one that rests', async () => {
    const { pair, task } = await pairLater('Iacopone')
    expect((await ask(shop, pair[1], 'POST', '/portal/disputes', { field: 'name' })).status).toBe(201)
    await shop.owner.query(
      `insert into task (id, type, subject, slot, made_at, due_at)
       select gen_random_uuid(), 'data_correction', subject, number, $2, $2 from slot
        where subject = $1 and compartment = 'messages'`,
      [pair[1].id, shop.clock.now()],
    )
    await mergeRecords(shop, pair, task)
    expect((await importing(pair[1])).disputed).toBe(1)
    expect(await restrictedFields(shop.owner, pair[0].id)).toContain('phone')
    expect(await restrictedFields(shop.owner, pair[1].id)).toEqual(['name'])
  })
})
