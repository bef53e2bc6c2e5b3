import type { Queryable } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { Refusal, type RefusalDetail } from '../core/refusal.ts'
import { hasPasskey } from '../identity/passkey.ts'
import type { Session } from '../identity/session.ts'
import { freshMinutes, isFresh } from '../identity/session-proof.ts'
import { findCustomer, type Level } from './customer.ts'

/** What an act of a customer needs before it is done. */
export interface Need {
  /** How surely the customer's identity is known (`Level`). */
  identity: Level
  /** Whether this session must have shown within the last minutes that it is them: by a code, a passkey or signing in. */
  fresh: boolean
}

/**
 * What each act of a customer needs. Agreements are taken back as easily as they are given (GDPR 7(3)), so neither asks for
 * more than being signed in. What cannot be undone, what leaves the page as a file, what is delicate to see over a shoulder
 * and what decides who signs in from now on asks for a fresh proof.
 */
export const acts = {
  view: { identity: 0, fresh: false },
  view_sensitive: { identity: 1, fresh: true },
  change_values: { identity: 0, fresh: false },
  add_passkey: { identity: 1, fresh: true },
  remove_passkey: { identity: 1, fresh: true },
  change_address: { identity: 1, fresh: true },
  give_consent: { identity: 0, fresh: false },
  withdraw_consent: { identity: 0, fresh: false },
  export: { identity: 1, fresh: true },
  leave: { identity: 0, fresh: true },
  merge: { identity: 1, fresh: true },
  undo_merge: { identity: 0, fresh: true },
} as const satisfies Record<string, Need>

export type Act = keyof typeof acts

/** What decides who comes in from now on would outlast a guardian's time; and to be one person with somebody is the child's to say. */
const notOfGuardians: readonly Act[] = [
  'add_passkey',
  'remove_passkey',
  'change_address',
  'merge',
  'undo_merge',
]

/** What changing the values of a field of this level needs: the field's own level, and above 0 a fresh proof. */
export const needOfField = (level: Level): Need => ({ identity: level, fresh: level > 0 })

/** How a customer comes to each level here and now: what a page offers when it is missing. */
const waysToLevel: Record<Level, string[]> = {
  ...{ 0: [], 1: ['code'] },
  ...{ 2: ['evidence', 'provider'], 3: ['provider'] },
}

/**
 * Refuses `level_needed` unless this session of a customer may do the act now. The detail says the act, the level that it
 * needs, what is missing (`identity` or `proof`) and the ways to it. `erased` for somebody who has left.
 */
export async function requireAct(house: House, session: Session, act: Act): Promise<void> {
  if (session.guardian && notOfGuardians.includes(act)) throw new Refusal('wrong_role')
  await requireNeed(house, session, act, acts[act])
}

/** The same for changing values of fields: the highest level among them counts, and its field is named. */
export async function requireFieldLevels(
  house: House,
  session: Session,
  fields: readonly { code: string; level: number }[],
): Promise<void> {
  await requireAct(house, session, 'change_values')
  const [highest] = [...fields].sort((a, b) => b.level - a.level)
  if (highest === undefined) return
  const need = needOfField(highest.level as Level)
  await requireNeed(house, session, 'change_values', need, { field: highest.code })
}

/** Whether this session of a customer may do the act now, without refusing. */
export async function mayAct(house: House, session: Session, act: Act): Promise<boolean> {
  const level = await levelOf(house.database, session.subject)
  return missing(house, session, acts[act], level) === null
}

async function requireNeed(
  house: House,
  session: Session,
  act: Act,
  need: Need,
  about: RefusalDetail = {},
): Promise<void> {
  const level = await levelOf(house.database, session.subject)
  const what = missing(house, session, need, level)
  if (what === null) return
  const ways = what === 'identity' ? waysToLevel[need.identity] : await waysToProve(house.database, session)
  const detail = { ...about, act, missing: what, level: need.identity, ways, fresh_minutes: freshMinutes }
  throw new Refusal('level_needed', { detail })
}

function missing(house: House, session: Session, need: Need, level: Level): 'identity' | 'proof' | null {
  if (level < need.identity) return 'identity'
  return need.fresh && !isFresh(session.proof, house.clock.now()) ? 'proof' : null
}

const waysToProve = async (database: Queryable, { subject, guardian }: Session): Promise<string[]> =>
  !guardian && (await hasPasskey(database, subject)) ? ['code', 'passkey'] : ['code']

async function levelOf(database: Queryable, subject: string): Promise<Level> {
  const customer = await findCustomer(database, subject)
  if (customer === null) throw new Refusal('erased', { why: 'no customer any more' })
  return customer.level
}
