import * as z from 'zod'
import type { Queryable } from '../core/database.ts'
import { claimId } from '../storage/claim.ts'
import type { Claim } from '../storage/record.ts'
import type { Value, Verification } from './reading.ts'

const time = z.iso.datetime()

const verificationSchema = z.object({
  method: z.string(),
  at: time,
  /** Whoever saw it: a pseudonym, `customer`, or the host of a provider. */
  by: z.string().nullable(),
  second: z.string().nullable(),
  /** After that it is no longer shown to be right; null for as long as the value stands. */
  until: time.nullable(),
  document: z
    .object({ kind: z.string(), country: z.string(), expires: z.int(), salt: z.string() })
    .nullable(),
})

/** How it is known that a value is right, and what speaks against it. */
export const provenanceSchema = z.object({
  verified: verificationSchema.nullable(),
  /** What one employee has seen; it counts once a second one has confirmed it. */
  awaiting: verificationSchema.nullable(),
  /** It is in doubt and closed to tasks since then; what other sources say stands beside it. */
  disputed: z
    .object({
      since: time,
      claims: z.array(
        z.object({
          id: z.string(),
          value: z.unknown(),
          source: z.string(),
          at: time,
          by: z.string().nullable(),
          /** Of an import: the books it is from, and where and of which day the evidence is. */
          brought: z.object({ source: z.string(), proof: z.string(), day: z.iso.date() }).nullable(),
        }),
      ),
    })
    .nullable(),
})
export type ShownProvenance = z.input<typeof provenanceSchema>

const day = 86_400_000

/** The provenance of a value of a field that counts as right for so many days (null: for ever). */
export const shownProvenance = (
  { verified, awaiting, disputed }: Value,
  days: number | null,
): ShownProvenance => ({
  verified: verified === undefined ? null : shownVerification(verified, days),
  awaiting: awaiting === undefined ? null : shownVerification(awaiting, days),
  disputed:
    disputed === undefined
      ? null
      : {
          since: disputed.since,
          claims: disputed.claims.map(claim => ({
            ...{ id: claimId(claim), value: claim.value, source: claim.source },
            ...{ at: claim.at, by: claim.by ?? null, brought: shownBrought(claim) },
          })),
        },
})

const shownBrought = ({ brought }: Claim) =>
  brought === undefined
    ? null
    : { source: brought.source, proof: brought.proof, day: brought.agreed.slice(0, 10) }

/** The same of a value that is not shown: what others say of it is not shown either. */
export const withheldProvenance = (shown: ShownProvenance, withheld: boolean): ShownProvenance =>
  !withheld || shown.disputed === null
    ? shown
    : {
        ...shown,
        disputed: {
          ...shown.disputed,
          claims: shown.disputed.claims.map(claim => ({ ...claim, value: null })),
        },
      }

function shownVerification({ method, at, by, second, until, document }: Verification, days: number | null) {
  const ends = [until, days === null ? undefined : new Date(Date.parse(at) + days * day).toISOString()]
  const [first] = ends.filter(end => end !== undefined).sort()
  return {
    ...{ method, at, by: by ?? null, second: second ?? null, until: first ?? null },
    document: document ?? null,
  }
}

/** For each field of the catalogue how many days a value counts as right; null where nobody asks. */
export async function daysOf(database: Queryable): Promise<Map<string, number | null>> {
  const rows = await database.query<{ code: string; reconfirm_days: number | null }>(
    'select code, reconfirm_days from field_now',
  )
  return new Map(rows.map(row => [row.code, row.reconfirm_days]))
}
