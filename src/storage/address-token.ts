import type { House } from '../core/house.ts'
import { findBoxes, type Key } from './record.ts'

/** Where a value lies that a fingerprint is to be made of. */
export interface TokenPlace {
  /** The keeper's kind of fingerprint. */
  kind: string
  compartment: string
  field: string
}

/**
 * Fingerprints of one field of several people's profiles, by subject. The keeper takes the boxes and answers with
 * fingerprints alone: nothing plain leaves it. Whoever has no such value is left out.
 */
export async function findTokens(
  house: House,
  key: Key,
  place: TokenPlace,
  subjects: readonly string[],
): Promise<Map<string, Buffer>> {
  const items = []
  for (const customer of subjects) {
    const boxes = await findBoxes(house.database, key, customer, [place.compartment])
    for (const { compartment, row, version, bytes } of boxes)
      items.push({ customer, compartment, row, version, box: bytes })
  }
  if (items.length === 0) return new Map()
  const { kind, field } = place
  const tokens = await house.keeper.tokens({ grant: key.grant, secret: key.secret, kind, field, items })
  const found = new Map<string, Buffer>()
  for (const [at, token] of tokens.entries()) if (token !== null) found.set(items[at]!.customer, token)
  return found
}
