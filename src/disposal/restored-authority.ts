import { addApplicantErasure } from '../collection/applicant.ts'
import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { totpPeriod } from '../identity/totp.ts'
import { addSettling } from '../use/address-change.ts'
import type { Counts } from './restoration-counts.ts'

/**
 * Takes from a restored database whatever would let somebody act: nobody is signed in, nothing is granted, no code,
 * letter, invitation or passkey is good, nobody has a task in hand, no import goes on and no job waits. Whoever left is gone.
 */
export async function trustNoAuthority(tx: Tx, house: House, counts: Counts): Promise<void> {
  const now = house.clock.now()
  const sessions = await tx.query(
    'update session set ended_at = $1 where ended_at is null and until > $1 returning id',
    [now],
  )
  counts.sessions = sessions.length
  await tx.query('update session set ended_at = $1 where ended_at is null', [now])
  await tx.query('update grants set ended_at = $1 where ended_at is null', [now])
  counts.grants = await house.keeper.endEveryGrant()
  // Which of them were removed since the database does not know, and one that was lost must let nobody in.
  const passkeys = await tx.query('delete from passkey returning id')
  counts.passkeys = passkeys.length
  await tx.query('delete from challenge')
  await tx.query('delete from code')
  await tx.query('delete from merge_word')
  await tx.query('delete from confirmation_link')
  await tx.query('delete from channel_code')
  await tx.query('delete from provider_check')
  // Which letters were written meanwhile nobody knows: rather none than twice.
  await tx.query('delete from reminder')
  // Who was told of the end of a value may have confirmed it: everybody is told again.
  await tx.query('delete from retention_look')
  await tx.query('delete from box b using letter l where b.subject = l.subject and b.row = l.id')
  await tx.query('delete from letter where sent_at is null')
  await tx.query('delete from invitation where used_at is null')
  await tx.query('delete from setup_token')
  await tx.query(
    `update task set assignee = null
      where assignee is not null and not exists (select 1 from task_closure c where c.task = task.id)`,
  )
  await tx.query('delete from import_position')
  await tx.query('delete from import_claim')
  await tx.query('delete from import_purchase')
  await tx.query('update import set ended_at = $1 where ended_at is null', [now])
  await endJobs(tx)
  await renewCredentials(tx, now, counts)
}

/**
 * Jobs were promises of another day. What must happen to applicants is promised anew, and at once, and so it is that addresses of
 * before a change are forgotten.
 */
async function endJobs(tx: Tx): Promise<void> {
  await tx.query('delete from graphile_worker._private_jobs')
  const applicants = await tx.query<{ id: string }>(`select id from subject where kind = 'applicant'`)
  for (const { id } of applicants) await addApplicantErasure(tx, id)
  const changes = await tx.query<{ id: string; until: Date }>('select id, until from address_change')
  for (const { id, until } of changes) await addSettling(tx, id, until)
}

/**
 * A code of the second factor is accepted once, and the database has forgotten which were: none of up to now is taken.
 * Who has no whole credentials left is somebody who is invited.
 */
async function renewCredentials(tx: Tx, now: Date, counts: Counts): Promise<void> {
  // Codes are taken one step ahead (RFC 6238 section 5.2).
  const step = Math.floor(now.getTime() / 1000 / totpPeriod) + 1
  await tx.query(
    'update employee set totp_step = greatest(totp_step, $1::bigint) where totp_row is not null',
    [step],
  )
  const broken = await tx.query<{ pseudonym: string }>(
    `update employee e set active_at = null, password_hash = null, totp_row = null, totp_step = null
      where e.active_at is not null and e.ended_at is null
        and not exists (select 1 from box b where b.subject = e.id and b.row = e.totp_row)
      returning pseudonym`,
  )
  counts.invite.push(...broken.map(one => one.pseudonym))
}
