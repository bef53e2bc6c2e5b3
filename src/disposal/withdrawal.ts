import { createHmac } from 'node:crypto'
import { findMerge } from '../collection/merge.ts'
import { brokenConstraint, type Queryable } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId, sha256 } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import { listDocuments, type StatutoryDocument } from '../use/statutory-document.ts'
import { erase, trailEnd } from './erasure.ts'
import { tryRoll } from './roll.ts'

export interface WithdrawalPreview {
  compartments: { compartment: string; boxes: number }[]
  slots: number
  open_tasks: number
  kept: { what: 'trail'; until: Date; why: 'accountability' }[]
  /** What the law makes the company keep, each until its own end. */
  documents: StatutoryDocument[]
  sessions: number
}

/** What a withdrawal would do now, to a record that rests as well; changes nothing and opens nothing. */
export async function previewWithdrawal(house: House, subject: string): Promise<WithdrawalPreview> {
  const two = await findMerge(house.database, subject)
  const own = await previewOne(house, subject)
  const resting = two === null ? null : await previewOne(house, two.rests)
  if (resting === null) return own
  const named = [...own.compartments, ...resting.compartments].map(one => one.compartment)
  const boxesOf = ({ compartments }: WithdrawalPreview, compartment: string) =>
    compartments.find(one => one.compartment === compartment)?.boxes ?? 0
  return {
    ...own,
    compartments: [...new Set(named)].sort().map(compartment => ({
      compartment,
      boxes: boxesOf(own, compartment) + boxesOf(resting, compartment),
    })),
    slots: own.slots + resting.slots,
    open_tasks: own.open_tasks + resting.open_tasks,
  }
}

async function previewOne(house: House, subject: string): Promise<WithdrawalPreview> {
  const now = house.clock.now()
  const counted = await house.database.query<{ compartment: string; boxes: number }>(
    'select * from box_counts($1)',
    [subject],
  )
  const { tasks, sessions } = await house.database.one<{ tasks: number; sessions: number }>(
    `select (select count(*)::integer from task t where (t.subject = $1 or t.id in (select task from duplicate where other = $1))
                and not exists (select 1 from task_closure c where c.task = t.id)) as tasks,
            (select count(*)::integer from session where subject = $1 and ended_at is null and until > $2) as sessions`,
    [subject, now],
  )
  const compartments = counted.filter(one => one.compartment !== 'trail')
  return {
    compartments,
    slots: compartments.length,
    open_tasks: tasks,
    kept: [{ what: 'trail', until: trailEnd(now), why: 'accountability' }],
    documents: await listDocuments(house.database, subject),
    sessions,
  }
}

/**
 * The link with which a customer reads the later steps of their erasure. It comes from the session's token, which is
 * random and stored nowhere: so a browser whose answer was lost can still ask for its receipt by the same cookie.
 */
export const withdrawalLink = (token: string, of: 'own' | 'resting' = 'own'): string =>
  createHmac('sha256', token)
    .update(of === 'own' ? 'custode withdrawal link' : 'custode withdrawal link of the resting record')
    .digest('base64url')

export interface Asked {
  subject: string
  act: string
  link_hash: Buffer
}

/**
 * A customer leaves: everything of theirs but the trail is erased (documents of the law are subjects of their own, and stay), a
 * record of theirs that rests with it, and the keybook rolled at once where it can be.
 * Asked twice it is one act. Refuses `conflict` when another session of the same customer has asked already. When
 * anything fails after the request is stored, `resumeErasures` carries it out.
 */
export async function withdraw(house: House, session: { subject: string; token: string }): Promise<void> {
  const linkHash = sha256(withdrawalLink(session.token))
  const asked = await ask(house, session)
  if (asked === null) return
  try {
    if (!asked.link_hash.equals(linkHash))
      throw new Refusal('conflict', { why: 'the withdrawal was asked for in another session' })
    const resting = await askedOfResting(house, session.subject)
    if (resting !== null) await resumeWithdrawal(house, resting)
    await resumeWithdrawal(house, asked)
  } catch (error) {
    // The customer hears of a withdrawal that is not done: from here on its request outlasts a crash of the database.
    await holdTo(house, asked).catch(() => {})
    throw error
  }
}

/** A record of theirs that rests leaves with them, at once: it was asked for by the same request. */
const askedOfResting = (house: House, subject: string): Promise<Asked | null> =>
  house.database.maybe<Asked>(
    `select w.subject, w.act, w.link_hash from merge m join withdrawal w on w.subject = m.rests where m.stays = $1`,
    [subject],
  )

/** Stores a request once more, as the same act, and returns once it is on the disk. */
const holdTo = (house: House, { subject, act, link_hash }: Asked): Promise<unknown> =>
  house.database.query(
    `insert into withdrawal (subject, act, link_hash, asked_at) values ($1, $2, $3, $4)
     on conflict (subject) do update set asked_at = excluded.asked_at`,
    [subject, act, link_hash, house.clock.now()],
  )

/**
 * Stores the request, or finds the one stored before; null when the customer has left meanwhile. One statement stores that of a
 * record that rests too, each with the link of its own receipt: from then on nobody makes two of what is one. Nobody waits for
 * the disk: until the keeper has promised the erasure nothing was said to the customer, and from then on the log holds
 * all that this row says.
 */
export async function ask(
  house: House,
  { subject, token }: { subject: string; token: string },
): Promise<Asked | null> {
  const [own, resting] = [withdrawalLink(token), withdrawalLink(token, 'resting')].map(sha256)
  try {
    await house.database.query(
      `with now as (select set_config('synchronous_commit', 'off', true))
       insert into withdrawal (subject, act, link_hash, asked_at)
       select $1::uuid, $2::uuid, $3::bytea, $4::timestamptz from now
        union all select m.rests, $5, $6, $4 from now, merge m where m.stays = $1
       on conflict (subject) do nothing`,
      [subject, newId(), own, house.clock.now(), newId(), resting],
    )
  } catch (error) {
    if (brokenConstraint(error) !== 'withdrawal_subject_fkey') throw error
    // It may be the record that rested whose time was over at this moment.
    const here = await house.database.maybe('select 1 from customer where id = $1', [subject])
    return here === null ? null : ask(house, { subject, token })
  }
  return house.database.maybe<Asked>('select subject, act, link_hash from withdrawal where subject = $1', [
    subject,
  ])
}

/** Carries out a withdrawal that was asked for, from wherever it was cut off. */
export async function resumeWithdrawal(house: House, asked: Asked): Promise<void> {
  await erase(house, {
    ...{ act: asked.act, subject: asked.subject, linkHash: asked.link_hash },
    ...{ actor: 'customer', reason: 'withdrawal', keepsTrail: true },
  })
  await tryRoll(house)
}

/** Withdrawals that were asked for and have not deleted their rows yet: the row of the request is one of them. */
export const findAsked = (database: Queryable): Promise<Asked[]> =>
  database.query<Asked>('select subject, act, link_hash from withdrawal order by asked_at limit 100')
