import type { House } from '../core/house.ts'
import type { Jobs } from '../core/jobs.ts'
import { eraseApplicant } from './erasure.ts'

/** What happens to an applicant who has joined, or has not within a day. */
export const erasureJobs = (house: House): Jobs => ({
  'applicant.erasure': {
    entry: 'shred',
    work: async ({ subject }) => {
      if (subject !== undefined) await eraseApplicant(house, subject)
    },
  },
})
