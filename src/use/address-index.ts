import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { addJob, type Jobs } from '../core/jobs.ts'
import {
  type AddressKind,
  isIndexed,
  markGeneration,
  restoreAddress,
  tokenKind,
} from '../identity/address.ts'
import { findTokens } from '../storage/address-token.ts'
import { type Grant, withJobGrant } from './grant.ts'

interface Unindexed {
  subject: string
  slot: number
}

interface Part {
  /** Whose addresses, by the kinds of subject, and where they lie. */
  subjects: readonly ('customer' | 'resting' | 'applicant' | 'employee')[]
  kind: AddressKind
  compartment: string
  field: string
}

const parts: readonly Part[] = [
  // Whoever rests signs in with their address too, and may be a customer again.
  { subjects: ['customer', 'resting'], kind: 'email', compartment: 'contact', field: 'email' },
  { subjects: ['applicant'], kind: 'applicant-email', compartment: 'contact', field: 'email' },
  { subjects: ['employee'], kind: 'employee-email', compartment: 'employment', field: 'work_email' },
]

const batch = 200

/** Adds the job that rebuilds the address index when it is lost; nothing where it is whole or no company exists yet. */
export async function requireRebuilding(house: House): Promise<void> {
  const open = await house.database.maybe('select 1 from organisation')
  if (open === null || (await isIndexed(house.database))) return
  await house.database.transaction(tx => addJob(tx, 'address.rebuilding', {}, { key: 'address.rebuilding' }))
}

/**
 * Rebuilds the address index from the sealed addresses. The keeper takes boxes and gives fingerprints; no address
 * leaves it, and the log has one entry of it all, in the organisation's trail. Works in batches, each committed: after
 * a crash it goes on with whoever is not in the index yet. Only when everybody is does the index count as whole again.
 */
export async function rebuildAddresses(house: House): Promise<void> {
  await house.database.transaction(async tx => {
    if ((await isIndexed(tx)) || !(await isAlone(tx))) return
    await withJobGrant(house, everybody, async grant => {
      for (const part of parts) await rebuildPart(house, grant, part)
    })
    await markGeneration(tx, house)
  })
}

/** For the keeper a job grant without subjects covers everybody, for fingerprints and nothing else. */
const everybody = {
  subjects: [],
  fields: [...new Set(parts.map(part => part.field))],
  compartments: [...new Set(parts.map(part => part.compartment))],
  ...{ purpose: 'service', minutes: 12 * 60, most: 10_000_000 },
}

/** One process rebuilds; the job of another that comes meanwhile has nothing to do. */
async function isAlone(tx: Tx): Promise<boolean> {
  const { alone } = await tx.one<{ alone: boolean }>(
    `select pg_try_advisory_xact_lock(hashtextextended('address.rebuilding', 0)) as alone`,
  )
  return alone
}

async function rebuildPart(house: House, grant: Grant, part: Part): Promise<void> {
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const found = await unindexed(house.database, part, after)
    if (found.length === 0) return
    after = found.at(-1)!.subject
    await indexAll(house, grant, part, found)
  }
}

const unindexed = (database: Queryable, part: Part, after: string) =>
  database.query<Unindexed>(
    `select s.id as subject, l.number as slot
       from subject s join slot l on l.subject = s.id and l.compartment = $2
      where s.kind = any ($1) and s.id > $3
        and not exists (select 1 from address a where a.slot = l.number)
        and not exists (select 1 from employee e where e.id = s.id and e.ended_at is not null)
      order by s.id limit ${batch}`,
    [part.subjects, part.compartment, after],
  )

async function indexAll(house: House, grant: Grant, part: Part, found: readonly Unindexed[]): Promise<void> {
  const subjects = found.map(one => one.subject)
  // For PostgreSQL the grant names whose boxes it hands out.
  await house.database.query(
    `insert into grant_subject (grant_id, subject)
     select $1, s.id from subject s where s.id = any ($2) on conflict do nothing`,
    [grant.id, subjects],
  )
  const place = { kind: tokenKind(part.kind), compartment: part.compartment, field: part.field }
  const tokens = await findTokens(house, grant, place, subjects)
  await house.database.transaction(async tx => {
    for (const { subject, slot } of found) {
      const token = tokens.get(subject)
      if (token !== undefined) await restore(tx, part, token, { subject, slot })
    }
  })
}

async function restore(tx: Tx, part: Part, token: Buffer, one: Unindexed): Promise<void> {
  // Whoever left meanwhile has no slot any more. Who leaves just now fails the foreign key, and the job goes on later.
  const there = await tx.maybe('select 1 from slot where number = $1', [one.slot])
  if (there !== null) await restoreAddress(tx, part.kind, token, { ...one, compartment: part.compartment })
}

export const addressJobs = (house: House): Jobs => ({
  'address.rebuilding': { entry: 'tokens', work: () => rebuildAddresses(house) },
})
