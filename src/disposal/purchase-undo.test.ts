import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Death, dyingHouse } from '../../test/dying-house.ts'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { issueTo } from '../../test/invoice.ts'
import { newEmployee } from '../../test/people.ts'
import { trailOf } from '../../test/portal.ts'
import { backUp, loadInto, removeBackup, replayInto } from '../../test/restored-house.ts'
import { buildWorld, type CustomerInWorld, type World } from '../../test/world.ts'
import { purchaseImport } from '../crm/purchase.import.ts'
import { importFile } from '../storage/import.ts'
import { withJobGrant } from '../use/grant.ts'
import { readOwnData } from '../use/own-data.ts'
import { previewUndo, undoImport } from './import-undo.ts'
import { resumeErasures } from './resumption.ts'

let house: TestHouse
let world: World
let folder: string
let count = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custode-purchases-'))
  house = await openHouse()
  world = await buildWorld(house)
})
afterAll(async () => {
  await house.close()
  await rm(folder, { recursive: true })
})

/** Somebody whose number in the shop's books is known. */
async function buyer(): Promise<CustomerInWorld & { reference: string }> {
  const who = await world.join()
  const reference = `buyer-${++count}`
  await house.owner.query(
    `insert into customer_reference (source, reference, subject, slot)
     select 'till', $2, subject, number from slot where subject = $1 and compartment = 'identity'`,
    [who.id, reference],
  )
  return { ...who, reference }
}

/** Each line: an invoice and whose it is. */
async function bring(
  lines: readonly [invoice: string, who: { reference: string }, what?: string][],
  on = house,
) {
  const path = join(folder, 'purchases.csv')
  const rows = lines.map(
    ([invoice, who, what = 'Pen']) => `${invoice},A,${what},1,2025-06-01,2.50,${who.reference}`,
  )
  const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID'
  await writeFile(path, `${[header, ...rows].join('\n')}\n`)
  return importFile(on.house, { adapter: purchaseImport('EUR'), file: path, source: 'till' })
}

const bought = async (who: CustomerInWorld, on = house) =>
  (await readOwnData(on.house, who.session, { sensitive: true })).purchases
    .map(one => `${one.invoice}: ${one.lines.map(line => line.description).join()}`)
    .sort()
const slotOf = async ({ id }: { id: string }) =>
  (
    await house.owner.one<{ number: number }>(
      `select number from slot where subject = $1 and compartment = 'purchases'`,
      [id],
    )
  ).number
const rowsOf = async (table: 'purchase' | 'import_purchase', who: { id: string }) =>
  (await house.owner.query(`select 1 from ${table} where subject = $1`, [who.id])).length
const boxesOf = ({ id }: { id: string }) =>
  house.owner.query<{ row: string; version: number; bytes: Buffer }>(
    `select row, version, bytes from box where subject = $1 and compartment = 'purchases' order by row`,
    [id],
  )
/** Opens a box that somebody has copied, under a grant for all of it. */
async function openCopy({ id }: { id: string }, copy: Awaited<ReturnType<typeof boxesOf>>[number]) {
  const compartment = 'purchases'
  const about = { subjects: [id], fields: ['*'], compartments: [compartment] }
  const { row, version, bytes: box } = copy
  const items = [{ customer: id, compartment, row, version, box }]
  return withJobGrant(house.house, { ...about, purpose: 'service', minutes: 1, most: 1 }, grant =>
    house.keeper.open({ grant: grant.id, secret: grant.secret, fields: ['*'], items }),
  )
}
const undo = (id: string) => undoImport(house.house, id, 'system')
const outcome = (removed: number, left: number) => ({ erased: 0, stayed: [], purchases: { removed, left } })

