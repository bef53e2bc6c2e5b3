import type * as z from 'zod'
import type { purchaseLineRule } from '../collection/field.ts'
import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { type Basis, keepRows } from '../storage/keeping.ts'

export type PurchaseLine = z.infer<typeof purchaseLineRule>

export interface NewPurchase {
  source: string
  invoice: string
  /** When the company made the invoice. */
  madeAt: Date
  lines: readonly PurchaseLine[]
}

export interface StoredPurchase {
  id: string
  subject: string
  invoice: string
  lines: number
  slot: number
}

/** The value of the field `purchase`: all lines of one invoice, in their order. */
export const purchaseValue = (
  lines: readonly PurchaseLine[],
  source: 'import' | 'company',
  at: Date,
): { purchase: { value: { lines: PurchaseLine[] }; source: 'import' | 'company'; at: string } } => ({
  purchase: { value: { lines: [...lines] }, source, at: at.toISOString() },
})

/** Which of these invoices of a source are stored, whoever they belong to. */
export function findPurchases(
  database: Queryable,
  source: string,
  invoices: readonly string[],
): Promise<StoredPurchase[]> {
  return database.query<StoredPurchase>(
    'select id, subject, invoice, lines, slot from purchase where source = $1 and invoice = any ($2)',
    [source, invoices],
  )
}

/**
 * Keeps invoices of one customer: a row each, and one box each that holds all its lines. Refuses `no_consent` when the
 * basis does not name `purchase`, and `erased` when the customer has left.
 */
export async function keepPurchases(
  tx: Tx,
  house: House,
  basis: Basis,
  subject: string,
  purchases: readonly NewPurchase[],
  from: 'import' | 'company',
): Promise<void> {
  const rows = purchases.map(purchase => ({ id: newId(), ...purchase }))
  await tx.query(
    `insert into purchase (id, subject, slot, source, invoice, lines, made_at)
     select t.id, $1, s.number, t.source, t.invoice, t.lines, t.made_at
       from unnest($2::uuid[], $3::text[], $4::text[], $5::int[], $6::timestamptz[])
            as t (id, source, invoice, lines, made_at)
       join slot s on s.subject = $1 and s.compartment = 'purchases'`,
    [
      subject,
      rows.map(row => row.id),
      rows.map(row => row.source),
      rows.map(row => row.invoice),
      rows.map(row => row.lines.length),
      rows.map(row => row.madeAt),
    ],
  )
  const now = house.clock.now()
  const boxes = rows.map(row => ({ row: row.id, values: purchaseValue(row.lines, from, now) }))
  await keepRows(tx, house, basis, subject, boxes)
}

/**
 * Remembers which invoices an import brought: the new ones, and those it found here that another import is remembered to
 * have brought. What was here otherwise is nobody's to take back.
 */
export async function rememberBrought(
  tx: Tx,
  run: string,
  { source, fresh, known }: { source: string; fresh: readonly string[]; known: readonly string[] },
): Promise<void> {
  await tx.query(
    `insert into import_purchase (import, purchase, subject, slot)
     select $1::uuid, p.id, p.subject, p.slot from purchase p where p.source = $2 and p.invoice = any ($3)
      union
     select $1::uuid, p.id, p.subject, p.slot from purchase p
      where p.id = any ($4) and exists (select 1 from import_purchase b where b.purchase = p.id)
     on conflict do nothing`,
    [run, source, fresh, known],
  )
}
