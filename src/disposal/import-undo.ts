import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { inParallel } from '../storage/in-parallel.ts'
import { forgetImported } from '../use/imported-claim.ts'
import { eraseUntouched } from './erasure.ts'
import { type PurchaseUndo, previewPurchases, undoPurchases } from './purchase-undo.ts'

/** An import as the company sees it: counts, never whom it brought. */
export interface ImportRun {
  id: string
  kind: 'customers' | 'purchases' | 'contacts'
  source: string
  started_at: Date
  ended_at: Date | null
  lines: number
  kept: number
  known: number
  refused: number
  /** Of how many people who were here it has put a value in doubt. */
  disputed: number
  undo_asked_at: Date | null
  undone_at: Date | null
  /** Of customers; of invoices where it brought purchases. */
  erased: number
  stayed: number
}

/** What an undo would do, or has done. */
export interface Undo {
  /** How many customers it erases. */
  erased: number
  /** Aliases of those who stay, because something has changed about them since. */
  stayed: string[]
  /** Of an import of purchases alone: what becomes of its invoices. */
  purchases?: PurchaseUndo
}

interface Brought {
  subject: string
  alias: string
  last_change: number
  untouched: boolean
}

const columns = `id, kind, source, started_at, ended_at, lines, kept, known, refused, undo_asked_at, undone_at,
  erased, stayed,
  (select count(distinct c.subject)::integer from import_claim c where c.import = import.id) as disputed`

/** Every import, the newest first. */
export const listImports = ({ database }: House): Promise<ImportRun[]> =>
  database.query<ImportRun>(`select ${columns} from import order by started_at desc, id desc limit 200`)

/** What `undoImport` would do at this moment; it changes nothing. Refuses what that refuses. */
export async function previewUndo(house: House, id: string): Promise<Undo> {
  const { kind } = await requireUndoable(house, id)
  if (kind === 'purchases') return { erased: 0, stayed: [], purchases: await previewPurchases(house, id) }
  return shown(await findBrought(house, id))
}

/**
 * Takes an import of customers back: erases everybody whom it made and about whom nothing has changed since, trail
 * included, each by an erasure with a record. Whoever has signed in, given or changed a value, bought or asked
 * something, or had a consent taken back since stays as they are, with everything the import brought. Of anybody whom the
 * import found here only what it said otherwise is taken back, where its customer has not settled it. Of an import of purchases see `undoPurchases`. Cut off, the same call goes on. Refuses `not_found`, and `conflict` for an import that
 * has not come to its end, brought purchases before it was remembered which, is older than a restore, or is undone already.
 */
export async function undoImport(
  house: House,
  id: string,
  actor: string,
  progress?: (done: number, total: number) => void,
): Promise<Undo> {
  const { kind } = await requireUndoable(house, id)
  if (kind === 'purchases') {
    await begin(house, id, actor, 0)
    await undoPurchases(house, id, actor, progress)
    return end(house, id, actor)
  }
  const brought = await findBrought(house, id)
  const asked = await begin(house, id, actor, brought.length)
  const leaving = brought.filter(one => one.untouched)
  let done = 0
  await inParallel(4, leaving, async ({ subject, last_change }) => {
    const erasing = { act: newId(), subject, actor, reason: 'import' as const, keepsTrail: false }
    await eraseUntouched(house, erasing, last_change)
    progress?.(++done, leaving.length)
  })
  await forgetImported(house, id, actor)
  const { stayed } = shown(await findBrought(house, id))
  const erased = Math.max(0, asked - stayed.length)
  await change(house, async (tx, note) => {
    await tx.query('update import set undone_at = $2, erased = $3, stayed = $4 where id = $1', [
      ...[id, house.clock.now(), erased, stayed.length],
    ])
    const detail = { import: id, erased, stayed: stayed.length }
    await note(null, { kind: 'import.undo', actor, result: 'done', detail })
  })
  return { erased, stayed }
}

/** What was counted on the way is the answer, whoever did it. */
const end = (house: House, id: string, actor: string): Promise<Undo> =>
  change(house, async (tx, note) => {
    const purchases = await tx.one<PurchaseUndo>(
      'update import set undone_at = $2 where id = $1 returning erased as removed, stayed as left',
      [id, house.clock.now()],
    )
    const detail = { import: id, ...purchases }
    await note(null, { kind: 'import.undo', actor, result: 'done', detail })
    return { erased: 0, stayed: [], purchases }
  })

/** Notes that it begins, once, and answers with how many customers of the import were here then. */
function begin(house: House, id: string, actor: string, here: number): Promise<number> {
  return change(house, async (tx, note) => {
    const first = await tx.maybe(
      `update import set undo_asked_at = $2, erased = $3 where id = $1 and undo_asked_at is null returning id`,
      [id, house.clock.now(), here],
    )
    const result = first === null ? 'resumed' : 'begun'
    await note(null, { kind: 'import.undo', actor, result, detail: { import: id } })
    const { erased } = await tx.one<{ erased: number }>('select erased from import where id = $1', [id])
    return erased
  })
}

async function requireUndoable({ database }: House, id: string): Promise<ImportRun> {
  const run = await database.maybe<ImportRun & { undoable: boolean }>(
    `select undoable, ${columns} from import where id = $1`,
    [id],
  )
  if (run === null) throw new Refusal('not_found', { why: 'no such import' })
  if (!run.undoable) throw new Refusal('conflict', { detail: { import: 'purchases' } })
  if (run.ended_at === null) throw new Refusal('conflict', { detail: { import: 'unfinished' } })
  // A restore may have lost a change of the customer: they would look as if nothing had happened since.
  const restored = await database.maybe('select 1 from restoration where restored_at >= $1 limit 1', [
    run.started_at,
  ])
  if (restored !== null) throw new Refusal('conflict', { detail: { import: 'restored' } })
  if (run.undone_at !== null) throw new Refusal('conflict', { detail: { import: 'undone' } })
  return run
}

/** Those whom the import made and who are still here. Somebody whom it found here has no row of it. */
const findBrought = ({ database }: House, id: string): Promise<Brought[]> =>
  database.query<Brought>(
    `select p.subject, s.alias, p.last_change,
            coalesce(s.last_change = p.last_change, false)
              and not exists (select 1 from withdrawal w where w.subject = s.id) as untouched
       from import_position p join subject s on s.id = p.subject
      where p.import = $1 and s.kind = 'customer' order by s.alias`,
    [id],
  )

const shown = (brought: readonly Brought[]): Undo => ({
  erased: brought.filter(one => one.untouched).length,
  stayed: brought.filter(one => !one.untouched).map(one => one.alias),
})
