import { findConsent } from '../collection/consent.ts'
import { purchaseLineRule } from '../collection/field.ts'
import { countingRecords } from '../collection/merge.ts'
import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { addSlots } from '../identity/subject.ts'
import type { Floor } from '../keeper/client.ts'
import {
  type ImportAdapter,
  type Kept,
  type Numbered,
  oneByOne,
  type RunSetting,
  type Understood,
} from '../storage/import.ts'
import { type Basis, replace } from '../storage/keeping.ts'
import { withJobGrant } from '../use/grant.ts'
import { read } from '../use/reading.ts'
import {
  findPurchases,
  keepPurchases,
  type PurchaseLine,
  purchaseValue,
  rememberBrought,
  type StoredPurchase,
} from './purchase.ts'

interface InvoiceLine {
  invoice: string
  madeAt: Date
  item: PurchaseLine
}

type Invoice = { invoice: string; madeAt: Date; lines: Numbered<InvoiceLine>[] }

const columns = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
] as const

/**
 * Purchases, a line of an invoice each. A line's identity is its source, its invoice and its ordinal within the
 * invoice, never its content: two equal lines are two purchases. Dates without an offset are read as UTC.
 */
export function purchaseImport(currency: string): ImportAdapter<InvoiceLine> {
  return {
    ...{ kind: 'purchases', columns, most: 1 },
    understand: line => understand(line, currency),
    keep: oneByOne(keep),
  }
}

function understand(line: Record<string, string>, currency: string): Understood<InvoiceLine> {
  const invoice = line.InvoiceNo?.trim() ?? ''
  if (!/^[\x21-\x7e]{1,60}$/.test(invoice)) return { fault: 'invoice' }
  const unit = invoice
  const reference = line.CustomerID?.trim() ?? ''
  if (!/^[\x21-\x7e]{1,60}$/.test(reference)) return { fault: 'customer', unit }
  const madeAt = readDate(line.InvoiceDate?.trim() ?? '')
  if (madeAt === null) return { fault: 'date', unit }
  if (!/^-?\d{1,9}$/.test(line.Quantity?.trim() ?? '')) return { fault: 'quantity', unit }
  const unitPrice = readPrice(line.UnitPrice?.trim() ?? '', currency)
  if (unitPrice === null) return { fault: 'price', unit }
  const item = purchaseLineRule.safeParse({
    code: line.StockCode?.trim(),
    description: line.Description?.trim(),
    quantity: Number(line.Quantity),
    unit_price: unitPrice,
  })
  if (!item.success) return { fault: String(item.error.issues[0]?.path[0] ?? 'product'), unit }
  return { reference, unit, parsed: { invoice, madeAt, item: item.data } }
}

/** `2010-12-01 08:26:00`, also with a `T`, without a time, or with `Z` or an offset; null for anything else. */
function readDate(text: string): Date | null {
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(text)
  if (parts === null) return null
  const date = new Date(`${parts[1]}T${parts[2] ?? '00:00'}${parts[3] ?? 'Z'}`)
  // JavaScript turns the 31st of a short month into the next month's first: such a date is a mistake of the file.
  const real = new Date(`${parts[1]}T00:00Z`).toISOString().startsWith(parts[1]!)
  return Number.isNaN(date.getTime()) || !real ? null : date
}

/** Decimal text to an integer amount. Never through floating point, and never rounded. */
function readPrice(text: string, currency: string): PurchaseLine['unit_price'] | null {
  const parts = /^(\d{1,9})(?:\.(\d{1,6}))?$/.exec(text)
  if (parts === null) return null
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
  const exponent = Math.max(digits.maximumFractionDigits ?? 2, (parts[2] ?? '').replace(/0+$/, '').length)
  const amount = Number(parts[1] + (parts[2] ?? '').padEnd(exponent, '0').slice(0, exponent))
  return Number.isSafeInteger(amount) ? { amount, currency, exponent } : null
}

async function keep(
  tx: Tx,
  about: RunSetting,
  reference: string,
  lines: readonly Numbered<InvoiceLine>[],
): Promise<Kept> {
  const nothing = { subject: null, kept: 0, known: 0, fields: [] }
  const all = (code: string): Kept => ({ ...nothing, refused: lines.map(({ line }) => ({ line, code })) })
  const { source } = about
  const customer = await tx.maybe<{ subject: string }>(
    `select coalesce(m.stays, r.subject) as subject
       from customer_reference r left join merge m on m.rests = r.subject
      where r.source = $1 and r.reference = $2`,
    [source, reference],
  )
  if (customer === null) return all('unknown_customer')
  const { subject } = customer
  // An undo of an import that is under way comes first, or sees that these lines were brought too.
  await tx.query('select 1 from subject where id = $1 for key share', [subject])
  const consent = await findConsent(tx, subject, 'service')
  if (consent === null || !consent.fields.includes('purchase')) return all('no_consent')
  return keepInvoices(tx, about, { subject, basis: consent }, lines)
}

