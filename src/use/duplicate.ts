import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { change } from '../core/outbox.ts'
import { makeTask } from './task.ts'
import { taskTypes } from './task-type.ts'

/** Two customers who may be one person, in the order of their ids. */
export type Pair = readonly [one: string, other: string]

/** In the one order that a pair is kept in, whoever of the two comes first. */
export const pairOf = (one: string, other: string): Pair => (one < other ? [one, other] : [other, one])

/** How long nobody is asked again about a pair of which somebody could not say. */
const daysUntilAskedAgain = 30

/**
 * Those of these pairs that nobody is asked about now: no task of theirs is open, nobody has decided, and where somebody could
 * not say a month has passed.
 */
export async function undecided(database: Queryable, house: House, pairs: readonly Pair[]): Promise<Pair[]> {
  const before = new Date(house.clock.now().getTime() - daysUntilAskedAgain * 86_400_000)
  const rows = await database.query<{ one: string; other: string }>(
    `select p.one, p.other from unnest($1::uuid[], $2::uuid[]) as p (one, other)
      where not exists (
        select 1 from duplicate d left join task_closure c on c.task = d.task
         where d.subject = p.one and d.other = p.other
           and (c.outcome is null or c.outcome <> 'cannot_say' or c.at > $3))`,
    [pairs.map(([one]) => one), pairs.map(([, other]) => other), before],
  )
  return rows.map(({ one, other }) => [one, other] as const)
}

/**
 * Makes a pair the task of one employee, and tells both of it in their logs. Nothing where somebody is asked already or has
 * decided, or where one of the two has left.
 */
export async function makeReview(house: House, [one, other]: Pair): Promise<boolean> {
  return change(house, async (tx, note) => {
    const present = await lockBoth(tx, [one, other])
    const [open] = await undecided(tx, house, [[one, other]])
    if (!present || open === undefined) return false
    const task = newId()
    const { made_at: at } = await makeTask(tx, house, taskTypes.duplicate_review, { id: task, subject: one })
    const made = await tx.query(
      `insert into duplicate (task, subject, slot, other, other_slot, found_at)
       select $1, a.subject, a.number, b.subject, b.number, $4
         from slot a, slot b
        where a.subject = $2 and a.compartment = 'identity' and b.subject = $3 and b.compartment = 'identity'
       returning 1`,
      [task, one, other, at],
    )
    if (made.length === 0) throw new Error('a customer without a slot for identity was compared')
    const { purpose } = taskTypes.duplicate_review
    const entry = { kind: 'duplicate' as const, actor: 'system', task, purpose, result: 'done', act: newId() }
    for (const subject of [one, other]) await note(subject, entry)
    return true
  })
}

/** Two people are locked in the order of their ids, so that no two acts wait for each other. */
async function lockBoth(tx: Tx, pair: Pair): Promise<boolean> {
  const rows = await tx.query<{ kind: string }>(
    'select kind from subject where id = any ($1) order by id for no key update',
    [pair],
  )
  return rows.length === 2 && rows.every(({ kind }) => kind === 'customer')
}

/** Whom a task is about besides its customer: the other of a pair; nobody for every other kind of task. */
export async function otherOf(database: Queryable, task: string): Promise<string | null> {
  const row = await database.maybe<{ other: string }>('select other from duplicate where task = $1', [task])
  return row?.other ?? null
}

export interface DuplicateCounts {
  waiting: number
  same: number
  not_same: number
  cannot_say: number
  /** Pairs that are one for now, by their own person. */
  merged: number
}

/** How many pairs wait for somebody, and what was decided of the others. */
export const countDuplicates = (database: Queryable): Promise<DuplicateCounts> =>
  database.one<DuplicateCounts>(
    `select count(*) filter (where c.task is null)::integer as waiting,
            count(*) filter (where c.outcome = 'same' and o.task is null)::integer as same,
            count(*) filter (where c.outcome = 'not_same' or o.task is not null)::integer as not_same,
            count(*) filter (where c.outcome = 'cannot_say')::integer as cannot_say,
            (select count(*)::integer from merge) as merged
       from duplicate d left join task_closure c on c.task = d.task
       left join duplicate_objection o on o.task = d.task`,
  )
