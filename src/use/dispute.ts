import { requireFieldLevels } from '../collection/act.ts'
import { type CatalogueField, isSealed, listCatalogue } from '../collection/catalogue.ts'
import { lowerLevel } from '../collection/customer.ts'
import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import type { Session } from '../identity/session.ts'
import { hear, settle } from '../storage/claim.ts'
import type { Claim } from '../storage/record.ts'
import { lift, restrict } from '../storage/restriction.ts'
import { askForCorrection, endCorrection } from './correction.ts'
import { endGrantsOpening } from './grant.ts'
import { requireOldEnough } from './old-enough.ts'
import { portalGrant } from './portal-grant.ts'
import type { Value } from './reading.ts'
import { scheduleReminders } from './reminder.ts'
import { type Rewriting, rewriting, rewritingUnder } from './value-rewriting.ts'

/**
 * Marks a value of one's own as in doubt. When this resolves no task opens it any more: grants that did have ended.
 * Refuses `invalid` (`unknown`) for a field that is not held, `conflict` for one that is in doubt already.
 */
export async function disputeOwn(house: House, session: Session, code: string): Promise<void> {
  const { subject, actor } = session
  const { rewriting, held } = await readOwn(house, session, code)
  if (held.disputed !== undefined) throw new Refusal('conflict', { why: 'in doubt already' })
  const disputed = { since: house.clock.now().toISOString(), claims: [] }
  await change(house, async (tx, note) => {
    await tx.one('select 1 from subject where id = $1 for update', [subject])
    const floors = await rewriting.put(tx, new Map([[code, { ...held, disputed }]]))
    await close(tx, house, subject, [code], actor)
    await note(subject, { kind: 'dispute', actor, fields: [code], result: 'restricted' }, floors)
  })
}

/**
 * Settles a value that is in doubt: the held one is right (null), or the claim of this id. It keeps where it came from,
 * and tasks may open it again. Refuses `conflict` where nothing is in doubt and for a claim that is not there (any more), and
 * `fixed` for another sign-in address: that must be proved first; `too_young` as `requireOldEnough` does.
 */
export async function settleOwn(
  house: House,
  session: Session,
  code: string,
  claim: string | null,
): Promise<void> {
  const { subject, actor } = session
  const { rewriting, held, field } = await readOwn(house, session, code)
  await requireFieldLevels(house, session, [field])
  if (held.disputed === undefined) throw new Refusal('conflict', { why: 'nothing is in doubt' })
  if (claim !== null && code === 'email') throw new Refusal('fixed')
  const right = settle(held, claim, house.clock.now().toISOString())
  if (right === undefined) throw new Refusal('conflict', { why: 'no such claim any more' })
  await change(house, async (tx, note) => {
    await tx.one('select 1 from subject where id = $1 for update', [subject])
    if (code === 'birth_date') await requireOldEnough(tx, house, subject, { held, next: right })
    const floors = await rewriting.put(tx, new Map([[code, right]]))
    if (code === 'name' && claim !== null) await lowerLevel(tx, subject)
    await lift(tx, subject, [code])
    const settled = (await listCatalogue(tx)).filter(field => field.code === code)
    await scheduleReminders(tx, house, subject, { changed: settled, given: settled })
    const detail = { chosen: claim === null ? 'held' : 'claim', source: right.source }
    await note(subject, { kind: 'dispute', actor, fields: [code], result: 'settled', detail }, floors)
    await endCorrection(tx, house, note, { subject, by: actor })
  })
}

async function readOwn(
  house: House,
  session: Session,
  code: string,
): Promise<{ rewriting: Rewriting; held: Value; field: CatalogueField }> {
  const field = (await listCatalogue(house.database)).find(one => one.code === code && one.type !== null)
  if (field === undefined) throw unknown()
  // The system sees of it what may be shown, and would seal that in its place.
  if (isSealed(field)) throw new Refusal('invalid', { fields: [{ field: 'field', code: 'sealed_only' }] })
  const key = await portalGrant(house, session)
  const rewriting = await rewritingUnder(house, key, session.subject, [code])
  const held = rewriting.values[code]
  if (held === undefined) throw unknown()
  return { rewriting, held, field }
}

const unknown = () => new Refusal('invalid', { fields: [{ field: 'field', code: 'unknown' }] })

/** Ends what opens these fields and restricts them, in this order, in a transaction that holds the person's row. */
async function close(
  tx: Tx,
  house: House,
  subject: string,
  codes: readonly string[],
  by: string,
): Promise<void> {
  await endGrantsOpening(tx, house, subject, codes, by)
  await restrict(tx, house, subject, codes)
}

/** What another source was found to say. */
export interface Heard {
  /** Fields of which it says the same. */
  agreed: string[]
  /** Fields it contradicts: in doubt from now on. */
  contradicted: string[]
}

/**
 * Hears another source about values that are held, within the transaction that holds the person's row: nothing is
 * overwritten. What is contradicted is restricted, grants that opened it end, and an employee is asked to see to it once.
 * Of what is not held nothing is kept. Returns the values to put, with `Heard`.
 */
export async function hearAll(
  tx: Tx,
  house: House,
  about: { subject: string; by: string },
  held: Readonly<Record<string, Value>>,
  claims: ReadonlyMap<string, Claim>,
): Promise<Heard & { values: Map<string, Value> }> {
  const values = new Map<string, Value>()
  const heard: Heard = { agreed: [], contradicted: [] }
  const sealed = (await listCatalogue(tx)).filter(isSealed).map(field => field.code)
  for (const [code, claim] of claims) {
    const now = held[code]
    if (now === undefined || sealed.includes(code)) continue
    const { value, agrees } = hear(now, claim)
    values.set(code, value)
    heard[agrees ? 'agreed' : 'contradicted'].push(code)
  }
  if (heard.contradicted.length > 0) {
    await close(tx, house, about.subject, heard.contradicted, about.by)
    await askForCorrection(tx, house, about.subject)
  }
  return { ...heard, values }
}

/** Who brings claims, and what follows from them in the same transaction. */
export interface Hearing {
  subject: string
  actor: string
  /** `import`, `oidc`: as the entry says it. */
  method: string
  /** Answers with what the entry says besides. */
  follow?: (tx: Tx, heard: Heard) => Promise<Record<string, string | number>>
}

/**
 * Hears another source, such as an import or a provider, about somebody's values: as `hearAll`, in a transaction of its own
 * and with its entry. The one call for whatever brings values that are held already.
 */
export async function hearClaims(
  house: House,
  { subject, actor, method, follow }: Hearing,
  claims: ReadonlyMap<string, Claim>,
): Promise<Heard> {
  return rewriting(house, subject, [...claims.keys()], ({ values, put }) =>
    change(house, async (tx, note) => {
      await tx.one('select 1 from subject where id = $1 for update', [subject])
      const { values: changed, ...heard } = await hearAll(tx, house, { subject, by: actor }, values, claims)
      const floors = await put(tx, changed)
      const detail = { method, differs: heard.contradicted, ...(await follow?.(tx, heard)) }
      const fields = [...changed.keys()].sort()
      await note(subject, { kind: 'verification', actor, fields, result: 'done', detail }, floors)
      return { agreed: heard.agreed.sort(), contradicted: heard.contradicted.sort() }
    }),
  )
}
