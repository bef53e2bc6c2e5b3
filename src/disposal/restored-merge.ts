import type { Tx } from '../core/database.ts'
import type { EntryBody } from '../keeper/client.ts'

/** What both logs of a merge together say of it: each names its own record alone, and the merge that joins them. */
export interface ToldMerge {
  stays?: string
  rests?: string
  at: string
  until: string
  link: string
}

/** The merges since the backup that have not been undone, by their ids. */
export type ToldMerges = Map<string, ToldMerge>

/** Takes up what one person's log says of a merge. */
export function hearMerge(
  told: ToldMerges,
  subject: string,
  { time, detail }: EntryBody & { time: string },
): void {
  const { merge, part, until, link } = (detail ?? {}) as Record<string, string>
  if (merge === undefined || until === undefined || link === undefined) return
  const known = told.get(merge) ?? { at: time, until, link }
  told.set(merge, part === 'stays' ? { ...known, stays: subject } : { ...known, rests: subject })
}

/** What was undone since is two again: who rested counts for itself. */
export async function undoAgain(
  tx: Tx,
  told: ToldMerges,
  { detail }: Pick<EntryBody, 'detail'>,
): Promise<void> {
  const merge = String(detail?.merge)
  told.delete(merge)
  const undone = await tx.maybe<{ rests: string }>('delete from merge where id = $1 returning rests', [merge])
  if (undone !== null)
    await tx.query(`update subject set kind = 'customer' where id = $1 and kind = 'resting'`, [undone.rests])
}

/**
 * A merge that was completed since: before the record that rested is erased again, the company's numbers of it and what the law
 * makes it keep go to the record that stays, as `complete_merge` had it. Nothing where the database knows no such merge.
 */
export async function moveToStaying(tx: Tx, trail: number): Promise<void> {
  const whose = 'from merge m join subject b on b.id = m.rests and b.trail = $1'
  await tx.query(
    `update customer_reference r set subject = m.stays, slot = s.number
       ${whose} join slot s on s.subject = m.stays and s.compartment = 'identity' where r.subject = m.rests`,
    [trail],
  )
  await tx.query(
    `update statutory_document d set customer = m.stays, link_hash = null ${whose} where d.customer = m.rests`,
    [trail],
  )
}

/**
 * Merges again what was merged since the backup: the record that rests was promised to rest and to be erased, and its end is the
 * day that was said. Not where the database has lost one of the two, who joined later or has left: nobody is erased beside
 * nobody.
 */
export async function mergeAgain(tx: Tx, told: ToldMerges): Promise<void> {
  for (const [id, { stays, rests, at, until, link }] of told) {
    const made = await tx.query(
      `insert into merge (id, stays, stays_slot, rests, rests_slot, at, until, link_hash)
       select $1, a.id, x.number, b.id, y.number, $4, $5, decode($6, 'hex')
         from subject a join slot x on x.subject = a.id and x.compartment = 'identity',
              subject b join slot y on y.subject = b.id and y.compartment = 'identity'
        where a.id = $2 and a.kind = 'customer' and b.id = $3 and b.kind = 'customer'
       on conflict do nothing returning rests`,
      [id, stays ?? null, rests ?? null, at, until, link],
    )
    if (made.length > 0) await tx.query(`update subject set kind = 'resting' where id = $1`, [rests])
  }
}
