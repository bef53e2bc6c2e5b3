import type { Grant } from './grants.ts'
import type { Appending } from './log.ts'
import type { EntryBody, GrantKind, GrantRequest, GrantSubject } from './requests.ts'
import { organisationTrail } from './reserved.ts'
import { part } from './shape.ts'

// A grant is written into the trail of each of its subjects, and stays readable for as long as that trail does. The
// live grants are rebuilt from these entries at start. What is plain in the log is a random id and an end.

interface GrantDetail {
  kind: GrantKind
  secretHash: string
  customer: string | null
  trailSlot: number
  actorSlot: number | null
  compartments: string[]
  most: number
  /** How many people the grant is about. */
  subjects: number
}

const iso = (time: number) => new Date(time).toISOString()

function bodyFor(request: GrantRequest, subject: GrantSubject | null): EntryBody {
  const detail: GrantDetail = {
    kind: request.kind,
    secretHash: request.secretHash,
    customer: subject?.customer ?? null,
    trailSlot: subject?.trailSlot ?? organisationTrail,
    actorSlot: request.actorSlot ?? null,
    compartments: request.compartments,
    most: request.most,
    subjects: request.subjects.length,
  }
  return {
    kind: 'grant',
    act: request.id,
    actor: request.actor,
    subject: subject?.alias ?? 'organisation',
    ...part('task', request.task),
    grant: request.id,
    purpose: request.purpose,
    fields: request.fields,
    result: 'granted',
    policy: request.policy,
    until: iso(request.until),
    detail: { ...detail },
  }
}

/** One entry per subject; with several also one in the actor's trail, which names none of them. */
export function grantEntries(request: GrantRequest): Appending[] {
  const control = { grant: { id: request.id, until: request.until } }
  const entries = (request.subjects.length === 0 ? [null] : request.subjects).map(subject => ({
    trailSlot: subject?.trailSlot ?? organisationTrail,
    body: bodyFor(request, subject),
    control,
  }))
  if (request.subjects.length < 2 || request.actorSlot === undefined) return entries
  const {
    secretHash: _,
    customer: __,
    trailSlot: ___,
    ...detail
  } = bodyFor(request, null).detail as unknown as GrantDetail
  const own = { ...bodyFor(request, null), subject: request.actor, detail: { ...detail } }
  return [...entries, { trailSlot: request.actorSlot, body: own }]
}

/** Revoking: the same trails that learnt of the grant learn of its end. */
export function revocationEntries(
  grant: Grant,
  by: string,
  isErased: (slot: number) => boolean,
): Appending[] {
  const body = (subject: string): EntryBody => ({
    kind: 'revocation',
    act: grant.id,
    actor: by,
    subject,
    ...part('task', grant.task),
    grant: grant.id,
    result: 'revoked',
  })
  const control = { revoke: grant.id }
  const subjects = [...grant.subjects.values()].filter(subject => !isErased(subject.trailSlot))
  const entries: Appending[] = subjects.map(({ trailSlot, alias }) => ({
    trailSlot,
    body: body(alias),
    control,
  }))
  const several = grant.subjects.size > 1 && grant.actorSlot !== undefined && !isErased(grant.actorSlot)
  if (several) entries.push({ trailSlot: grant.actorSlot!, body: body(grant.actor), control })
  if (entries.length === 0)
    entries.push({ trailSlot: organisationTrail, body: body('organisation'), control })
  return entries
}

/** The request that an entry of kind `grant` tells of, with its one subject. */
export function requestOf(body: EntryBody): GrantRequest {
  const detail = body.detail as unknown as GrantDetail
  const { customer, trailSlot } = detail
  return {
    id: body.act,
    secretHash: detail.secretHash,
    kind: detail.kind,
    actor: body.actor,
    ...part('actorSlot', detail.actorSlot ?? undefined),
    subjects: customer === null ? [] : [{ customer, trailSlot, alias: body.subject }],
    fields: body.fields ?? [],
    compartments: detail.compartments,
    purpose: body.purpose ?? '',
    ...part('task', body.task),
    until: Date.parse(body.until ?? ''),
    most: detail.most,
    policy: body.policy ?? '',
  }
}
