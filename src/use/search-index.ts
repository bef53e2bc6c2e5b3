import type { House } from '../core/house.ts'
import { addJob, type Jobs } from '../core/jobs.ts'
import { tellOf } from '../storage/search.ts'
import { withJobGrant } from './grant.ts'

const purpose = 'service'
/** Where a person's own values lie that they are looked for by. */
const compartments = ['contact', 'identity']
const batch = 200

/** Adds the job that tells the keeper of everybody, where it has started since and knows of nobody. */
export async function requireSearchIndex(house: House): Promise<void> {
  const { searchable } = await house.keeper.status()
  if (!searchable) await askForSearchIndex(house)
}

export async function askForSearchIndex(house: House): Promise<void> {
  await house.database.transaction(tx => addJob(tx, 'search.index', {}, { key: 'search.index' }))
}

/**
 * Tells the keeper of every customer, also of one whose record rests and may come back, box by box: it keeps in its memory
 * what they are looked for by, and forgets it when it ends. One entry, in the organisation's trail. After a crash it begins anew; telling of somebody twice changes nothing.
 */
export async function indexPeople(house: House): Promise<void> {
  if ((await house.keeper.status()).searchable) return
  const everybody = {
    ...{ subjects: [], fields: ['name', 'birth_date', 'email', 'phone'], compartments, purpose },
    ...{ minutes: 12 * 60, most: 10_000_000 },
  }
  await withJobGrant(house, everybody, async grant => {
    let after = '00000000-0000-0000-0000-000000000000'
    for (;;) {
      const rows = await house.database.query<{ id: string }>(
        `select id from subject where kind in ('customer', 'resting') and id > $1 order by id limit ${batch}`,
        [after],
      )
      const subjects = rows.map(row => row.id)
      // With fewer than were asked for, nobody is left: whoever joins from now on the keeper seals itself.
      const whole = subjects.length < batch
      await tellOf(house, grant, compartments, subjects, whole)
      if (whole) return
      after = subjects.at(-1)!
    }
  })
}

export const searchJobs = (house: House): Jobs => ({
  'search.index': { entry: 'tokens', work: () => indexPeople(house) },
})
