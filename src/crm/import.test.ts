import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../../test/house.ts'
import { findConsent, withdrawConsent } from '../collection/consent.ts'
import { markGeneration } from '../identity/address.ts'
import { customerImport } from '../storage/customer.import.ts'
import { type ImportReport, importFile } from '../storage/import.ts'
import { withJobGrant } from '../use/grant.ts'
import { read } from '../use/reading.ts'
import { purchaseImport } from './purchase.import.ts'

let house: TestHouse
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custode-import-'))
  house = await openHouse()
  await house.database.transaction(tx => markGeneration(tx, house.house))
})
afterAll(async () => {
  await house.close()
  await rm(folder, { recursive: true })
})

const customerHeader = 'reference,name,email,phone,purposes,consent_date,consent_source'
const purchaseHeader = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'

async function file(name: string, lines: string[]): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, `${lines.join('\n')}\n`)
  return path
}

async function importCustomers(source: string, lines: string[]): Promise<ImportReport> {
  const path = await file('customers.csv', [customerHeader, ...lines])
  return importFile(house.house, { adapter: customerImport, file: path, source })
}

async function importPurchases(source: string, lines: string[]): Promise<ImportReport> {
  const path = await file('purchases.csv', [purchaseHeader, ...lines])
  return importFile(house.house, { adapter: purchaseImport('GBP'), file: path, source })
}

const codes = (report: ImportReport) => report.refused.map(({ line, code }) => `${line} ${code}`)

const boxes = async () => (await house.owner.one<{ count: number }>('select count(*) from box')).count

async function purchasesOf(source: string, reference: string) {
  const { subject } = await house.owner.one<{ subject: string }>(
    'select subject from customer_reference where source = $1 and reference = $2',
    [source, reference],
  )
  const what = { fields: ['purchase'], compartments: ['purchases'] }
  const wanted = { ...what, subjects: [subject], purpose: 'service', minutes: 1, most: 10 }
  return withJobGrant(house.house, wanted, grant => read(house.house, grant, subject, what))
}

test('a customer with evidence is kept at level 0, and one without is refused with the line', async () => {
  const report = await importCustomers('evidence', [
    '1,Ada Corvo,ada.corvo.1@example.org,+393331234567,service offers,2010-05-31,till-form',
    '2,Bruno Alder,bruno.alder.2@example.org,,,,',
    '3,Chiara Lupino,chiara.lupino.3@example.org,,offers,2010-05-31,till-form',
  ])
  expect(report).toMatchObject({ lines: 3, kept: 1, known: 0 })
  expect(codes(report)).toEqual(['3 no_evidence', '4 no_evidence'])
  const found = await house.owner.query(
    `select c.level, k.purpose, k.evidence, k.source from customer c join consent k on k.subject = c.id
       join customer_reference r on r.subject = c.id where r.source = 'evidence' order by k.purpose`,
  )
  expect(found).toEqual([
    { level: 0, purpose: 'offers', evidence: 'import', source: 'till-form' },
    { level: 0, purpose: 'service', evidence: 'import', source: 'till-form' },
  ])
})

test('what is wrong with a line is said by a code and nothing of the line is stored', async () => {
  const before = await boxes()
  const report = await importCustomers('wrong', [
    ',Ada Corvo,a@example.org,,service,2010-05-31,till-form',
    '2,,b@example.org,,service,2010-05-31,till-form',
    '3,Ada Corvo,not an address,,service,2010-05-31,till-form',
    '4,Ada Corvo,c@example.org,12,service,2010-05-31,till-form',
    '5,Ada Corvo,d@example.org,,service profiling,2010-05-31,till-form',
    '6,Ada Corvo,e@example.org,,service,2010-02-31,till-form',
    '7,Ada Corvo,f@example.org,,service,2999-01-01,till-form',
    '8,Ada Corvo,g@example.org,,service,2010-05-31,A Form!',
    '9,Ada Corvo',
    '10,Ada "Corvo,h@example.org,,service,2010-05-31,till-form',
  ])
  expect(codes(report)).toEqual([
    ...['2 reference', '3 name', '4 email', '5 phone', '6 purposes', '7 consent_date', '8 consent_date'],
    ...['9 consent_source', '10 column_count', '11 malformed'],
  ])
  expect(report).toMatchObject({ lines: 10, kept: 0 })
  expect(await boxes()).toBe(before)
})

