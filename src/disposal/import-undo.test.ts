import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { buildWorld, type World } from '../../test/world.ts'
import { change } from '../core/outbox.ts'
import { purchaseImport } from '../crm/purchase.import.ts'
import { customerImport } from '../storage/customer.import.ts'
import { importFile } from '../storage/import.ts'
import { eraseUntouched } from './erasure.ts'
import { listImports, previewUndo, undoImport } from './import-undo.ts'

let house: TestHouse
let world: World
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custode-undo-'))
  house = await openHouse()
  world = await buildWorld(house)
})
afterAll(async () => {
  await house.close()
  await rm(folder, { recursive: true })
})

const header = 'reference,name,email,phone,purposes,consent_date,consent_source'

async function importing(...who: string[]) {
  const path = join(folder, 'customers.csv')
  const lines = who.map(one => `${one},Ada Corvo,${one}@example.org,,service,2025-05-31,till-form`)
  await writeFile(path, `${[header, ...lines].join('\n')}\n`)
  return importFile(house.house, { adapter: customerImport, file: path, source: 'till' })
}

const subjectOf = async (reference: string) =>
  (
    await house.owner.maybe<{ subject: string }>(
      'select subject from customer_reference where reference = $1',
      [reference],
    )
  )?.subject ?? null

const touch = (subject: string) =>
  change(house.house, async (_tx, note) =>
    note(subject, { kind: 'value', actor: 'customer', fields: ['phone'], result: 'done' }),
  )

const countOf = async (table: string) =>
  Number((await house.owner.one<{ n: string }>(`select count(*) as n from ${table}`)).n)

test('whom the import brought is erased with a record each, and whoever changed since stays and is listed', async () => {
  const before = await countOf('subject')
  const { id } = await importing('one', 'two', 'three')
  const stays = (await subjectOf('two'))!
  await touch(stays)
  const { alias } = await house.owner.one<{ alias: string }>('select alias from subject where id = $1', [
    stays,
  ])
  const preview = await previewUndo(house.house, id)
  expect(preview).toEqual({ erased: 2, stayed: [alias] })
  expect(await countOf('subject')).toBe(before + 3)
  const records = await countOf('erasure')
  expect(await undoImport(house.house, id, 'system')).toEqual(preview)
  expect([await subjectOf('one'), await subjectOf('two'), await subjectOf('three')]).toEqual([
    null,
    stays,
    null,
  ])
  expect(await countOf('subject')).toBe(before + 1)
  expect(await countOf('erasure')).toBe(records + 2)
  const boxes = await house.owner.query('select compartment from box where subject = $1 order by 1', [stays])
  expect(boxes).toEqual([{ compartment: 'contact' }, { compartment: 'identity' }])
  expect((await listImports(house.house)).find(run => run.id === id)).toMatchObject({ erased: 2, stayed: 1 })
  await expect(undoImport(house.house, id, 'system')).rejects.toMatchObject({ code: 'conflict' })
})

test('an undo never touches whom the import found here', async () => {
  const first = await importing('held')
  const second = await importing('held', 'fresh')
  expect(second).toMatchObject({ kept: 1, known: 1 })
  const joined = await world.join({ email: 'joined@example.org' })
  expect(await undoImport(house.house, second.id, 'system')).toEqual({ erased: 1, stayed: [] })
  expect(await subjectOf('held')).not.toBeNull()
  expect(joined.cookies).toBeDefined()
  expect(
    await countOf(`customer c where exists (select 1 from address a where a.subject = c.id)`),
  ).toBeGreaterThan(1)
  expect(await undoImport(house.house, first.id, 'system')).toEqual({ erased: 1, stayed: [] })
})

test('what was taken back may be brought in again: an undo is nobody’s withdrawal', async () => {
  const { id } = await importing('again')
  await undoImport(house.house, id, 'system')
  expect(await importing('again')).toMatchObject({ kept: 1, refused: [] })
})

test('a purchase that came later keeps its customer', async () => {
  const { id } = await importing('buyer')
  const path = join(folder, 'purchases.csv')
  await writeFile(
    path,
    'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID\n1,A,Pen,1,2025-06-01,2.50,buyer\n',
  )
  const bought = await importFile(house.house, { adapter: purchaseImport('EUR'), file: path, source: 'till' })
  expect(bought).toMatchObject({ kept: 1 })
  expect(await undoImport(house.house, id, 'system')).toMatchObject({
    erased: 0,
    stayed: [expect.any(String)],
  })
  expect(await undoImport(house.house, bought.id, 'system')).toMatchObject({
    purchases: { removed: 1, left: 0 },
  })
})

test('a change that comes between the preview and the erasure is seen', async () => {
  await importing('racer')
  const subject = (await subjectOf('racer'))!
  const { last_change } = await house.owner.one<{ last_change: number }>(
    'select last_change from subject where id = $1',
    [subject],
  )
  await touch(subject)
  const erasing = {
    act: crypto.randomUUID(),
    subject,
    actor: 'system',
    reason: 'import' as const,
    keepsTrail: false,
  }
  expect(await eraseUntouched(house.house, erasing, last_change)).toBe(false)
  expect(await subjectOf('racer')).toBe(subject)
})

test('an undo that was cut off goes on, and one of an unfinished or unknown import is refused', async () => {
  const { id } = await importing('cut-1', 'cut-2')
  await house.owner.query('update import set undo_asked_at = now(), erased = 2 where id = $1', [id])
  const subject = (await subjectOf('cut-1'))!
  const { last_change } = await house.owner.one<{ last_change: number }>(
    'select last_change from subject where id = $1',
    [subject],
  )
  const erasing = {
    act: crypto.randomUUID(),
    subject,
    actor: 'system',
    reason: 'import' as const,
    keepsTrail: false,
  }
  expect(await eraseUntouched(house.house, erasing, last_change)).toBe(true)
  expect(await undoImport(house.house, id, 'system')).toEqual({ erased: 2, stayed: [] })
  await house.owner.query('update import set ended_at = null, undone_at = null where id = $1', [id])
  await expect(undoImport(house.house, id, 'system')).rejects.toMatchObject({ code: 'conflict' })
  await expect(previewUndo(house.house, crypto.randomUUID())).rejects.toMatchObject({ code: 'not_found' })
})

test('after a restore no import from before it is taken back, since a later change may be lost', async () => {
  const { id } = await importing('restored')
  await house.owner.query(
    `insert into restoration (id, restored_at, counts, unknown, issued) values ($1, $2, '{}', '{}', 0)`,
    [crypto.randomUUID(), house.clock.now()],
  )
  await expect(undoImport(house.house, id, 'system')).rejects.toMatchObject({ code: 'conflict' })
  expect(await subjectOf('restored')).not.toBeNull()
})
