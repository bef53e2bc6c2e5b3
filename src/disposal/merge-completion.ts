import { listLiveConsents } from '../collection/consent.ts'
import { type Merge, restsByMerge } from '../collection/merge.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import type { Floor } from '../keeper/client.ts'
import { tellOfMerge } from '../use/merge-letter.ts'
import { withdrawOne } from './consent-withdrawal.ts'
import { erase } from './erasure.ts'

interface Over extends Merge {
  link_hash: Buffer
}

/**
 * Brings every merge whose time is over to its end: agreements of the record that stays which rested are taken back, the
 * company's numbers lead to it, what lay beside for an undoing is removed, and the record that rested is erased as whoever
 * leaves is. Erases too whoever rests beside nobody: the record that stayed was erased in between. Whoever has asked to leave takes
 * both along. Safe to repeat from wherever it was cut off.
 */
export async function completeMerges(house: House): Promise<void> {
  const over = await house.database.query<Over>(
    `select id, stays, rests, at, until, completed_at, link_hash from merge
      where until <= $1 and not exists (select 1 from withdrawal w where w.subject in (stays, rests))
      order by until limit 100`,
    [house.clock.now()],
  )
  // What cannot be done for one of them now holds up nobody else.
  const failures: unknown[] = []
  for (const two of over) await end(house, two).catch(error => failures.push(error))
  const alone = await house.database.query<{ id: string }>(
    `select id from subject s where kind = 'resting'
        and not exists (select 1 from merge m where m.rests = s.id)
        and not exists (select 1 from withdrawal w where w.subject = s.id) limit 100`,
  )
  for (const { id } of alone) await eraseResting(house, id).catch(error => failures.push(error))
  if (failures.length > 0) throw failures[0]
}

async function end(house: House, two: Over): Promise<void> {
  if (two.completed_at !== null || (await complete(house, two)))
    await eraseResting(house, two.rests, two.link_hash)
}

const eraseResting = (house: House, subject: string, linkHash?: Buffer): Promise<void> =>
  erase(house, {
    ...{ act: newId(), subject, actor: 'system', reason: 'merge', keepsTrail: true },
    ...(linkHash === undefined ? {} : { linkHash }),
  })

/** False where somebody has asked to leave, or has left, at this very moment. */
async function complete(house: House, two: Merge): Promise<boolean> {
  const { stays, rests } = two
  for (const consent of await listLiveConsents(house.database, stays))
    if (await restsByMerge(house.database, consent))
      await withdrawOne(house, { subject: stays, actor: 'system' }, consent.id).catch(unlessDone)
  return change(house, async (tx, note) => {
    await tx.query('select 1 from subject where id = any ($1) order by id for update', [[stays, rests]])
    const beside = await tx.query<{ slot: number }>('select slot from complete_merge($1, $2)', [
      ...[two.id, house.clock.now()],
    ])
    const done = await tx.maybe('select 1 from merge where id = $1 and completed_at is not null', [two.id])
    if (done === null) return false
    const floors = beside.map(({ slot }): Floor => ({ customer: stays, row: two.id, slot, version: null }))
    const entry = { kind: 'merge.completion' as const, actor: 'system', result: 'done', act: newId() }
    const detail = { merge: two.id }
    await note(stays, { ...entry, detail: { ...detail, part: 'stays' } }, floors)
    await note(rests, { ...entry, detail: { ...detail, part: 'rests' } })
    await tellOfMerge(tx, [{ subject: stays }], 'completed')
    return true
  })
}

/** The customer has done it themselves at this very moment, or has left. Where a value was changed meanwhile, it is not done. */
function unlessDone(error: unknown): void {
  if (!(error instanceof Refusal)) throw error
  const withdrawn = error.code === 'conflict' && error.why === 'withdrawn already'
  if (!withdrawn && error.code !== 'not_found' && error.code !== 'erased') throw error
}
