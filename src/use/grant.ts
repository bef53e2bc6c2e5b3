import { brokenConstraint, type Queryable, type Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId, newToken, sha256 } from '../core/ids.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { grantSecret, requireLive, type Session } from '../identity/session.ts'
import type { GrantKind, GrantRequest } from '../keeper/client.ts'
import type { Key } from '../storage/record.ts'

export interface Wanted {
  kind: GrantKind
  /** The acting session, whose token makes the secret; null for a job, which keeps its secret in memory. */
  session: Pick<Session, 'id' | 'token'> | null
  /** `st_7`, `customer`, `applicant` or `system`. */
  actor: string
  /** The trail of the acting employee, needed when there are several subjects. */
  actorTrail?: number
  subjects: readonly string[]
  fields: readonly string[]
  compartments: readonly string[]
  purpose: string
  task?: string
  minutes: number
  /** The most readings (people times requests). */
  most: number
  /** Hash of the policy file that decided, and the ids of the deciding policies. */
  policy?: string
  policies?: readonly string[]
}

export interface Grant extends Key {
  id: string
  until: Date
  fields: readonly string[]
  compartments: readonly string[]
  purpose: string
}

/**
 * Makes a grant that counts once this resolves: the keeper has its entry in every subject's trail, PostgreSQL its row.
 * The row comes first, so no grant can be live in the keeper that PostgreSQL does not know; a keeper that refuses
 * leaves a row that has ended. What is wanted may be decided in the row's own transaction, under the locks that keep
 * the decision true. `until` is by the machine's clock, as the keeper and PostgreSQL go by it. Refuses
 * `unauthenticated` when the session has ended meanwhile, `no_grant` when the grant itself has.
 */
export async function makeGrant(
  house: House,
  wanted: Wanted | ((tx: Tx) => Promise<Wanted>),
): Promise<Grant> {
  const { grant, request } = await house.database.transaction(async tx =>
    insertGrant(tx, house, typeof wanted === 'function' ? await wanted(tx) : wanted),
  )
  try {
    await house.keeper.makeGrant(request)
  } catch (error) {
    await markEnded(house.database, house, [grant.id])
    throw error
  }
  await requireUnended(house, grant.id)
  return grant
}

/** Whoever ended the grant while the keeper was making it found nothing to revoke there: so it is revoked here. */
async function requireUnended(house: House, id: string): Promise<void> {
  const row = await house.database.maybe('select 1 from grants where id = $1 and ended_at is null', [id])
  if (row !== null) return
  await house.keeper.revokeGrant(id, 'system')
  throw new Refusal('no_grant', { why: 'ended while it was made' })
}

interface Made {
  grant: Grant
  request: GrantRequest
}

