import { listLiveConsents } from '../collection/consent.ts'
import { findGuardianship, type Guardianship, guardianshipsOver } from '../collection/guardianship.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { change } from '../core/outbox.ts'
import { withJobGrant } from '../use/grant.ts'
import { read } from '../use/reading.ts'
import { withdrawOne } from './consent-withdrawal.ts'
import { erase } from './erasure.ts'

/**
 * Ends what guardians agreed to for people who are old enough since `daysToTakeOver` and have not agreed themselves: each purpose
 * as if it were taken back, and where it is the one that carries the others, everything is erased. Then the guardian is
 * forgotten. Safe to run at any time.
 */
export async function lapseGuardians(house: House): Promise<void> {
  for (const guardianship of await guardianshipsOver(house.database, house.clock.now()))
    await lapse(house, guardianship)
}

async function lapse(house: House, { subject }: Guardianship): Promise<void> {
  const live = (await listLiveConsents(house.database, subject)).filter(
    consent => consent.given_by === 'guardian',
  )
  if (live.some(consent => consent.purpose === 'service'))
    return erase(house, { act: newId(), subject, actor: 'system', reason: 'withdrawal', keepsTrail: true })
  for (const { id } of live) await withdrawOne(house, { subject, actor: 'system' }, id)
  await forgetGuardian(house, subject)
}

/** Removes a guardian's address from what is held: the child, old enough, agrees to everything themselves. */
async function forgetGuardian(house: House, subject: string): Promise<void> {
  const guardianship = await findGuardianship(house.database, subject)
  if (guardianship === null) return
  const { row } = guardianship
  const wanted = { fields: ['guardian'], compartments: ['messages'], purpose: 'guardian' }
  await withJobGrant(house, { ...wanted, subjects: [subject], minutes: 1, most: 1 }, async grant => {
    const [box] = await read(house, grant, subject, { ...wanted, rows: [row] })
    await change(house, async (tx, note) => {
      await tx.one('select 1 from subject where id = $1 for update', [subject])
      await tx.query('select enter($1, $2)', [grant.id, grant.secret])
      await tx.query(`delete from box where subject = $1 and compartment = 'messages' and row = $2`, [
        ...[subject, row],
      ])
      await tx.query('delete from guardianship where subject = $1', [subject])
      const floors = box === undefined ? [] : [{ customer: subject, row, slot: box.slot, version: null }]
      await note(subject, { kind: 'guardian.end', actor: 'system', result: 'done' }, floors)
    })
  })
}
