import type { Tx } from './database.ts'
import type { Declared } from './entry-kinds.ts'

/** What a job is handed: ids only, never a personal value. */
export type JobIds = Record<string, string>

/** The work of one kind of job. A throw means: try again later. */
export type JobWork = (ids: JobIds) => Promise<void>

export interface Job {
  /** What its work leaves in the log, or why it leaves nothing. */
  entry: Declared
  work: JobWork
}

/** Kinds of jobs by name; each chapter brings its own and the worker's door registers them. */
export type Jobs = Record<string, Job>

/** Adds a job that exists only if the transaction commits. `key` makes it unique: a second one replaces the first. */
export async function addJob(
  tx: Tx,
  kind: string,
  ids: JobIds,
  when: { runAt?: Date; key?: string } = {},
): Promise<void> {
  await tx.query('select add_job($1, $2, $3, $4)', [
    kind,
    JSON.stringify(ids),
    when.runAt ?? new Date(0),
    when.key ?? null,
  ])
}
