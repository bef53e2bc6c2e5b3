import * as z from 'zod'
import type { House } from '../core/house.ts'
import type { Session } from '../identity/session.ts'
import { portalGrant } from './portal-grant.ts'
import { provenSince, provenTrail, readProvenTrail } from './proven-trail.ts'

/**
 * Everything with which a customer checks their own trail without us: version 1 of its format. It holds nothing that
 * cannot be checked, so that every change of it is seen.
 */
export const ownBundleSchema = z.object({
  format: z.literal('custode-log-bundle/1'),
  ...provenTrail,
  /** The proof that the log extends the one of `size` entries that was asked about; null where none was, or it is longer. */
  since: z.object({ size: z.int(), hashes: z.array(z.string()) }).nullable(),
})
export type OwnBundle = z.input<typeof ownBundleSchema>

/** The bundle of the customer of this session. `from` is the size of a checkpoint they hold. */
export async function bundleOwn(
  house: House,
  session: Session,
  from: number | undefined,
): Promise<OwnBundle> {
  const key = await portalGrant(house, session)
  const trail = await readProvenTrail(house, key, session.trail)
  return {
    format: 'custode-log-bundle/1',
    ...trail,
    since: from === undefined ? null : await provenSince(house, trail, from),
  }
}
