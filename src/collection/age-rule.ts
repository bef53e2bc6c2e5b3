import * as z from 'zod'
import { brokenConstraint, type Queryable } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import type { Session } from '../identity/session.ts'

/** From 13 to 16 by the law of the country (GDPR 8(1)), 14 in Italy; 18 for a company that takes no minors. */
export const leastAges = [13, 14, 15, 16, 18] as const
export type LeastAge = (typeof leastAges)[number]
export const leastAgeSchema = z.union(leastAges.map(age => z.literal(age)))

/** From which age people agree for themselves, since when; `decided_at` is null until an officer has decided. */
export interface AgeRule {
  version: number
  least: LeastAge
  decided_at: Date | null
}

export const currentAgeRule = (database: Queryable): Promise<AgeRule> =>
  database.one<AgeRule>('select version, least, decided_at from age_rule order by version desc limit 1')

/**
 * Somebody says on joining that they are at least so old. Refuses `invalid` when another age is asked now than the one they
 * were shown. Nobody is asked for a date of birth, and whoever is younger sends nothing.
 */
export async function requireAge(database: Queryable, said: number): Promise<LeastAge> {
  const { least } = await currentAgeRule(database)
  if (said !== least) throw new Refusal('invalid', { fields: [{ field: 'said_age', code: 'changed' }] })
  return least
}

/** Decides anew, in place of the rule that was seen. Refuses `conflict` when another officer has decided since. */
export function decideAge(
  house: House,
  { subject, actor }: Pick<Session, 'subject' | 'actor'>,
  { after, least }: { after: number; least: LeastAge },
): Promise<AgeRule> {
  return change(house, async (tx, note) => {
    const { version } = await currentAgeRule(tx)
    if (version !== after) throw new Refusal('conflict', { why: 'decided anew meanwhile' })
    const decided = { version: version + 1, least, decided_at: house.clock.now() }
    await tx
      .query('insert into age_rule (version, least, decided_by, decided_at) values ($1, $2, $3, $4)', [
        ...[decided.version, least, subject, decided.decided_at],
      ])
      .catch(asConflict)
    await note(null, { kind: 'age', actor, result: 'done', detail: { version: decided.version, least } })
    return decided
  })
}

function asConflict(error: unknown): never {
  if (brokenConstraint(error) === 'age_rule_pkey')
    throw new Refusal('conflict', { why: 'decided at the same time' })
  throw error
}