async function keepInvoices(
  tx: Tx,
  { house, source, run }: RunSetting,
  customer: { subject: string; basis: Basis },
  lines: readonly Numbered<InvoiceLine>[],
): Promise<Kept> {
  const { subject, basis } = customer
  const invoices = byInvoice(lines)
  const found = await findPurchases(tx, source, [...invoices.keys()])
  const stored = new Map(found.map(purchase => [purchase.invoice, purchase]))
  // What lies in a record that rests is this customer's as well, and stays there as it is.
  const counting = await countingRecords(tx, [...new Set(found.map(purchase => purchase.subject))])
  const isTheirs = (purchase: StoredPurchase | undefined) =>
    purchase !== undefined && (counting.get(purchase.subject) ?? purchase.subject) === subject
  const result: Kept = { subject, kept: 0, known: 0, refused: [], fields: ['purchase'] }
  const fresh: Invoice[] = []
  const longer: { invoice: Invoice; purchase: StoredPurchase }[] = []
  const known: string[] = []
  for (const invoice of invoices.values()) {
    const purchase = stored.get(invoice.invoice)
    if (purchase === undefined) fresh.push(invoice)
    else if (!isTheirs(purchase) || (purchase.subject !== subject && invoice.lines.length > purchase.lines))
      result.refused.push(...invoice.lines.map(({ line }) => ({ line, code: 'invoice_of_another' })))
    else if (invoice.lines.length > purchase.lines) longer.push({ invoice, purchase })
    const refusedWhole = purchase?.subject !== subject && invoice.lines.length > (purchase?.lines ?? 0)
    if (purchase !== undefined && isTheirs(purchase) && !refusedWhole) {
      result.known += Math.min(purchase.lines, invoice.lines.length)
      known.push(purchase.id)
    }
  }
  const asNew = fresh.map(({ lines, ...rest }) => ({ ...rest, source, lines: lines.map(line => line.item) }))
  // A restore of what was taken back from an agreement or an import leaves the compartment without a slot.
  if (asNew.length > 0) await addSlots(tx, house, subject, ['purchases'])
  if (asNew.length > 0) await keepPurchases(tx, house, basis, subject, asNew, 'import')
  result.kept = fresh.reduce((sum, invoice) => sum + invoice.lines.length, 0)
  if (longer.length > 0) result.floors = await lengthen(tx, house, customer, longer)
  for (const { invoice, purchase } of longer) result.kept += invoice.lines.length - purchase.lines
  await rememberBrought(tx, run, { source, fresh: fresh.map(({ invoice }) => invoice), known })
  return result
}

function byInvoice(lines: readonly Numbered<InvoiceLine>[]): Map<string, Invoice> {
  const invoices = new Map<string, Invoice>()
  for (const line of lines) {
    const { invoice, madeAt } = line
    const one = invoices.get(invoice) ?? { invoice, madeAt, lines: [] }
    one.lines.push(line)
    invoices.set(invoice, one)
  }
  return invoices
}

/** Adds the lines that an invoice has gained since it was stored; what is stored is never changed. */
function lengthen(
  tx: Tx,
  house: House,
  { subject, basis }: { subject: string; basis: Basis },
  longer: { invoice: Invoice; purchase: StoredPurchase }[],
): Promise<Floor[]> {
  const what = { fields: ['purchase'], compartments: ['purchases'] }
  const wanted = {
    ...what,
    kind: 'import' as const,
    subjects: [subject],
    purpose: 'service',
    minutes: 10,
    most: 1000,
  }
  return withJobGrant(house, wanted, async grant => {
    const rows = longer.map(({ purchase }) => purchase.id)
    const boxes = await read(house, grant, subject, { ...what, rows })
    await tx.query('select enter($1, $2)', [grant.id, grant.secret])
    const floors: Floor[] = []
    for (const { invoice, purchase } of longer) {
      const box = boxes.find(({ row }) => row === purchase.id)
      const sealed = box?.values.purchase?.value as { lines: PurchaseLine[] } | undefined
      if (box === undefined || sealed === undefined) throw new Error('a purchase without its box')
      const added = invoice.lines.slice(purchase.lines).map(line => line.item)
      const values = purchaseValue([...sealed.lines, ...added], 'import', house.clock.now())
      floors.push(await replace(tx, house, basis, { subject, ...box }, values))
      await tx.query('update purchase set lines = $2 where id = $1', [purchase.id, invoice.lines.length])
    }
    return floors
  })
}
