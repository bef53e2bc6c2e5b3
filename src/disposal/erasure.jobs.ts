import type { House } from '../core/house.ts'
import type { Jobs } from '../core/jobs.ts'
import { eraseApplicant } from './erasure.ts'
import { shredLeft } from './narrowing.ts'

/** What happens to an applicant who has joined, or has not within a day, and to slots that an agreement left behind. */
export const erasureJobs = (house: House): Jobs => ({
  'applicant.erasure': {
    entry: 'shred',
    work: async ({ subject }) => {
      if (subject !== undefined) await eraseApplicant(house, subject)
    },
  },
  'consent.shredding': {
    entry: 'shred',
    work: async ({ act, subject, slots, reason }) => {
      if (act === undefined || subject === undefined || slots === undefined) return
      const left = { act, subject, slots: slots.split(',').map(Number) }
      const known = reason === 'retention' || reason === 'import' ? reason : 'consent'
      await shredLeft(house, { ...left, reason: known })
    },
  },
})
