import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { SoftwareAuthenticator } from '../../test/passkey.ts'
import { newEmployee, newPurchase } from '../../test/people.ts'
import { openForCustomers, signInAs, trailOf } from '../../test/portal.ts'
import {
  ask,
  dataOf,
  decidePair,
  joinTwice,
  mergeRecords,
  newMerged,
  type Record,
  sessionIn,
} from '../../test/twice.ts'
import { findUsableConsent } from '../collection/consent.ts'
import { findSession } from '../identity/session.ts'
import { object } from './duplicate-objection.ts'
import { searchDuplicates } from './duplicate-search.ts'
import { makeMergeWord } from './merge-word.ts'
import { endStrayGrants, merge, undoMerge } from './merging.ts'
import { hearSignal } from './privacy-signal.ts'
import { takeTask } from './task.ts'

let shop: TestHouse

beforeAll(async () => {
  shop = await openHouse()
  await openForCustomers(shop)
})
afterAll(() => shop.close())

const kindOf = async ({ id }: Record) =>
  (await shop.owner.one<{ kind: string }>('select kind from subject where id = $1', [id])).kind
const heldIn = (data: { values: { field: string; value: unknown }[] }, field: string) =>
  data.values.find(one => one.field === field)?.value
const entriesOf = async ({ id }: Record, kind: string) =>
  (await trailOf(shop, id)).filter(entry => entry.kind === kind)

