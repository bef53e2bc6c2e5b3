import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { asRefusal } from '../core/http.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { inParallel } from '../storage/in-parallel.ts'
import { type Grant, withJobGrant } from '../use/grant.ts'
import { sealedBoxes } from '../use/reading.ts'
import { isAsRead, type Left, type Narrowing, narrow, shredLeft, stateOf } from './narrowing.ts'

/** What becomes of the invoices of an import that is taken back: counts. */
export interface PurchaseUndo {
  removed: number
  /** Another import brought them too, or a document of the law was issued for them. */
  left: number
}

interface Undoing {
  import: string
  actor: string
  subject: string
}

interface Brought {
  id: string
  leaves: boolean
}

const compartment = 'purchases'
const changedMeanwhile = 'purchases were changed while they were read'

const leaves = `not exists (select 1 from import_purchase o where o.purchase = b.purchase and o.import <> b.import)
  and not exists (select 1 from statutory_document d where d.purchase = b.purchase)`

/** What taking the invoices of this import back would come to at this moment. */
export const previewPurchases = ({ database }: House, id: string): Promise<PurchaseUndo> =>
  database.one<PurchaseUndo>(
    `select count(*) filter (where leaves)::integer as removed, count(*) filter (where not leaves)::integer as left
       from (select ${leaves} as leaves from import_purchase b where b.import = $1) one`,
    [id],
  )

/**
 * Takes the invoices of an import back, customer by customer: what nothing else brought is removed, the rest of the
 * compartment is sealed under another slot without being read, and the old slot is destroyed, so that backups forget
 * too. Each customer's trail says so. What another import brought too, and what a document of the law was issued for,
 * stays. Counted in the import's row as it goes: cut off, the same call goes on. The caller has noted that it begins.
 */
export async function undoPurchases(
  house: House,
  id: string,
  actor: string,
  progress?: (done: number, total: number) => void,
): Promise<void> {
  const rows = await house.database.query<{ subject: string }>(
    'select distinct subject from import_purchase where import = $1 order by 1',
    [id],
  )
  let done = 0
  await inParallel(4, rows, async ({ subject }) => {
    await again(() => undoOf(house, { import: id, actor, subject }))
    progress?.(++done, rows.length)
  })
}

/** Once more when something came between the reading and the change. Whoever leaves at this moment takes all of it along. */
async function again(act: () => Promise<Left | null>, attempts = 3): Promise<Left | null> {
  try {
    return await act()
  } catch (error) {
    const code = asRefusal(error)?.code
    if (code === 'erased' || code === 'not_found') return null
    if (code !== 'conflict' || attempts === 1) throw error
    return again(act, attempts - 1)
  }
}

async function undoOf(house: House, undoing: Undoing): Promise<Left | null> {
  const { subject } = undoing
  const found = await findBrought(house.database, undoing)
  if (!found.some(one => one.leaves)) return leaveAll(house, undoing, found)
  const wanted = {
    ...{ subjects: [subject], fields: ['*'], compartments: [compartment] },
    ...{ purpose: 'service', minutes: 5, most: 10 },
  }
  const left = await withJobGrant(house, wanted, async grant => {
    const narrowing = await narrowingOf(house, grant, subject, found)
    return change(house, async (tx, note) => {
      await lock(tx, subject)
      const same = JSON.stringify(await findBrought(tx, undoing)) === JSON.stringify(found)
      if (!same || !(await isAsRead(tx, subject, { ...narrowing, fields: ['purchase'] })))
        throw new Refusal('conflict', { why: changedMeanwhile })
      await remove(tx, grant, undoing, found)
      const done = await narrow(tx, house, subject, narrowing, grant, 'import')
      const counts = await count(tx, undoing, found)
      const detail = { import: undoing.import, method: 'import', ...counts, slots: done.left?.slots ?? [] }
      const entry = {
        kind: 'import.undo' as const,
        actor: undoing.actor,
        fields: ['purchase'],
        result: 'done',
      }
      await note(subject, { ...entry, detail }, done.floors)
      return done.left
    })
  })
  if (left !== null) await shredLeft(house, left)
  return left
}

/** Nothing of theirs goes: it is not this import's any more, which changes nothing for its customer. */
async function leaveAll(house: House, undoing: Undoing, found: readonly Brought[]): Promise<null> {
  await house.database.transaction(async tx => {
    await lock(tx, undoing.subject)
    if (JSON.stringify(await findBrought(tx, undoing)) !== JSON.stringify(found))
      throw new Refusal('conflict', { why: changedMeanwhile })
    await forget(tx, undoing)
    await count(tx, undoing, found)
  })
  return null
}

const findBrought = (database: Queryable, { import: id, subject }: Undoing): Promise<Brought[]> =>
  database.query<Brought>(
    `select b.purchase as id, ${leaves} as leaves from import_purchase b
      where b.import = $1 and b.subject = $2 order by b.purchase`,
    [id, subject],
  )

/** All that stays in the compartment moves on, unread. */
async function narrowingOf(
  house: House,
  grant: Grant,
  subject: string,
  found: readonly Brought[],
): Promise<Narrowing> {
  const { database } = house
  const asRead = await stateOf(database, subject, ['purchase'])
  const slot = await database.one<{ number: number }>(
    'select number from slot where subject = $1 and compartment = $2',
    [subject, compartment],
  )
  const rows = await database.query<{ row: string }>(
    'select row from box_versions($1) where compartment = $2 and not (row = any ($3))',
    [subject, compartment, leaving(found)],
  )
  const staying = await sealedBoxes(house, grant, subject, {
    compartments: [compartment],
    rows: rows.map(one => one.row),
  })
  const unread = staying.map(box => ({ box, without: [] }))
  return {
    ...{ fields: [], uncovered: [], asRead },
    moved: [{ slot: { compartment, number: slot.number }, boxes: [], unread }],
  }
}

const leaving = (found: readonly Brought[]) => found.filter(one => one.leaves).map(one => one.id)

/** A document that is just being issued holds the customer: it comes first, or finds the purchase gone. */
async function lock(tx: Tx, subject: string): Promise<void> {
  await tx.query('select 1 from customer where id = $1 for update', [subject])
  await tx.one('select 1 from subject where id = $1 for update', [subject])
}

async function remove(tx: Tx, grant: Grant, undoing: Undoing, found: readonly Brought[]): Promise<void> {
  const gone = leaving(found)
  await forget(tx, undoing)
  await tx.query('select enter($1, $2)', [grant.grant, grant.secret])
  await tx.query('delete from box where subject = $1 and compartment = $2 and row = any ($3)', [
    ...[undoing.subject, compartment, gone],
  ])
  await tx.query('delete from purchase where id = any ($1)', [gone])
}

const forget = (tx: Tx, { import: id, subject }: Undoing) =>
  tx.query('delete from import_purchase where import = $1 and subject = $2', [id, subject])

async function count(tx: Tx, undoing: Undoing, found: readonly Brought[]): Promise<PurchaseUndo> {
  const removed = leaving(found).length
  const counts = { removed, left: found.length - removed }
  await tx.query('update import set erased = erased + $2, stayed = stayed + $3 where id = $1', [
    ...[undoing.import, counts.removed, counts.left],
  ])
  return counts
}
