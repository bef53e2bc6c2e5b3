import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dyingHouse } from '../../test/dying-house.ts'
import { everyStep } from '../../test/every-step.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { rowsWith, slotsOf } from '../../test/leaver.ts'
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
import type { House } from '../core/house.ts'
import { purchaseImport } from '../crm/purchase.import.ts'
import { addSlots } from '../identity/subject.ts'
import { importFile } from '../storage/import.ts'
import { makeMergeWord } from '../use/merge-word.ts'
import { merge, undoMerge } from '../use/merging.ts'
import { completeMerges } from './merge-completion.ts'
import { resumeErasures } from './resumption.ts'
import { withdraw } from './withdrawal.ts'

let shop: TestHouse

beforeAll(async () => {
  shop = await openHouse()
  await openForCustomers(shop)
})
afterAll(() => shop.close())

const month = 31 * 86_400_000
/** From one call at which the process dies to the next. */
const stride = everyStep ? 1 : 5
const kindOf = async ({ id }: Record): Promise<string | null> =>
  (await shop.owner.maybe<{ kind: string }>('select kind from subject where id = $1', [id]))?.kind ?? null
const erasureOf = (slot: number) =>
  shop.owner.maybe<{ t1: Date | null; kept_until: Date; link_hash: Buffer }>(
    'select t1, kept_until, link_hash from erasure where $1 = any (slots)',
    [slot],
  )