describe('two records become one', { timeout: 60_000 }, () => {
  test('by the word of one of them typed in the other, and both logs and both addresses are told', async () => {
    const pair = await joinTwice(shop, 'Marchesini')
    const task = await decidePair(shop, pair, 'same')
    const asked = await ask(shop, pair[1], 'POST', `/portal/duplicates/${task}/merge-words`, {})
    expect(asked.status).toBe(201)
    const word = asked.body.word.toLowerCase().replaceAll('-', ' ')
    const { status, body } = await ask(shop, pair[0], 'POST', `/portal/duplicates/${task}/merges`, { word })
    expect(status).toBe(201)
    expect(Date.parse(body.until) - Date.parse(body.at)).toBe(30 * 86_400_000)
    expect(await Promise.all(pair.map(kindOf))).toEqual(['customer', 'resting'])
    const [one, other] = await Promise.all(pair.map(record => entriesOf(record, 'merge')))
    expect(one).toMatchObject([{ actor: 'customer', detail: { part: 'stays' } }])
    expect(other).toMatchObject([{ act: one![0]!.act, detail: { part: 'rests' } }])
    await shop.work()
    for (const { email } of pair) {
      const letters = shop.post.list().filter(mail => mail.to === email && /one now/.test(mail.subject))
      expect(letters).toHaveLength(1)
      expect(letters[0]!.text).not.toMatch(/Marchesini|@/)
    }
  })

  test('not by a wrong word, an old one, one for another pair, one’s own, or one that was used', async () => {
    const pair = await joinTwice(shop, 'Quaranta')
    const task = await decidePair(shop, pair, 'same')
    const others = await joinTwice(shop, 'Zanetti')
    const elsewhere = await decidePair(shop, others, 'same')
    const type = async (record: Record, word: string, at = task) =>
      merge(shop.house, await sessionIn(shop, record), at, word)
    const wrong = { code: 'wrong_code' }
    await expect(type(pair[0], 'ABCD-EFGH-2345')).rejects.toMatchObject(wrong)
    const { word } = await makeMergeWord(shop.house, await sessionIn(shop, pair[1]), task)
    await expect(type(pair[1], word)).rejects.toMatchObject(wrong)
    await expect(type(others[0], word, elsewhere)).rejects.toMatchObject(wrong)
    await expect(type(others[0], word)).rejects.toMatchObject({ code: 'not_found' })
    const newer = await makeMergeWord(shop.house, await sessionIn(shop, pair[1]), task)
    await expect(type(pair[0], word)).rejects.toMatchObject(wrong)
    shop.clock.advance(31 * 60_000)
    await expect(type(pair[0], newer.word)).rejects.toMatchObject(wrong)
    expect(await entriesOf(pair[0], 'merge.refused')).toHaveLength(3)
    expect(await Promise.all(pair.map(kindOf))).toEqual(['customer', 'customer'])
    expect(JSON.stringify(await shop.owner.query('select * from merge_word'))).not.toContain(word)
  })

  test('not where nobody decided so, where one of them denied it, or where one is merged already', async () => {
    const open = await joinTwice(shop, 'Serafini')
    const decided = await decidePair(shop, open, 'not_same')
    await expect(mergeRecords(shop, open, decided)).rejects.toMatchObject({ code: 'not_found' })
    const denied = await joinTwice(shop, 'Urbinati')
    const task = await decidePair(shop, denied, 'same')
    const { word } = await makeMergeWord(shop.house, await sessionIn(shop, denied[1]), task)
    await object(shop.house, await sessionIn(shop, denied[1]), task)
    await expect(merge(shop.house, await sessionIn(shop, denied[0]), task, word)).rejects.toMatchObject({
      code: 'not_found',
    })
    const { stays, task: merged } = await newMerged(shop, 'Bevilacqua')
    await expect(makeMergeWord(shop.house, await sessionIn(shop, stays), merged)).rejects.toMatchObject({
      code: 'conflict',
    })
  })

  test('not while whoever had the address of one of them before can take its change back', async () => {
    const pair = await joinTwice(shop, 'Zoccali')
    const task = await decidePair(shop, pair, 'same')
    const { word } = await makeMergeWord(shop.house, await sessionIn(shop, pair[1]), task)
    const changed = await shop.owner.one<{ id: string }>(
      `insert into address_change (id, subject, slot, hash, made_at, until)
       select gen_random_uuid(), subject, number, sha256('x'), $2, $2::timestamptz + interval '7 days'
         from slot where subject = $1 and compartment = 'contact' returning id`,
      [pair[1].id, shop.clock.now()],
    )
    const type = async () => merge(shop.house, await sessionIn(shop, pair[0]), task, word)
    await expect(type()).rejects.toMatchObject({ code: 'conflict' })
    await shop.owner.query('update address_change set undone_at = now() where id = $1', [changed.id])
    await type()
  })

  test('not while a guardian answers for one of them, who could not reach the record that rests', async () => {
    const pair = await joinTwice(shop, 'Zuccoli')
    const task = await decidePair(shop, pair, 'same')
    const { word } = await makeMergeWord(shop.house, await sessionIn(shop, pair[1]), task)
    const type = async () => merge(shop.house, await sessionIn(shop, pair[0]), task, word)
    for (const { id } of pair) {
      await shop.owner.query(
        `insert into guardianship (subject, slot, row, since, look_at)
         select subject, number, gen_random_uuid(), $2, $2 from slot where subject = $1 and compartment = 'messages'`,
        [id, shop.clock.now()],
      )
      await expect(type()).rejects.toMatchObject({ code: 'guardian_apart' })
      await shop.owner.query('delete from guardianship where subject = $1', [id])
    }
    await type()
  })

  test('not by the server against what was decided: PostgreSQL refuses it too', async () => {
    const pair = await joinTwice(shop, 'Vezzani')
    const made = await shop.house.database.one<{ made: boolean }>(
      `select make_merge(gen_random_uuid(), $1, $2, now(), now() + interval '30 days', '\\x00') as made`,
      pair.map(one => one.id),
    )
    expect(made).toEqual({ made: false })
    await expect(
      shop.house.database.query(`update subject set kind = 'resting' where id = $1`, [pair[0].id]),
    ).rejects.toMatchObject({ code: '42501' })
  })
})