async function insertGrant(tx: Tx, house: House, wanted: Wanted): Promise<Made> {
  // A sign-out waits until the grant's row is there for it to end.
  if (wanted.session !== null) await requireLive(tx, wanted.session)
  const id = newId()
  const secret = wanted.session === null ? newToken() : grantSecret(wanted.session.token, id)
  const secretHash = sha256(secret)
  const until = new Date(Date.now() + wanted.minutes * 60_000)
  const { kind, actor, purpose, fields, compartments, task } = wanted
  await tx.query(
    `insert into grants
       (id, kind, actor, secret_hash, session, task, purpose, fields, compartments, policies, made_at, until)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      ...[id, kind, actor, secretHash, wanted.session?.id ?? null, task ?? null],
      ...[purpose, fields, compartments, wanted.policies ?? [], house.clock.now(), until],
    ],
  )
  const request: GrantRequest = {
    ...{ id, secretHash: secretHash.toString('hex'), kind, actor, purpose, until: until.getTime() },
    ...(wanted.actorTrail === undefined ? {} : { actorSlot: wanted.actorTrail }),
    ...(task === undefined ? {} : { task }),
    ...{
      fields: [...fields],
      compartments: [...compartments],
      most: wanted.most,
      policy: wanted.policy ?? 'none',
    },
    subjects: await insertSubjects(tx, id, wanted),
  }
  return { grant: { id, grant: id, secret, until, fields, compartments, purpose }, request }
}

async function insertSubjects(
  tx: Tx,
  grant: string,
  { kind, subjects, compartments }: Pick<Wanted, 'kind' | 'subjects' | 'compartments'>,
): Promise<GrantRequest['subjects']> {
  if (subjects.length === 0) return []
  // Whoever has been forgotten meanwhile is missing in the answer, and nobody else may be granted alone. Of somebody who
  // has left there is a trail and nothing else to be granted: not even a row shall tell that it was tried. A record that
  // rests is granted to nobody's task.
  const known = await tx.query<GrantRequest['subjects'][number]>(
    `select id as customer, trail as "trailSlot", alias from subject
      where id = any ($1) and (kind <> 'former' or $2::text[] <@ '{trail}')
        and (kind <> 'resting' or $3 not in ('task', 'import')) order by id for key share`,
    [subjects, compartments, kind],
  )
  if (known.length !== new Set(subjects).size) throw new Refusal('not_found', { why: 'a subject is gone' })
  try {
    await tx.query('insert into grant_subject (grant_id, subject) select $1, unnest($2::uuid[])', [
      grant,
      known.map(one => one.customer),
    ])
  } catch (error) {
    if (brokenConstraint(error) !== 'grant_about_resting') throw error
    throw new Refusal('not_found', { why: 'a subject rests', cause: error })
  }
  return known
}

const markEnded = (database: Queryable, house: House, ids: readonly string[]) =>
  database.query('update grants set ended_at = $2 where id = any ($1) and ended_at is null', [
    ids,
    house.clock.now(),
  ])

/** Ends a grant: when this resolves, the keeper lets no reading under it follow. Ending it twice is no error. */
export async function endGrant(house: House, id: string, by: string): Promise<void> {
  await endGrants(house.database, house, [id], by)
}

/** The keeper first: a crash in between leaves a row that is ended again, never a grant that opens something. */
async function endGrants(
  database: Queryable,
  house: House,
  ids: readonly string[],
  by: string,
): Promise<void> {
  if (ids.length === 0) return
  await Promise.all(ids.map(id => house.keeper.revokeGrant(id, by)))
  await markEnded(database, house, ids)
}

const liveOf = async (database: Queryable, condition: string, value: string): Promise<string[]> => {
  const rows = await database.query<{ id: string }>(
    `select id from grants where ended_at is null and ${condition} order by id`,
    [value],
  )
  return rows.map(row => row.id)
}

/** Ends every live grant of a task. In a transaction that has locked the task's row, no new one can follow. */
export async function endGrantsOfTask(
  database: Queryable,
  house: House,
  task: string,
  by: string,
): Promise<void> {
  await endGrants(database, house, await liveOf(database, 'task = $1', task), by)
}

/** Ends every live grant that stands on a task, whosever: the rules by which they were given are no longer in force. */
export async function endTaskGrants(database: Queryable, house: House, by: string): Promise<void> {
  await endGrants(database, house, await liveOf(database, 'kind = $1', 'task'), by)
}

/**
 * Ends every live grant of a task that opens one of these fields of this person, so that none is left when the field is
 * restricted. In a transaction that holds the person's row, no new one can follow. A task that corrects data goes on. With the
 * date of birth every grant for an optional purpose ends: they may be too young to have agreed to it.
 */
export async function endGrantsOpening(
  tx: Tx,
  house: House,
  subject: string,
  fields: readonly string[],
  by: string,
): Promise<void> {
  const live = await tx.query<{ id: string }>(
    `select g.id
       from grants g join grant_subject gs on gs.grant_id = g.id left join task t on t.id = g.task
      where gs.subject = $1 and g.kind = 'task' and g.ended_at is null
        and (g.fields && $2 or '*' = any (g.fields)
             or 'birth_date' = any ($2)
                and exists (select 1 from purpose p where p.code = g.purpose and not p.needed))
        and t.type is distinct from 'data_correction'
      order by g.id`,
    [subject, fields],
  )
  await endGrants(
    tx,
    house,
    live.map(grant => grant.id),
    by,
  )
}

/** Ends every live grant that names this person as a subject. */
export async function endGrantsAbout(house: House, subject: string, by: string): Promise<void> {
  const condition = 'id in (select grant_id from grant_subject where subject = $1)'
  await endGrants(house.database, house, await liveOf(house.database, condition, subject), by)
}

/** Whether a session of this person, or a grant about them, has not ended. */
export async function isAnybodyIn(database: Queryable, subject: string): Promise<boolean> {
  const { found } = await database.one<{ found: boolean }>(
    `select exists (select 1 from session where subject = $1 and ended_at is null)
         or exists (select 1 from grant_subject s join grants g on g.id = s.grant_id
                     where s.subject = $1 and g.ended_at is null) as found`,
    [subject],
  )
  return found
}

/**
 * Ends a session: its grants first, then the session itself, so that no answer follows a sign-out. Leaves an entry
 * `session.end` in the trail of whose session it was. Ending it twice is no error.
 */
export async function endSession(house: House, session: string, by: string): Promise<void> {
  await change(house, async (tx, note) => {
    // The person before the session: everybody locks in this order.
    const whose = await tx.maybe<{ id: string }>(
      `select id from subject where id = (select subject from session where id = $1) for no key update`,
      [session],
    )
    const live = await tx.maybe<{ room: string }>(
      'select room from session where id = $1 and ended_at is null for no key update',
      [session],
    )
    if (whose === null || live === null) return
    await endGrants(tx, house, await liveOf(tx, 'session = $1', session), by)
    await tx.query('update session set ended_at = $2 where id = $1', [session, house.clock.now()])
    await note(whose.id, { kind: 'session.end', actor: by, result: 'done', detail: { room: live.room } })
  })
}

/** Ends every session of one person, or every one but `except`, and what was granted inside them. */
export async function endSessionsOf(
  house: House,
  subject: string,
  by: string,
  except: string | null = null,
): Promise<void> {
  const sessions = await house.database.query<{ id: string }>(
    'select id from session where subject = $1 and ended_at is null and id is distinct from $2::uuid',
    [subject, except],
  )
  for (const { id } of sessions) await endSession(house, id, by)
}

/** Runs a piece of work under a grant of its own, which ends with it, however it ends. */
export async function withJobGrant<T>(
  house: House,
  wanted: Omit<Wanted, 'session' | 'actor' | 'kind'> & { kind?: 'job' | 'import' | 'signin' },
  work: (grant: Grant) => Promise<T>,
): Promise<T> {
  const grant = await makeGrant(house, { kind: 'job', ...wanted, session: null, actor: 'system' })
  try {
    return await work(grant)
  } finally {
    await endGrant(house, grant.id, 'system')
  }
}