describe('after thirty days', { timeout: 120_000 }, () => {
  it('the record that rested is erased like one that leaves, and its link says so', async () => {
    const { stays, rests, link } = await newMerged(shop, 'Alberti')
    const slots = await slotsOf(shop.owner, rests.id)
    await shop.work()
    await completeMerges(shop.house)
    expect(await kindOf(rests)).toBe('resting')
    shop.clock.advance(month)
    await resumeErasures(shop.house)
    expect(await kindOf(rests)).toBe('former')
    expect(Object.keys(await rowsWith(shop.owner, rests.id)).sort()).toEqual(['slot', 'subject'])
    expect(await erasureOf(slots.identity!)).toMatchObject({ t1: expect.any(Date) })
    const page = await ask(shop, { cookie: '' }, 'POST', '/destruction-views', { link })
    expect(page.body.t1).not.toBe(null)
    expect(await kindOf(stays)).toBe('customer')
    const told = (await trailOf(shop, stays.id)).filter(entry => entry.kind === 'merge.completion')
    expect(told).toMatchObject([{ actor: 'system', detail: { part: 'stays' } }])
    await shop.work()
    const letters = shop.post.list().filter(mail => mail.to === stays.email && /is erased/.test(mail.subject))
    expect(letters).toHaveLength(1)
    const own = await again(shop, stays)
    expect((await ask(shop, own, 'GET', '/portal/data')).body.resting).toBe(null)
    await expect(undoMerge(shop.house, await sessionIn(shop, own))).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  it('is not over as long as what the record that rests said no to cannot be taken back', async () => {
    const yes = ['service', 'care']
    const pair = await joinTwice(shop, 'Castiglione', [yes, yes])
    const task = await decidePair(shop, pair, 'same')
    await shop.owner.query(
      `insert into consent_field (consent, purpose, field) select id, purpose, 'allergies' from consent where subject = $1 and purpose = 'care'`,
      [pair[0].id],
    )
    await shop.house.database.transaction(tx => addSlots(tx, shop.house, pair[0].id, ['health']))
    const agreed = ({ id }: Record) =>
      shop.owner.maybe<{ id: string }>(
        `select id from consent c where subject = $1 and purpose = 'care'
            and not exists (select 1 from consent_withdrawal w where w.consent = c.id)`,
        [id],
      )
    const no = await agreed(pair[1])
    expect((await ask(shop, pair[1], 'POST', `/consents/${no!.id}/withdrawals`, {})).status).toBe(201)
    await mergeRecords(shop, pair, task)
    shop.clock.advance(month)
    // Whenever it is tried, somebody writes there.
    const write = () =>
      shop.owner.query(
        `insert into box (subject, compartment, row, version, slot, bytes)
         select subject, compartment, gen_random_uuid(), 1, number, 'x' from slot where subject = $1 and compartment = 'health'`,
        [pair[0].id],
      )
    const database = new Proxy(shop.house.database, {
      get(real, name) {
        const found: unknown = Reflect.get(real, name, real)
        if (typeof found !== 'function') return found
        return async (...args: unknown[]) => {
          if (name === 'transaction') await write()
          return found.apply(real, args) as unknown
        }
      },
    })
    await expect(completeMerges({ ...shop.house, database })).rejects.toMatchObject({ code: 'conflict' })
    expect([await kindOf(pair[1]), (await agreed(pair[0])) === null]).toEqual(['resting', false])
    await completeMerges(shop.house)
    expect([await kindOf(pair[1]), await agreed(pair[0])]).toEqual(['former', null])
  })

  it('what the record that rests said no to is taken back, and what lay beside for an undoing is gone', async () => {
    const { stays } = await newMerged(shop, 'Bellini', [['service', 'offers'], ['service']])
    await ask(shop, stays, 'POST', '/portal/merge/values', { fields: ['phone'] })
    const own = async () => (await dataOf(shop, await again(shop, stays))).values
    const before = await own()
    shop.clock.advance(month)
    await resumeErasures(shop.house)
    const left = await shop.owner.query(
      `select purpose from consent c where subject = $1
          and not exists (select 1 from consent_withdrawal w where w.consent = c.id)`,
      [stays.id],
    )
    expect(left).toEqual([{ purpose: 'service' }])
    const beside = await shop.owner.query(
      `select 1 from box where subject = $1 and compartment = 'contact' and row <> subject`,
      [stays.id],
    )
    expect(beside).toEqual([])
    const fields = (values: { field: string; value: unknown }[]) =>
      values.map(({ field, value }) => [field, value])
    expect(fields(await own())).toEqual(fields(before))
  })

  it('an import by the number of the record that went finds the one that stays, before and after', async () => {
    const { stays, rests } = await newMerged(shop, 'Carducci')
    await shop.owner.query(
      `insert into customer_reference (source, reference, subject, slot)
       select 'shop', 'K-77', subject, number from slot where subject = $1 and compartment = 'identity'`,
      [rests.id],
    )
    const invoices = () =>
      shop.owner.query<{ subject: string }>('select subject from purchase where subject = any ($1)', [
        [stays.id, rests.id],
      ])
    await importInvoice('R-900')
    expect(await invoices()).toEqual([{ subject: stays.id }])
    shop.clock.advance(month)
    await resumeErasures(shop.house)
    await importInvoice('R-901')
    expect(await invoices()).toEqual([{ subject: stays.id }, { subject: stays.id }])
  })
})

async function importInvoice(invoice: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'custode-merge-'))
  const file = join(folder, 'purchases.csv')
  const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'
  await writeFile(file, `${header}\n${invoice},A1,MUG,1,2010-12-01 08:26:00,2.55,K-77,Italy\n`)
  const report = await importFile(shop.house, { adapter: purchaseImport('EUR'), file, source: 'shop' })
  await rm(folder, { recursive: true })
  expect(report).toMatchObject({ kept: 1, refused: [] })
}

describe('whoever leaves while a record of theirs rests', { timeout: 120_000 }, () => {
  it('leaves with both at once, sees it before, and has a receipt of each', async () => {
    const { stays, rests } = await newMerged(shop, 'Donatello')
    const preview = (await ask(shop, stays, 'GET', '/portal/withdrawal-preview')).body
    const one = preview.compartments.find((row: { compartment: string }) => row.compartment === 'identity')
    expect(one.boxes).toBe(2)
    const slots = await slotsOf(shop.owner, rests.id)
    const { status, body } = await ask(shop, stays, 'POST', '/portal/withdrawals', { confirm: true })
    expect(status).toBe(201)
    expect(body.resting.slots).toContain(slots.identity)
    expect(body.receipt.slots).not.toContain(slots.identity)
    expect(await Promise.all([stays, rests].map(kindOf))).toEqual(['former', 'former'])
    const lost = await ask(shop, stays, 'POST', '/withdrawal-receipts', {})
    expect(lost.body.resting.act).toBe(body.resting.act)
  })

  it('takes the other along wherever the process dies, and nobody comes back', async () => {
    for (let at = 1; ; at += stride) {
      const { stays, rests } = await newMerged(shop, `Este${'abcdefghijklmnopqrstuvwxyz'.repeat(4)[at]}${at}`)
      const session = await sessionIn(shop, stays)
      const { house, calls } = dyingHouse(shop.house, { at, when: 'after' })
      const died = await withdraw(house, session).then(
        () => false,
        () => true,
      )
      const asked = await shop.owner.maybe(
        `select 1 from subject where id = $1 and (kind = 'former' or exists (select 1 from withdrawal where subject = $1))`,
        [stays.id],
      )
      await resumeErasures(shop.house)
      if (asked !== null)
        expect([at, await kindOf(stays), await kindOf(rests)]).toEqual([at, 'former', 'former'])
      else expect([at, await kindOf(stays), await kindOf(rests)]).toEqual([at, 'customer', 'resting'])
      if (!died || calls.length < at) break
    }
  })
})