describe('a record that rests', { timeout: 60_000 }, () => {
  test('lets nobody in but to the record that stays, by its own address too', async () => {
    const { stays, rests } = await newMerged(shop, 'Gherardesca')
    expect((await ask(shop, rests, 'GET', '/portal/data')).status).toBe(401)
    await shop.work()
    const { cookie } = await signInAs(shop, rests.email)
    const current = await ask(shop, { cookie }, 'GET', '/portal/sessions/current')
    expect(current.body).toMatchObject({ kind: 'customer', alias: stays.alias })
    expect(await entriesOf(stays, 'session')).toContainEqual(
      expect.objectContaining({ detail: { by: 'resting' } }),
    )
    expect((await entriesOf(rests, 'session')).length).toBeGreaterThan(1)
  })

  test('is seen and taken away by its own person, with its purchases, and each reading is in its own log', async () => {
    const pair = await joinTwice(shop, 'Spinola')
    await newPurchase(shop, pair[1], 'R-1', 'a kettle')
    const task = await decidePair(shop, pair, 'same')
    await mergeRecords(shop, pair, task)
    const data = await dataOf(shop, pair[0])
    expect([heldIn(data, 'name'), heldIn(data.resting, 'name')]).toEqual(['Livia Spinola', 'Lvia Spinola'])
    expect(data.resting.purchases).toMatchObject([{ invoice: 'R-1', lines: [{ description: 'a kettle' }] }])
    const exported = (await ask(shop, pair[0], 'GET', '/portal/export')).body
    expect(exported.resting.consents).toHaveLength(1)
    expect(exported.resting.held.merge).toMatchObject([{ stays: false }])
    expect(exported.resting.entries.length).toBeGreaterThan(3)
    const readings = (await entriesOf(pair[1], 'reading')).filter(entry => entry.actor === 'customer')
    expect(readings.length).toBeGreaterThan(0)
  })

  test('lets nobody in by a passkey of its own, and does again once it is undone', async () => {
    const here = { origin: 'http://localhost:8080', rpId: 'localhost', verified: true }
    const pair = await joinTwice(shop, 'Dallapiccola')
    const key = new SoftwareAuthenticator()
    const asked = (await ask(shop, pair[1], 'POST', '/portal/passkey-challenges', {})).body
    const added = await ask(shop, pair[1], 'POST', '/portal/passkeys', {
      ...{ challenge: asked.id, kept_on: 'phone', response: key.register(asked.options, here) },
    })
    expect(added.status).toBe(201)
    const enter = async () => {
      const { id: challenge, options } = (
        await ask(shop, { cookie: '' }, 'POST', '/portal/passkey-sessions/challenges', {})
      ).body
      const response = key.sign(options, here)
      return (await ask(shop, { cookie: '' }, 'POST', '/portal/passkey-sessions', { challenge, response }))
        .status
    }
    expect(await enter()).toBe(201)
    const task = await decidePair(shop, pair, 'same')
    await mergeRecords(shop, pair, task)
    expect(await enter()).toBe(401)
    await undoMerge(shop.house, await sessionIn(shop, pair[0]))
    expect(await enter()).toBe(201)
  })

  test('is opened by no task, not even one that was taken before, and is looked at by no search', async () => {
    const pair = await joinTwice(shop, 'Pallavicini')
    const task = await decidePair(shop, pair, 'same')
    await ask(shop, pair[1], 'POST', '/portal/questions', { type: 'delivery_question', text: 'Where?' })
    const { id } = await shop.owner.one<{ id: string }>(
      `select id from task where subject = $1 and type = 'delivery_question'`,
      [pair[1].id],
    )
    const employee = await newEmployee(shop)
    const ben = (await findSession(shop.house.database, shop.clock.now(), 'work', employee.session.token))!
    const { grant } = await takeTask(shop.house, ben, id)
    await mergeRecords(shop, pair, task)
    const live = await shop.owner.query('select 1 from grants where id = $1 and ended_at is null', [grant.id])
    expect(live).toEqual([])
    await expect(takeTask(shop.house, ben, id)).rejects.toMatchObject({ code: 'not_found' })
    const compared = async () =>
      (await entriesOf(pair[1], 'reading')).filter(entry => entry.actor === 'system').length
    const before = await compared()
    await searchDuplicates(shop.house)
    expect(await compared()).toBe(before)
    await expect(
      shop.house.database.query(
        `with g as (insert into grants (id, kind, actor, secret_hash, purpose, fields, compartments, made_at, until)
           values (gen_random_uuid(), 'task', 'st_1', '\\x00', 'service', '{name}', '{identity}', now(), now()) returning id)
         insert into grant_subject (grant_id, subject) select id, $1 from g`,
        [pair[1].id],
      ),
    ).rejects.toMatchObject({ code: '23514' })
  })

  test('is open to no grant that a crash left alive', async () => {
    const pair = await joinTwice(shop, 'Tagliabue')
    const task = await decidePair(shop, pair, 'same')
    const { rests } = { rests: pair[1] }
    await dataOf(shop, rests)
    await mergeRecords(shop, pair, task)
    // As if the process had died before the grants were ended.
    await shop.owner.query(
      `update grants set ended_at = null where id in (select grant_id from grant_subject where subject = $1) and kind = 'portal'`,
      [rests.id],
    )
    await endStrayGrants(shop.house)
    const live = await shop.owner.query(
      `select 1 from grants g join grant_subject s on s.grant_id = g.id
        where s.subject = $1 and g.ended_at is null and g.kind = 'portal'`,
      [rests.id],
    )
    expect(live).toEqual([])
  })
})

