import { isDeepStrictEqual } from 'node:util'
import { newId } from '../core/ids.ts'
import type { Claim, Value } from './record.ts'

/** Whether two sources say the same: of texts neither case nor blanks count. */
export function saysTheSame(one: unknown, other: unknown): boolean {
  if (typeof one === 'string' && typeof other === 'string') return plain(one) === plain(other)
  return isDeepStrictEqual(one, other)
}

const plain = (text: string): string => text.normalize('NFKC').trim().toLowerCase().replace(/\s+/g, ' ')

/**
 * A held value after another source has spoken. Who says the same proves it, as far as they verify anything; who says
 * otherwise puts it in doubt: both stand side by side, and the held one is never overwritten. A claim that is there already
 * is not repeated.
 */
export function hear(held: Value, claim: Claim): { value: Value; agrees: boolean } {
  if (saysTheSame(held.value, claim.value)) {
    if (claim.verified === undefined) return { value: held, agrees: true }
    const { awaiting: _seen, ...rest } = held
    return { value: { ...rest, verified: claim.verified }, agrees: true }
  }
  const disputed = held.disputed ?? { since: claim.at, claims: [] }
  const claims = disputed.claims.some(one => saysTheSame(one.value, claim.value))
    ? disputed.claims
    : [...disputed.claims, { ...claim, id: newId() }]
  return { value: { ...held, disputed: { ...disputed, claims } }, agrees: false }
}

/** By what a claim is chosen: never its place among others, which changes while its reader decides. */
export const claimId = ({ id, at }: Claim): string => id ?? at

/**
 * The value that its customer says is right: the held one (null) or the claim of this id, each with where it came from.
 * Undefined where there is no such claim.
 */
export function settle(held: Value, claim: string | null, at: string): Value | undefined {
  const { disputed, awaiting: _seen, ...rest } = held
  if (claim === null) return { ...rest, confirmed: at }
  const chosen = disputed?.claims.find(one => claimId(one) === claim)
  if (chosen === undefined) return undefined
  const { by: _said, id: _chosen, ...right } = chosen
  return { ...right, confirmed: at, ...(held.sealed === true ? { sealed: true } : {}) }
}
