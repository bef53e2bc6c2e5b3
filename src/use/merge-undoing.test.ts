import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { everyStep } from '../../test/every-step.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { openForCustomers, trailOf } from '../../test/portal.ts'
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
import { personalTables } from '../disposal/inventory.ts'
import { undoMerge } from './merging.ts'

let shop: TestHouse

beforeAll(async () => {
  shop = await openHouse()
  await openForCustomers(shop)
})
afterAll(() => shop.close())

/** What comes and goes with looking, signing in and being written to: no part of what somebody's record is. */
const passing = ['grants', 'grant_subject', 'session', 'code', 'letter', 'outbox', 'challenge', 'merge_word']

/** Every row about these people in every table of the inventory, without counters of the log. */
async function stateOf(ids: string[]): Promise<string> {
  const state: { [table: string]: unknown } = {}
  for (const [table, { columns }] of Object.entries(personalTables)) {
    if (passing.includes(table)) continue
    const own = ['subject', 'other', 'stays', 'rests', 'id'].filter(column => column in columns)
    if (own.length === 0) continue
    const where = own.map(column => `t.${column}::text = any ($1)`).join(' or ')
    const letters = table === 'box' ? ' and not exists (select 1 from letter l where l.id = t.row)' : ''
    const rows = await shop.owner.query<{ row: string }>(
      `select (to_jsonb(t) - 'last_change')::text as row from "${table}" t where (${where})${letters} order by 1`,
      [ids],
    )
    state[table] = rows.map(({ row }) => row)
  }
  return JSON.stringify(state)
}

const idsOf = (...records: Record[]) => records.map(one => one.id)
const held = (data: { values: { field: string }[] }, field: string) =>
  data.values.find(one => one.field === field)