describe('an import of purchases that is taken back', () => {
  it('takes its invoices and boxes away, leaves those of others, and says so in each trail', async () => {
    const [ida, leo] = [await buyer(), await buyer()]
    await bring([['a-1', ida, 'Desk']])
    const { id } = await bring([
      ['a-2', ida, 'Secret lamp'],
      ['a-3', leo],
    ])
    const untouched = await slotOf(leo)
    expect(await previewUndo(house.house, id)).toEqual(outcome(2, 0))
    expect(await bought(ida)).toEqual(['a-1: Desk', 'a-2: Secret lamp'])
    const before = await slotOf(ida)
    const copies = await boxesOf(ida)
    expect(await undo(id)).toEqual(outcome(2, 0))
    expect([await bought(ida), await bought(leo)]).toEqual([['a-1: Desk'], []])
    expect([await rowsOf('import_purchase', ida), await rowsOf('import_purchase', leo)]).toEqual([1, 0])
    expect([(await boxesOf(ida)).length, (await boxesOf(leo)).length]).toEqual([1, 0])
    for (const who of [ida, leo]) {
      const entries = (await trailOf(house, who.id)).filter(one => one.kind === 'import.undo')
      expect(entries).toMatchObject([
        { fields: ['purchase'], result: 'done', detail: { import: id, removed: 1, left: 0 } },
      ])
    }
    // Every copy of the boxes of before is under a slot that is refused.
    expect([await slotOf(ida), await slotOf(leo)]).not.toEqual([before, untouched])
    for (const copy of copies) await expect(openCopy(ida, copy)).rejects.toMatchObject({ code: 'erased' })
    const record = await house.owner.maybe<{ compartments: string[] }>(
      'select compartments from erasure where slots = $1',
      [[before]],
    )
    expect([copies.length, record]).toEqual([2, { compartments: ['purchases'] }])
    await expect(undo(id)).rejects.toMatchObject({ code: 'conflict', detail: { import: 'undone' } })
  })

  it('opens nobody’s purchases on the way', async () => {
    const ida = await buyer()
    await bring([['o-1', ida]])
    const { id } = await bring([['o-2', ida]])
    await undo(id)
    const read = async () =>
      (await trailOf(house, ida.id)).filter(
        entry => entry.kind === 'reading' && entry.fields?.includes('purchase'),
      ).length
    expect(await read()).toBe(0)
    await bought(ida)
    expect(await read()).toBe(1)
  })

  it('leaves what another import brought too, until that one is taken back as well', async () => {
    const ida = await buyer()
    const first = await bring([
      ['s-1', ida],
      ['s-2', ida],
    ])
    const second = await bring([
      ['s-1', ida],
      ['s-1', ida, 'Ink'],
      ['s-3', ida],
    ])
    expect(second).toMatchObject({ known: 1, kept: 2 })
    expect(await undo(first.id)).toEqual(outcome(1, 1))
    expect(await bought(ida)).toEqual(['s-1: Pen,Ink', 's-3: Pen'])
    expect(await undo(second.id)).toEqual(outcome(2, 0))
    expect(await bought(ida)).toEqual([])
    // The mended file may come in again.
    expect(await bring([['s-1', ida]])).toMatchObject({ kept: 1, known: 0 })
  })

  it('never takes what was here before anything was remembered', async () => {
    const ida = await buyer()
    await bring([['old-1', ida]])
    await house.owner.query('delete from import_purchase where subject = $1', [ida.id])
    const { id } = await bring([
      ['old-1', ida],
      ['new-1', ida],
    ])
    expect(await undo(id)).toEqual(outcome(1, 0))
    expect(await bought(ida)).toEqual(['old-1: Pen'])
  })

  it('leaves what a document of the law was issued for, and PostgreSQL refuses to remove it', async () => {
    const ida = await buyer()
    const { id } = await bring([
      ['d-1', ida],
      ['d-2', ida],
    ])
    const { purchase, number } = await issueTo(house, world, ida)
    const removing = house.house.database.query('delete from purchase where id = $1', [purchase])
    await expect(removing).rejects.toMatchObject({ constraint: 'purchase_of_a_document' })
    expect(await undo(id)).toEqual(outcome(1, 1))
    expect(await bought(ida)).toEqual([`${number}: Pen`])
  })

  it('is refused where an earlier version did not remember what it brought', async () => {
    const ida = await buyer()
    const { id } = await bring([['e-1', ida]])
    await house.owner.query('update import set undoable = false where id = $1', [id])
    await expect(undo(id)).rejects.toMatchObject({ code: 'conflict', detail: { import: 'purchases' } })
    expect(await bought(ida)).toEqual(['e-1: Pen'])
  })

  it('goes by two officers in the office, with the counts of invoices', async () => {
    const second = await newEmployee(house, 'officer', 'office')
    const ida = await buyer()
    const { id } = await bring([
      ['t-1', ida],
      ['t-2', ida],
    ])
    const call = (by: { cookies: Record<string, string> }, url: string, payload: object) =>
      house.app.inject({
        method: 'POST',
        url: `/api/v1/office/imports/${id}/${url}`,
        cookies: by.cookies,
        payload,
      })
    const proposed = await call(world.pia, 'undos', { confirm: true })
    expect([proposed.statusCode, proposed.json()]).toMatchObject([201, { erases: 2, stays: 0 }])
    expect((await call(world.pia, 'undo-decisions', { approved: true })).statusCode).toBe(409)
    expect(await bought(ida)).toHaveLength(2)
    expect((await call(second, 'undo-decisions', { approved: true })).statusCode).toBe(201)
    await house.work()
    expect(await bought(ida)).toEqual([])
  })

  it('is brought to its end by the same call wherever the server dies, and counts each invoice once', async () => {
    const again = async (at: number) => {
      const ida = await buyer()
      await bring([[`k-${count}-1`, ida]])
      const { id } = await bring([
        [`k-${count}-2`, ida],
        [`k-${count}-3`, ida],
      ])
      const { house: dying, calls } = dyingHouse(house.house, { at, when: 'before' })
      const died: unknown = await undoImport(dying, id, 'system').then(
        () => null,
        error => error,
      )
      return { ida, id, calls, died, name: `k-${count}-1: Pen` }
    }
    const { calls } = await again(Number.MAX_SAFE_INTEGER)
    expect(calls.length).toBeGreaterThan(10)
    for (let at = 1; at <= calls.length; at++) {
      const { ida, id, died, name } = await again(at)
      expect(died, calls[at - 1]).toBeInstanceOf(Death)
      const held = await bought(ida)
      expect([1, 3], calls[at - 1]).toContain(held.length)
      const done = await undo(id).catch(error => error)
      if (done.code !== 'conflict') expect(done, calls[at - 1]).toEqual(outcome(2, 0))
      await resumeErasures(house.house)
      await house.work()
      expect(await bought(ida), calls[at - 1]).toEqual([name])
      const counts = await house.owner.one('select erased, stayed from import where id = $1', [id])
      expect(counts, calls[at - 1]).toEqual({ erased: 2, stayed: 0 })
      expect(await house.keeper.pendingShreds(), calls[at - 1]).toEqual([])
    }
  }, 240_000)

  it('can be brought in again where a restore has lost the whole compartment', async () => {
    const ida = await buyer()
    await bring([['r-1', ida]])
    await house.owner.query('select erase_slots($1)', [[await slotOf(ida)]])
    expect(await bring([['r-1', ida]])).toMatchObject({ kept: 1, refused: [] })
    expect(await bought(ida)).toEqual(['r-1: Pen'])
  })

  it('is not undone by a backup from before it: the compartment is gone there, and nothing can be taken back by it', async () => {
    const [ida, leo] = [await buyer(), await buyer()]
    await bring([
      ['b-1', ida],
      ['b-1-of-leo', leo],
    ])
    const { id } = await bring([['b-2', ida, 'Secret lamp']])
    const backup = await backUp(house)
    await undo(id)
    await house.work()
    const restored = await loadInto(backup)
    const replayed = await replayInto(restored, house.keeperProcess, house.house)
    try {
      const held = (who: { id: string }) =>
        restored.owner.query(
          `select p.invoice from purchase p join box b on b.row = p.id where p.subject = $1`,
          [who.id],
        )
      expect([await held(ida), await held(leo)]).toEqual([[], [{ invoice: 'b-1-of-leo' }]])
      expect(await restored.owner.query('select 1 from import_purchase')).toEqual([])
      expect(replayed.restored.counts.unclear).toEqual({})
    } finally {
      await restored.drop()
      await replayed.keeper.stop()
      await removeBackup(backup)
    }
  })
})
