import { Logger, type TaskList } from 'graphile-worker'
import { requireDeclared } from './core/entry-kinds.ts'
import type { House } from './core/house.ts'
import type { JobIds, Jobs } from './core/jobs.ts'
import { erasureJobs } from './disposal/erasure.jobs.ts'
import { importUndoJobs } from './disposal/import-undo-proposal.ts'
import { addressChangeJobs } from './use/address-change.ts'
import { addressJobs } from './use/address-index.ts'
import { dispatchJobs } from './use/dispatch.ts'
import { duplicateLetterJobs } from './use/duplicate-letter.ts'
import { duplicateJobs } from './use/duplicate-search.ts'
import { importReportJobs } from './use/import-run.ts'
import { leadJobs } from './use/lead.ts'
import { mergeLetterJobs } from './use/merge-letter.ts'
import { reminderJobs } from './use/reminder.ts'
import { searchJobs } from './use/search-index.ts'

/** Every kind of job there is. */
const jobs = (house: House): Jobs => ({
  ...dispatchJobs(house),
  ...addressJobs(house),
  ...addressChangeJobs(house),
  ...duplicateJobs(house),
  ...duplicateLetterJobs(house),
  ...erasureJobs(house),
  ...importReportJobs(house),
  ...importUndoJobs(house),
  ...leadJobs(house),
  ...mergeLetterJobs(house),
  ...reminderJobs(house),
  ...searchJobs(house),
})

/** The jobs as graphile-worker takes them. Its own messages are dropped: they may quote a payload. */
export function jobsOf(house: House): TaskList {
  return Object.fromEntries(
    Object.entries(jobs(house)).map(([kind, { entry, work }]) => {
      requireDeclared(`the job ${kind}`, entry)
      return [kind, (ids: unknown) => work(ids as JobIds)]
    }),
  )
}

export const quietLogger = new Logger(() => () => {})
