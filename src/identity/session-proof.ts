import type { Queryable } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { Refusal } from '../core/refusal.ts'

/** How somebody has shown that they are who the session says: a code sent to them, a passkey, or password and code. */
export type ProofWay = 'code' | 'passkey' | 'password'

export interface SessionProof {
  by: ProofWay
  at: Date
}

/** How long a proof counts as fresh. A sign-in is one. */
export const freshMinutes = 15

/** Whether this was shown a moment ago. A proof of the future, by a clock that was set back, is none. */
export function isFresh(proof: SessionProof | null, now: Date): boolean {
  if (proof === null) return false
  const age = now.getTime() - proof.at.getTime()
  return age >= 0 && age < freshMinutes * 60_000
}

/** Notes in a live session what its person has just shown. Refuses `unauthenticated` for one that has ended. */
export async function noteProof(
  tx: Queryable,
  house: House,
  session: string,
  by: ProofWay,
): Promise<SessionProof> {
  const at = house.clock.now()
  const live = await tx.query(
    'update session set proved_at = $2, proved_by = $3 where id = $1 and ended_at is null returning id',
    [session, at, by],
  )
  if (live.length === 0) throw new Refusal('unauthenticated', { why: 'the session has ended' })
  return { by, at }
}
