import type { Queryable } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import type { Session } from '../identity/session.ts'
import { taskTypes } from '../use/task-type.ts'

/** A document as an officer finds it: by the company's own number, and nobody's name. */
export interface Issued {
  id: string
  basis: string
  source: string
  number: string
  part: number
  issued_at: Date
  until: Date
  /** Its customer has left. */
  left: boolean
  /** A task about it is open. */
  asked: boolean
}

/** Documents, the newest first, those of one number or all. Throws `not_found` for an unknown `after`. */
export async function listIssued(
  database: Queryable,
  page: { number?: string | undefined; after?: string | undefined; limit: number },
): Promise<{ items: Issued[]; next: string | null }> {
  if (page.after !== undefined)
    await database.one('select 1 from statutory_document where subject = $1', [page.after])
  const rows = await database.query<Issued>(
    `select d.subject as id, d.basis, d.source, d.number, d.part, d.issued_at, d.until, d.customer is null as left,
            exists (select 1 from task t where t.subject = d.subject
                       and not exists (select 1 from task_closure c where c.task = t.id)) as asked
       from statutory_document d
      where ($1::text is null or d.number = $1)
        and ($2::uuid is null or (d.issued_at, d.subject)
               < (select issued_at, subject from statutory_document where subject = $2))
      order by d.issued_at desc, d.subject desc limit $3`,
    [page.number ?? null, page.after ?? null, page.limit + 1],
  )
  const items = rows.slice(0, page.limit)
  return { items, next: rows.length > page.limit ? (items.at(-1)?.id ?? null) : null }
}

/**
 * Gives a document to the employees, to be looked at by one of them, as when an inspector asks for it: also one whose customer
 * has left. Refuses `not_found`, and `conflict` while such a task is open. Noted in the document's own trail, and in its
 * customer's while they are here.
 */
export function askForDocument(
  house: House,
  { actor }: Pick<Session, 'actor'>,
  document: string,
): Promise<string> {
  const type = taskTypes.invoice_question
  return change(house, async (tx, note) => {
    await tx.one('select 1 from subject where id = $1 for no key update', [document])
    const { customer } = await tx.one<{ customer: string | null }>(
      'select customer from statutory_document where subject = $1',
      [document],
    )
    const open = await tx.maybe(
      `select 1 from task t where t.subject = $1 and not exists (select 1 from task_closure c where c.task = t.id)`,
      [document],
    )
    if (open !== null) throw new Refusal('conflict', { detail: { reason: 'open' } })
    const id = newId()
    const now = house.clock.now()
    await tx.query(
      `insert into task (id, type, subject, compartment, slot, made_at, due_at)
       select $1, $2, subject, 'statutory', slot, $4, $5 from statutory_document where subject = $3`,
      [id, type.code, document, now, new Date(now.getTime() + type.hours * 3_600_000)],
    )
    const act = newId()
    for (const subject of [document, customer])
      if (subject !== null)
        await note(subject, {
          ...{ kind: 'document.task', actor, act, task: id, purpose: type.purpose, result: 'done' },
          detail: { document },
        })
    return id
  })
}
