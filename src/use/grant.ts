import { createHash } from 'node:crypto'
import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId, newToken } from '../core/ids.ts'
import { grantSecret, type Session } from '../identity/session.ts'
import type { GrantKind } from '../keeper/client.ts'
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

const hexHash = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/**
 * Makes a grant that counts once this resolves: the keeper has its entry in every subject's trail, PostgreSQL its row.
 * The row comes first, so no grant can be live in the keeper that PostgreSQL does not know; a keeper that refuses
 * leaves a row that has ended. `until` is by the machine's clock, as the keeper and PostgreSQL go by it.
 */
export async function makeGrant(house: House, wanted: Wanted): Promise<Grant> {
  const id = newId()
  const secret = wanted.session === null ? newToken() : grantSecret(wanted.session.token, id)
  const until = new Date(Date.now() + wanted.minutes * 60_000)
  const subjects = await house.database.transaction(tx =>
    insertGrant(tx, house, wanted, { id, secret, until }),
  )
  try {
    await house.keeper.makeGrant({
      id,
      secretHash: hexHash(secret),
      kind: wanted.kind,
      actor: wanted.actor,
      ...(wanted.actorTrail === undefined ? {} : { actorSlot: wanted.actorTrail }),
      subjects,
      fields: [...wanted.fields],
      compartments: [...wanted.compartments],
      purpose: wanted.purpose,
      ...(wanted.task === undefined ? {} : { task: wanted.task }),
      until: until.getTime(),
      most: wanted.most,
      policy: wanted.policy ?? '',
    })
  } catch (error) {
    await markEnded(house.database, house, [id])
    throw error
  }
  const { fields, compartments, purpose } = wanted
  return { id, grant: id, secret, until, fields, compartments, purpose }
}

async function insertGrant(
  tx: Tx,
  house: House,
  wanted: Wanted,
  grant: { id: string; secret: string; until: Date },
): Promise<{ customer: string; trailSlot: number; alias: string }[]> {
  await tx.query(
    `insert into grants (id, kind, actor, secret_hash, session, task, purpose, fields, compartments, policies, made_at, until)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      ...[grant.id, wanted.kind, wanted.actor, Buffer.from(hexHash(grant.secret), 'hex')],
      ...[
        wanted.session?.id ?? null,
        wanted.task ?? null,
        wanted.purpose,
        wanted.fields,
        wanted.compartments,
      ],
      ...[wanted.policies ?? [], house.clock.now(), grant.until],
    ],
  )
  await tx.query('insert into grant_subject (grant_id, subject) select $1, unnest($2::uuid[])', [
    grant.id,
    wanted.subjects,
  ])
  return tx.query(
    `select id as customer, trail as "trailSlot", alias from subject where id = any ($1) order by id`,
    [wanted.subjects],
  )
}

const markEnded = (database: Queryable, house: House, ids: readonly string[]) =>
  database.query('update grants set ended_at = $2 where id = any ($1) and ended_at is null', [
    ids,
    house.clock.now(),
  ])

/** Ends a grant: when this resolves, the keeper lets no reading under it follow. Ending it twice is no error. */
export async function endGrant(house: House, id: string, by: string): Promise<void> {
  await endGrants(house, [id], by)
}

async function endGrants(house: House, ids: readonly string[], by: string): Promise<void> {
  for (const id of ids) await house.keeper.revokeGrant(id, by)
  if (ids.length > 0) await markEnded(house.database, house, ids)
}

const liveOf = async (house: House, condition: string, value: string): Promise<string[]> => {
  const rows = await house.database.query<{ id: string }>(
    `select id from grants where ended_at is null and ${condition}`,
    [value],
  )
  return rows.map(row => row.id)
}

/** Ends every live grant of a task. */
export async function endGrantsOfTask(house: House, task: string, by: string): Promise<void> {
  await endGrants(house, await liveOf(house, 'task = $1', task), by)
}

/** Ends every live grant that names this person as a subject. */
export async function endGrantsAbout(house: House, subject: string, by: string): Promise<void> {
  const condition = 'id in (select grant_id from grant_subject where subject = $1)'
  await endGrants(house, await liveOf(house, condition, subject), by)
}

/** Ends a session: its grants first, then the session itself, so that no answer follows a sign-out. */
export async function endSession(house: House, session: string, by: string): Promise<void> {
  await endGrants(house, await liveOf(house, 'session = $1', session), by)
  await house.database.query('update session set ended_at = $2 where id = $1 and ended_at is null', [
    session,
    house.clock.now(),
  ])
}

/** Ends every session of one person, and what was granted inside them. */
export async function endSessionsOf(house: House, subject: string, by: string): Promise<void> {
  const sessions = await house.database.query<{ id: string }>(
    'select id from session where subject = $1 and ended_at is null',
    [subject],
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