test('what people cannot see in a name or a product is refused in a file as in a form', async () => {
  const rest = 'x@example.org,,service,2010-05-31,till-form'
  const names = ['Ada\u202e', 'A\u200bda', '\u3164', 'Ada\u001b[2J', '"Ada\nCorvo"', 'Ada\u{e0041}']
  const customers = await importCustomers(
    'unseen',
    names.map((name, at) => `${at},${name},${rest}`),
  )
  expect(customers).toMatchObject({ lines: 6, kept: 0 })
  expect(customers.refused.map(({ code }) => code)).toEqual(names.map(() => 'name'))
  const what = ['1,a\u202eb', '1,a\u0007b', 'a\u200bb,x', '\u200b,x']
  const purchases = await importPurchases(
    'unseen',
    what.map((item, at) => `U${at},${item},1,2010-12-01 08:26:00,2.55,1,Italy`),
  )
  expect(codes(purchases)).toEqual(['2 description', '3 description', '4 code', '5 code'])
})

test('an address that belongs to a customer makes no second one', async () => {
  const report = await importCustomers('again', [
    '77,Somebody Else,ADA.corvo.1@example.org,,service,2010-05-31,till-form',
  ])
  expect(codes(report)).toEqual(['2 address_taken'])
})

test('a second run of a file imports nothing twice', async () => {
  const lines = ['1,Dario Fennel,dario.1@example.org,,service,2010-05-31,phone-order']
  await importCustomers('twice', lines)
  const purchases = ['A1,85123A,LANTERN,6,2010-12-01 08:26:00,2.55,1,United Kingdom']
  expect(await importPurchases('twice', purchases)).toMatchObject({ kept: 1, known: 0 })
  const before = await boxes()
  expect(await importCustomers('twice', lines)).toMatchObject({ kept: 0, known: 1 })
  expect(await importPurchases('twice', purchases)).toMatchObject({ kept: 0, known: 1 })
  expect(await boxes()).toBe(before)
})

test('purchases of somebody who has not agreed are refused line by line', async () => {
  const report = await importPurchases('nobody', ['B1,1,X,1,2010-12-01 08:26:00,1.00,404,Italy'])
  expect(codes(report)).toEqual(['2 unknown_customer'])
})

test('purchases of somebody whose consent is withdrawn are refused', async () => {
  await importCustomers('gone', ['1,Elena Nettle,elena.1@example.org,,service,2010-05-31,till-form'])
  const { subject } = await house.owner.one<{ subject: string }>(
    "select subject from customer_reference where source = 'gone'",
  )
  // As when the withdrawal has been written and its erasure has not come yet: no slot may be left but the trail.
  await house.owner.transaction(async tx => {
    const consent = await findConsent(tx, subject, 'service')
    await withdrawConsent(tx, house.house, consent!)
    await tx.query(
      "delete from slot where subject = $1 and compartment <> 'identity' and compartment <> 'trail'",
      [subject],
    )
    await tx.query('set constraints all deferred')
    await tx.query("delete from slot where subject = $1 and compartment = 'identity'", [subject])
  })
  const report = await importPurchases('gone', ['C1,1,X,1,2010-12-01 08:26:00,1.00,1,Italy'])
  expect(report.kept).toBe(0)
})

test('equal lines of an invoice are two purchases, and an invoice is one box with its lines in order', async () => {
  await importCustomers('equal', ['1,Fabio Orsato,fabio.1@example.org,,service,2010-05-31,till-form'])
  const line = 'D1,85123A,LANTERN,6,2010-12-01 08:26:00,2.55,1,United Kingdom'
  expect(await importPurchases('equal', [line, line, line.replace('2.55', '0.001')])).toMatchObject({
    kept: 3,
  })
  const opened = await purchasesOf('equal', '1')
  expect(opened).toHaveLength(1)
  expect(opened[0]!.values.purchase!.value).toEqual({
    lines: [
      ...[0, 1].map(() => ({
        ...{ code: '85123A', description: 'LANTERN', quantity: 6 },
        unit_price: { amount: 255, currency: 'GBP', exponent: 2 },
      })),
      {
        ...{ code: '85123A', description: 'LANTERN', quantity: 6 },
        unit_price: { amount: 1, currency: 'GBP', exponent: 3 },
      },
    ],
  })
})

