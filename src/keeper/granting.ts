import { raise } from './alarm.ts'
import { grantEntries, revocationEntries } from './grant-entry.ts'
import { type Grant, grantOf, spenderOf } from './grants.ts'
import type { Keeper } from './keeper.ts'
import { KeeperRefusal } from './refusal.ts'
import type { GrantRequest } from './requests.ts'
import { organisationTrail } from './reserved.ts'

const longest = 31 * 24 * 3_600_000

interface Made {
  id: string
  index: number
}

/**
 * Makes a grant: it counts when its entries are durable in every subject's trail. Repeating a request with the same
 * id and secret answers as the first time. Refuses with `grant_ended` an id that counted once, with `malformed`
 * another's id or an end that is past or more than 31 days away, with `budget` beyond the keeper's caps, with
 * `subject_slot`, `unknown_slot` or `erased` a trail slot that is none.
 */
export async function makeGrant(keeper: Keeper, request: GrantRequest): Promise<Made> {
  const trails = request.subjects.map(subject => subject.trailSlot)
  if (request.actorSlot !== undefined) trails.push(request.actorSlot)
  await keeper.fetch(trails)
  const repeated = findRepeated(keeper, request)
  if (repeated !== null) return repeated
  const now = keeper.now()
  if (request.until <= now || request.until > now + longest)
    throw new KeeperRefusal('malformed', { why: 'until' })
  requireTrails(keeper, request)
  keeper.grants.requireRoom(spenderOf(request), now, request.subjects.length)
  const made = write(keeper, request, now)
  keeper.making.set(request.id, { secretHash: request.secretHash, made })
  try {
    return await made
  } finally {
    keeper.making.delete(request.id)
  }
}

/** A job's own trail may be the organisation's. */
function requireTrails(keeper: Keeper, { kind, subjects, actorSlot }: GrantRequest): void {
  for (const [at, subject] of subjects.entries()) {
    keeper.slots.requireUsable(subject.trailSlot, at)
    if (keeper.intakes.has(subject.trailSlot)) throw new KeeperRefusal('subject_slot', { at })
  }
  const isJob = kind === 'job' || kind === 'import'
  if (actorSlot === undefined || (isJob && actorSlot === organisationTrail)) return
  keeper.slots.requireUsable(actorSlot)
}

async function write(keeper: Keeper, request: GrantRequest, now: number): Promise<Made> {
  const indices = await keeper.write(grantEntries(request))
  const index = indices[0]!
  await raise(keeper, keeper.grants.add(grantOf(request, index), now))
  return { id: request.id, index }
}

function findRepeated(keeper: Keeper, request: GrantRequest): Made | Promise<Made> | null {
  const making = keeper.making.get(request.id)
  const grant = keeper.grants.find(request.id)
  const secretHash = making?.secretHash ?? grant?.secretHash.toString('hex')
  if (secretHash === undefined) {
    if (keeper.grants.hasEnded(request.id)) throw new KeeperRefusal('grant_ended')
    return null
  }
  if (secretHash !== request.secretHash)
    throw new KeeperRefusal('malformed', { why: 'the id of another grant' })
  return making?.made ?? { id: request.id, index: grant!.index }
}

/**
 * Ends a grant. From this call on it opens nothing; when this resolves the revocation is durable, and every reading
 * under the grant has a lower index and has been answered. Null when the grant had ended before or never was.
 */
export async function revokeGrant(keeper: Keeper, id: string, by: string): Promise<{ index: number | null }> {
  await keeper.making.get(id)?.made.catch(() => {})
  const grant = keeper.grants.find(id)
  const indices = grant === null ? [] : await revoke(keeper, [grant], by)
  // Somebody else may be revoking it at this moment.
  await keeper.ending.get(id)
  return { index: indices.at(-1) ?? null }
}

/** Ends every live grant of one actor, as if each were revoked. */
export async function revokeAll(keeper: Keeper, actor: string): Promise<{ revoked: string[] }> {
  await Promise.allSettled([...keeper.making.values()].map(one => one.made))
  const grants = keeper.grants.ofActor(actor)
  const already = [...keeper.ending.values()]
  await revoke(keeper, grants, actor)
  await Promise.all(already)
  return { revoked: grants.map(grant => grant.id) }
}

/** Ends every live grant there is, of whomever. Answers how many. */
export async function endEveryGrant(keeper: Keeper, by: string): Promise<number> {
  await Promise.allSettled([...keeper.making.values()].map(one => one.made))
  const grants = keeper.grants.live()
  await revoke(keeper, grants, by)
  return grants.length
}

async function revoke(keeper: Keeper, grants: Grant[], by: string): Promise<number[]> {
  if (grants.length === 0) return []
  // INVARIANT: ended before anything waits, so no reading can still begin under it.
  for (const grant of grants) keeper.grants.end(grant.id)
  const written = writeRevocations(keeper, grants, by)
  for (const grant of grants) keeper.ending.set(grant.id, written)
  try {
    return await written
  } finally {
    for (const grant of grants) keeper.ending.delete(grant.id)
  }
}

async function writeRevocations(keeper: Keeper, grants: Grant[], by: string): Promise<number[]> {
  const trails = grants.flatMap(grant => [...grant.subjects.values()].map(subject => subject.trailSlot))
  for (const { actorSlot } of grants) if (actorSlot !== undefined) trails.push(actorSlot)
  await keeper.fetch(trails)
  return keeper.write(
    grants.flatMap(grant => revocationEntries(grant, by, slot => keeper.slots.isErased(slot))),
  )
}
