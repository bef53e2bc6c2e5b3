import { currentAgeRule } from '../collection/age-rule.ts'
import { dayOfAge, guardianAnswers } from '../collection/guardianship.ts'
import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { Refusal } from '../core/refusal.ts'
import type { Claim } from '../storage/record.ts'
import type { Value } from './reading.ts'

/** A date of birth as it is held, and what would take its place: null for nothing. */
export interface BirthDates {
  held: Value | undefined
  next: Value | null | undefined
}

/**
 * Every date of birth passes here before it counts, whoever brought it: whoever has agreed alone does not become younger than the
 * company's age of own consent, as then nothing that they agreed to would hold. Refuses `too_young` for such a date, and as long
 * as an employee's or a provider's evidence of one stands beside what is held for any other word of the customer's own:
 * it is neither denied, replaced nor removed by who was found to be a child. A later proof is heeded. Where a guardian answers
 * nothing is refused.
 */
export async function requireOldEnough(
  tx: Tx,
  house: House,
  subject: string,
  { held, next }: BirthDates,
): Promise<void> {
  if (next === undefined || (await guardianAnswers(tx, subject))) return
  const { least } = await currentAgeRule(tx)
  const today = house.clock.now().toISOString().slice(0, 10)
  const isTooYoung = (value: unknown) => typeof value === 'string' && dayOfAge(value, least) > today
  if (next !== null && isTooYoung(next.value)) throw new Refusal('too_young')
  const found = [held, next].flatMap(value => value?.disputed?.claims ?? [])
  const proved = provedAt(held, next)
  if (found.some(claim => isTooYoung(claim.value) && isEvidence(claim) && claim.at >= proved))
    throw new Refusal('too_young', { why: 'evidence of a younger age stands' })
}

const isEvidence = ({ source }: Pick<Claim, 'source'>): boolean =>
  source === 'employee' || source === 'provider'

/** When somebody other than the customer last showed the date that is to count; empty where nobody has. */
function provedAt(held: Value | undefined, next: Value | null): string {
  if (next === null) return ''
  const isHeld = held !== undefined && next.value === held.value
  const claimed = isEvidence(next) ? next.at : ''
  return [isHeld ? (held.verified?.at ?? '') : (next.verified?.at ?? ''), claimed].sort().at(-1)!
}