describe('what was agreed to', { timeout: 60_000 }, () => {
  const usable = async ({ id }: Record, purpose: string) =>
    (await findUsableConsent(shop.house.database, id, purpose)) !== null

  test('is used for advertising only where both records agree, and what was said later counts', async () => {
    const yes = ['service', 'offers']
    const agreed = await newMerged(shop, 'Frangipane', [yes, yes])
    expect(await usable(agreed.stays, 'offers')).toBe(true)
    const not = await newMerged(shop, 'Malaspina', [yes, ['service']])
    expect(await usable(not.stays, 'offers')).toBe(false)
    expect(await usable(not.stays, 'service')).toBe(true)
    expect((await ask(shop, not.stays, 'GET', '/portal/merge')).body.merge.resting_purposes).toEqual([
      'offers',
    ])
  })

  test('and was said no to in the other record opens nothing any more, to who had taken a task before either', async () => {
    const yes = ['service', 'care']
    const pair = await joinTwice(shop, 'Quattrocchi', [yes, yes])
    const decided = await decidePair(shop, pair, 'same')
    const asked = await ask(shop, pair[0], 'POST', '/portal/questions', {
      type: 'care_request',
      text: 'Nuts?',
    })
    expect(asked.status).toBe(201)
    const ben = await findSession(
      ...([shop.house.database, shop.clock.now(), 'work', (await newEmployee(shop)).session.token] as const),
    )
    const { grant } = await takeTask(shop.house, ben!, asked.body.id)
    expect(grant.purpose).toBe('care')
    const consent = await shop.owner.one<{ id: string }>(
      `select id from consent where subject = $1 and purpose = 'care'`,
      [pair[1].id],
    )
    expect((await ask(shop, pair[1], 'POST', `/consents/${consent.id}/withdrawals`, {})).status).toBe(201)
    await mergeRecords(shop, pair, decided)
    expect(await usable(pair[0], 'care')).toBe(false)
    const ended = () =>
      shop.owner.one<{ ended: boolean }>('select ended_at is not null as ended from grants where id = $1', [
        grant.id,
      ])
    expect(await ended()).toEqual({ ended: true })
    // As if the process had died before.
    await shop.owner.query('update grants set ended_at = null where id = $1', [grant.id])
    await endStrayGrants(shop.house)
    expect(await ended()).toEqual({ ended: true })
  })

  test('is taken back in both at once, and a browser that says no says it for both', async () => {
    const yes = ['service', 'offers']
    const { stays, rests } = await newMerged(shop, 'Passalacqua', [yes, yes])
    const consent = await shop.owner.one<{ id: string }>(
      `select id from consent where subject = $1 and purpose = 'offers'`,
      [stays.id],
    )
    expect((await ask(shop, stays, 'POST', `/consents/${consent.id}/withdrawals`, {})).status).toBe(201)
    const taken = await shop.owner.query(
      `select c.subject from consent c join consent_withdrawal w on w.consent = c.id where c.subject = any ($1)`,
      [[stays.id, rests.id]],
    )
    expect(taken).toHaveLength(2)
    await hearSignal(shop.house, stays.id)
    expect(
      await shop.owner.query('select 1 from privacy_signal where subject = $1', [rests.id]),
    ).toHaveLength(1)
  })
})