test('a second file that overlaps adds only what is new, also within an invoice', async () => {
  await importCustomers('overlap', ['1,Giada Viola,giada.1@example.org,,service,2010-05-31,till-form'])
  const line = (invoice: string, code: string) => `${invoice},${code},X,1,2010-12-01 08:26:00,1.00,1,Italy`
  await importPurchases('overlap', [line('E1', 'a'), line('E1', 'b')])
  const report = await importPurchases('overlap', [
    ...[line('E1', 'a'), line('E1', 'b'), line('E1', 'b')],
    line('E2', 'c'),
  ])
  expect(report).toMatchObject({ kept: 2, known: 2 })
  const opened = await purchasesOf('overlap', '1')
  const lines = opened.map(({ version, values }) => ({
    version,
    codes: (values.purchase!.value as { lines: { code: string }[] }).lines.map(({ code }) => code),
  }))
  expect(lines.sort((a, b) => b.version - a.version)).toEqual([
    { version: 2, codes: ['a', 'b', 'b'] },
    { version: 1, codes: ['c'] },
  ])
})

test('an invoice of which a line cannot be kept is not kept by halves', async () => {
  await importCustomers('halves', ['1,Hugo Zagara,hugo.1@example.org,,service,2010-05-31,till-form'])
  const line = (invoice: string, price: string) => `${invoice},1,X,1,2010-12-01 08:26:00,${price},1,Italy`
  const report = await importPurchases('halves', [line('F1', '1.00'), line('F1', 'free'), line('F2', '1.00')])
  expect(codes(report)).toEqual(['2 incomplete_invoice', '3 price'])
  expect(report.kept).toBe(1)
})

test('a line that is no CSV spoils the invoices beside it and no other', async () => {
  await importCustomers('beside', ['1,Irene Yarrow,irene.1@example.org,,service,2010-05-31,till-form'])
  const line = (invoice: string) => `${invoice},1,X,1,2010-12-01 08:26:00,1.00,1,Italy`
  const report = await importPurchases('beside', [
    line('G1'),
    line('G2'),
    'G2,1,x"y,1',
    line('G3'),
    line('G4'),
  ])
  expect(report.kept).toBe(2)
  expect(codes(report)).toEqual(['3 incomplete_invoice', '4 malformed', '5 incomplete_invoice'])
})

test('there is one entry for each customer and import in the customer’s own trail, and it names no value', async () => {
  await importCustomers('trail', ['1,Jonas Quarto,jonas.1@example.org,,service,2010-05-31,till-form'])
  await importPurchases('trail', [
    'H1,1,SECRET THING,1,2010-12-01 08:26:00,1.00,1,Italy',
    'H2,1,SECRET THING,1,2010-12-01 08:26:00,1.00,1,Italy',
  ])
  const { id, trail } = await house.owner.one<{ id: string; trail: number }>(
    "select s.id, s.trail from subject s join customer_reference r on r.subject = s.id where r.source = 'trail'",
  )
  const wanted = {
    subjects: [id],
    fields: ['*'],
    compartments: ['trail'],
    purpose: 'access',
    minutes: 1,
    most: 5,
  }
  const page = await withJobGrant(house.house, wanted, ({ grant, secret }) =>
    house.keeper.entries({ grant, secret, trailSlot: trail }),
  )
  const imports = page.entries.map(({ body }) => JSON.parse(body)).filter(({ kind }) => kind === 'import')
  expect(imports).toHaveLength(2)
  expect(imports[1]).toMatchObject({
    fields: ['purchase'],
    purpose: 'service',
    detail: { lines: 2, source: 'trail' },
  })
  expect(JSON.stringify(imports)).not.toContain('SECRET')
})