describe('wherever the process dies', { timeout: 240_000 }, () => {
  /** At one call to the database or the keeper after another, until the act gets through. */
  async function atEachStep(
    prepare: (
      name: string,
    ) => Promise<{ act: (house: House) => Promise<unknown>; check: () => Promise<void> }>,
  ): Promise<number> {
    for (let at = 1; ; at += stride) {
      const { act, check } = await prepare(`${'abcdefghijklmnopqrstuvwxyz'.repeat(4)[at]}${at}`)
      const { house, calls } = dyingHouse(shop.house, { at, when: at % 2 === 0 ? 'before' : 'after' })
      await act(house).catch(() => {})
      await resumeErasures(shop.house)
      await check()
      if (calls.length < at) return at
    }
  }
  const strays = ({ stays, rests }: { stays: Record; rests: Record }) =>
    shop.owner.query(
      `select g.kind from grants g join grant_subject s on s.grant_id = g.id left join session n on n.id = g.session
        where g.ended_at is null and g.until > now() and s.subject = any ($1) and g.kind <> 'job'
          and (n.id is null or n.subject <> s.subject
               and not exists (select 1 from merge m where m.stays = n.subject and m.rests = s.subject))`,
      [[stays.id, rests.id]],
    )

  it('a merge is made or not, and no grant opens what it should not', async () => {
    const steps = await atEachStep(async name => {
      const pair = await joinTwice(shop, `Forli${name}`)
      const task = await decidePair(shop, pair, 'same')
      const { word } = await makeMergeWord(shop.house, await sessionIn(shop, pair[1]), task)
      const session = await sessionIn(shop, pair[0])
      return {
        act: house => merge(house, session, task, word),
        check: async () => {
          const merged = await shop.owner.maybe('select 1 from merge where rests = $1', [pair[1].id])
          expect(await kindOf(pair[1])).toBe(merged === null ? 'customer' : 'resting')
          expect(await strays({ stays: pair[0], rests: pair[1] })).toEqual([])
        },
      }
    })
    expect(steps).toBeGreaterThan(4)
  })

  it('an undoing is done or not, and no grant opens both after it', async () => {
    const steps = await atEachStep(async name => {
      const two = await newMerged(shop, `Gozzi${name}`)
      await ask(shop, two.stays, 'POST', '/portal/merge/values', { fields: ['phone'] })
      const session = await sessionIn(shop, two.stays)
      return {
        act: house => undoMerge(house, session),
        check: async () => {
          const merged = await shop.owner.maybe('select 1 from merge where rests = $1', [two.rests.id])
          expect(await kindOf(two.rests)).toBe(merged === null ? 'customer' : 'resting')
          expect(await strays(two)).toEqual([])
        },
      }
    })
    expect(steps).toBeGreaterThan(4)
  })

  it('a completion is carried to its end', async () => {
    const pairs: { two: Awaited<ReturnType<typeof newMerged>>; at: number }[] = []
    for (let at = 1; at <= 12; at += stride)
      pairs.push({ two: await newMerged(shop, `Leoni${'abcdefghijklm'[at]}`), at })
    shop.clock.advance(month)
    for (const { at } of pairs) {
      const { house } = dyingHouse(shop.house, { at, when: at % 2 === 0 ? 'before' : 'after' })
      await completeMerges(house).catch(() => {})
    }
    await resumeErasures(shop.house)
    for (const { two } of pairs)
      expect(await Promise.all([two.stays, two.rests].map(kindOf))).toEqual(['customer', 'former'])
  })
})