describe('an undoing', { timeout: 120_000 }, () => {
  test('leaves both as they were, to the last row and the last sealed byte', async () => {
    const pair = await joinTwice(shop, 'Ronchi', [['service', 'offers'], ['service']])
    const task = await decidePair(shop, pair, 'same')
    const before = await stateOf(idsOf(...pair))
    await mergeRecords(shop, pair, task)
    expect(await stateOf(idsOf(...pair))).not.toBe(before)
    await undoMerge(shop.house, await sessionIn(shop, pair[0]))
    expect(await stateOf(idsOf(...pair))).toBe(before)
  })

  test('signs everybody out, and from then on neither address opens the other record', async () => {
    const { stays, rests } = await newMerged(shop, 'Galvani')
    const { cookie } = await again(shop, rests)
    const undone = await ask(shop, { cookie }, 'POST', '/portal/merge/undoings', {})
    expect(undone.status).toBe(201)
    for (const signedIn of [stays, { cookie }])
      expect((await ask(shop, signedIn, 'GET', '/portal/data')).status).toBe(401)
    for (const record of [stays, rests]) {
      const current = await ask(shop, await again(shop, record), 'GET', '/portal/sessions/current')
      expect(current.body.alias).toBe(record.alias)
      const data = await dataOf(shop, await again(shop, record))
      expect([data.alias, data.resting]).toEqual([record.alias, null])
    }
    const live = await shop.owner.query(
      `select 1 from grant_subject a join grant_subject b on b.grant_id = a.grant_id and b.subject = $2
         join grants g on g.id = a.grant_id where a.subject = $1 and g.ended_at is null`,
      [stays.id, rests.id],
    )
    expect(live).toEqual([])
    for (const record of [stays, rests]) {
      const said = (await trailOf(shop, record.id)).filter(entry => entry.kind === 'merge.undo')
      expect(said).toMatchObject([{ actor: 'customer' }])
    }
  })

  test('is refused to who has nothing to undo, twice, without a fresh proof, and after thirty days', async () => {
    const { stays, rests } = await newMerged(shop, 'Volta')
    const session = await sessionIn(shop, stays)
    shop.clock.advance(16 * 60_000)
    const refused = await ask(shop, stays, 'POST', '/portal/merge/undoings', {})
    expect(refused.body).toMatchObject({ code: 'level_needed', detail: { act: 'undo_merge' } })
    shop.clock.advance(30 * 86_400_000)
    await expect(undoMerge(shop.house, session)).rejects.toMatchObject({ code: 'not_found' })
    shop.clock.advance(-30 * 86_400_000)
    await undoMerge(shop.house, session)
    await expect(undoMerge(shop.house, session)).rejects.toMatchObject({ code: 'not_found' })
    await expect(
      undoMerge(shop.house, await sessionIn(shop, await again(shop, rests))),
    ).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  test('and what happened since stays with the record that stayed', async () => {
    const { stays, rests } = await newMerged(shop, 'Fermi')
    await ask(shop, stays, 'POST', '/portal/values', { values: { name: 'Livia Anna Fermi' } })
    await ask(shop, stays, 'POST', '/portal/questions', { type: 'delivery_question', text: 'When?' })
    await undoMerge(shop.house, await sessionIn(shop, stays))
    const [one, other] = [
      await dataOf(shop, await again(shop, stays)),
      await dataOf(shop, await again(shop, rests)),
    ]
    expect([held(one, 'name'), held(other, 'name')]).toMatchObject([
      { value: 'Livia Anna Fermi' },
      { value: 'Lvia Fermi' },
    ])
    expect([one.questions.length, other.questions.length]).toEqual([1, 0])
  })
})

describe('a value of the record that rests', { timeout: 120_000 }, () => {
  const take = (record: Pick<Record, 'cookie'>, ...fields: string[]) =>
    ask(shop, record, 'POST', '/portal/merge/values', { fields })

  test('is taken over with all that is known of it, and goes back when it is undone', async () => {
    const { stays, rests } = await newMerged(shop, 'Galilei')
    const before = await dataOf(shop, stays)
    expect((await take(stays, 'name', 'phone')).body).toEqual({ taken: ['name', 'phone'] })
    const merged = await dataOf(shop, stays)
    expect(held(merged, 'name')).toEqual(held(before.resting, 'name'))
    expect((await ask(shop, stays, 'GET', '/portal/merge')).body.merge.taken).toEqual(['name', 'phone'])
    const entry = (await trailOf(shop, stays.id)).find(one => one.kind === 'merge.value')
    expect(entry).toMatchObject({ fields: ['name', 'phone'], actor: 'customer' })
    expect(JSON.stringify(entry)).not.toContain('Galilei')
    await undoMerge(shop.house, await sessionIn(shop, stays))
    const [one, other] = [
      await dataOf(shop, await again(shop, stays)),
      await dataOf(shop, await again(shop, rests)),
    ]
    expect([one.values, other.values]).toEqual([before.values, before.resting.values])
    expect(
      await shop.owner.query('select 1 from box where subject = $1 and row <> $1 and compartment = $2', [
        ...[stays.id, 'identity'],
      ]),
    ).toEqual([])
  })

  test('that was changed since stays as its person has it now', async () => {
    const { stays } = await newMerged(shop, 'Torricelli')
    await take(stays, 'name')
    await ask(shop, stays, 'POST', '/portal/values', { values: { name: 'Livia T. Torricelli' } })
    await undoMerge(shop.house, await sessionIn(shop, stays))
    expect(held(await dataOf(shop, await again(shop, stays)), 'name')).toMatchObject({
      value: 'Livia T. Torricelli',
    })
  })

  test('is refused where it is not held, counts already, signs in, was proved, or nothing is merged', async () => {
    const { stays } = await newMerged(shop, 'Cassini')
    const codes = async (...fields: string[]) => {
      const { body } = await take(stays, ...fields)
      return [body.code, body.errors?.map((one: { code: string }) => one.code).join()]
    }
    expect(await codes('email')).toEqual(['invalid', 'not_editable'])
    expect(await codes('nonsense')).toEqual(['invalid', 'unknown'])
    expect(await codes('birth_date')).toEqual(['invalid', 'required'])
    await take(stays, 'phone')
    expect(await codes('phone')).toEqual(['invalid', 'taken'])
    await shop.owner.query('update customer set level = 2 where id = $1', [stays.id])
    expect(await codes('name')).toEqual(['invalid', 'not_editable'])
    await undoMerge(shop.house, await sessionIn(shop, stays))
    expect((await take(await again(shop, stays), 'name')).body.code).toBe('not_found')
  })
})

test('whatever a person does with two records that are one, an undoing gives back what they did not change', async () => {
  type Step = 'take name' | 'take phone' | 'change name' | 'question' | 'look'
  const step = fc.constantFrom<Step>('take name', 'take phone', 'change name', 'question', 'look')
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 5 }), async steps => {
      const { stays, rests } = await newMerged(
        shop,
        `Prova${'abcdefghijklmnopqrst'[run]}${'aeiou'[run++ % 5]}`,
      )
      const before = await dataOf(shop, stays)
      const resting = await stateOf([rests.id])
      for (const one of steps) {
        const [what, field = ''] = one.split(' ')
        if (what === 'take') await ask(shop, stays, 'POST', '/portal/merge/values', { fields: [field] })
        if (what === 'change')
          await ask(shop, stays, 'POST', '/portal/values', { values: { name: 'Nuova Lina' } })
        if (what === 'question')
          await ask(shop, stays, 'POST', '/portal/questions', { type: 'delivery_question', text: 'x' })
        if (what === 'look') await dataOf(shop, stays)
      }
      expect(await stateOf([rests.id])).toBe(resting)
      await undoMerge(shop.house, await sessionIn(shop, stays))
      const after = await dataOf(shop, await again(shop, stays))
      expect(held(after, 'phone')).toEqual(held(before, 'phone'))
      if (steps.includes('change name')) expect(held(after, 'name')).toMatchObject({ value: 'Nuova Lina' })
      else expect(after.values).toEqual(before.values)
      expect(held(await dataOf(shop, await again(shop, rests)), 'name')).toEqual(held(before.resting, 'name'))
    }),
    { numRuns: everyStep ? 50 : 3, seed: 20261128 },
  )
}, 240_000)
