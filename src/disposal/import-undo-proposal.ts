import { brokenConstraint } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { addJob, type Jobs } from '../core/jobs.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import type { Session } from '../identity/session.ts'
import { previewUndo, undoImport } from './import-undo.ts'

/** What one officer has proposed about an import, and what became of it. */
export interface UndoProposal {
  import: string
  proposed_by: string
  proposed_at: Date
  /**
   * What the proposer was shown: the numbers of those it would erase, and of those who would stay; of invoices, where it brought
   * purchases.
   */
  erases: number
  stays: number
  decided_by: string | null
  decided_at: Date | null
  approved: boolean | null
}

type Officer = Pick<Session, 'subject' | 'actor'>

const shape = `
  select u.import, p.pseudonym as proposed_by, u.proposed_at, u.erases, u.stays, d.pseudonym as decided_by,
         u.decided_at, u.approved
    from import_undo u join employee p on p.id = u.proposed_by left join employee d on d.id = u.decided_by`

/** The newest proposal of each import. */
export const listUndoProposals = ({ database }: House): Promise<UndoProposal[]> =>
  database.query<UndoProposal>(
    `select distinct on (of.import) of.* from (${shape}) as of order by of.import, of.proposed_at desc`,
  )

const conflict = (reason: 'open' | 'oneself' | 'none') => new Refusal('conflict', { detail: { reason } })

/**
 * Proposes to take an import back: another officer decides. Refuses what `previewUndo` refuses, and `conflict` while a proposal
 * about it is open or was approved.
 */
export async function proposeUndo(house: House, by: Officer, id: string): Promise<UndoProposal> {
  const { erased, stayed, purchases } = await previewUndo(house, id)
  const erases = purchases?.removed ?? erased
  const stays = purchases?.left ?? stayed.length
  const proposal = newId()
  return change(house, async (tx, note) => {
    try {
      await tx.query(
        `insert into import_undo (id, import, proposed_by, proposed_at, erases, stays)
         values ($1, $2, $3, $4, $5, $6)`,
        [proposal, id, by.subject, house.clock.now(), erases, stays],
      )
    } catch (error) {
      throw brokenConstraint(error) === 'import_undo_open' ? conflict('open') : error
    }
    const detail = { import: id, erases, stays }
    await note(null, { kind: 'import.undo', actor: by.actor, result: 'proposed', detail })
    return tx.one<UndoProposal>(`${shape} where u.id = $1`, [proposal])
  })
}

/**
 * Decides about the open proposal, once. Approving is another officer's, and a job then carries it out, by what is true at that
 * moment. Turning it down may also be who proposed it. Refuses `not_found` for an import that is not there, `conflict` where nothing is
 * open, for one's own, and where `previewUndo` refuses by now.
 */
export async function decideUndo(
  house: House,
  by: Officer,
  id: string,
  approved: boolean,
): Promise<UndoProposal> {
  await house.database.one('select 1 from import where id = $1', [id])
  if (approved) await previewUndo(house, id)
  return change(house, async (tx, note) => {
    const open = await tx.maybe<{ id: string; proposer: string }>(
      `select id, proposed_by as proposer from import_undo where import = $1 and decided_at is null for update`,
      [id],
    )
    if (open === null) throw conflict('none')
    if (approved && open.proposer === by.subject) throw conflict('oneself')
    await tx.query('update import_undo set decided_by = $2, decided_at = $3, approved = $4 where id = $1', [
      ...[open.id, by.subject, house.clock.now(), approved],
    ])
    if (approved) await addUndoJob(tx, id)
    const result = approved ? 'approved' : 'rejected'
    await note(null, { kind: 'import.undo', actor: by.actor, result, detail: { import: id } })
    return tx.one<UndoProposal>(`${shape} where u.id = $1`, [open.id])
  })
}

const addUndoJob = (tx: Parameters<typeof addJob>[0], id: string) =>
  addJob(tx, 'import.undo', { import: id }, { key: `import.undo:${id}` })

/** Adds the job of every approved undo that has not come to its end: after its tries were used up. For the start of a process. */
export async function resumeUndos(house: House): Promise<void> {
  const waiting = await house.database.query<{ import: string }>(
    `select u.import from import_undo u join import i on i.id = u.import
      where u.approved and i.undone_at is null
        and not exists (select 1 from restoration r where r.restored_at >= i.started_at)`,
  )
  for (const { import: id } of waiting) await house.database.transaction(tx => addUndoJob(tx, id))
}

/** Carries an approved undo out, in the name of whoever approved it. Cut off, it goes on. */
async function carryOut(house: House, id: string): Promise<void> {
  const approved = await house.database.maybe<{ actor: string }>(
    `select e.pseudonym as actor from import_undo u join employee e on e.id = u.decided_by
      where u.import = $1 and u.approved`,
    [id],
  )
  if (approved === null) return
  try {
    await undoImport(house, id, approved.actor)
  } catch (error) {
    // Undone already, by an earlier try or by the command; or a restore came in between.
    if (!(error instanceof Refusal) || error.code !== 'conflict') throw error
  }
}

export const importUndoJobs = (house: House): Jobs => ({
  'import.undo': { entry: 'import.undo', work: async ({ import: id }) => carryOut(house, id ?? '') },
})
