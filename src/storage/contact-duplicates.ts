import { countingRecords } from '../collection/merge.ts'
import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { findTaken, lockAddresses, tokenKind } from '../identity/address.ts'
import type { ContactLine } from './contact-line.ts'

/** What is known of a line about somebody who may be held already. */
export type Held = { known: string } | { fault: string; subject: string } | { token: Buffer }

export interface Candidate {
  reference: string
  line: ContactLine
}

interface Looking {
  source: string
  under?: { grant: string; secret: string }
  /** Lets one transaction after another decide about these addresses; without it the answer is of the moment. */
  lock?: Tx
}

/**
 * The one place where an import asks whether a line is about somebody who is held: by the reference in the same source
 * (`known`, the customer's id), or by the keyed fingerprint of the e-mail address (`address_taken`); of a record that rests it
 * names the one that counts for it. Whoever is neither
 * comes with the fingerprint of their address. A likeness that is not exact is asked for here, and gives a fault: a
 * line is never joined to somebody by likeness alone. Throws `search_rebuilding` while the index of addresses is lost.
 */
export async function findHeld(
  database: Queryable,
  house: House,
  candidates: readonly Candidate[],
  { source, under, lock }: Looking,
): Promise<Held[]> {
  const references = candidates.map(candidate => candidate.reference)
  const rows = await database.query<{ reference: string; subject: string }>(
    `select r.reference, coalesce(m.stays, r.subject) as subject
       from customer_reference r left join merge m on m.rests = r.subject
      where r.source = $1 and r.reference = any ($2)`,
    [source, references],
  )
  const known = new Map(rows.map(row => [row.reference, row.subject]))
  const fresh = candidates.filter(({ reference }) => !known.has(reference))
  const items = fresh.map(({ line }) => ({ kind: tokenKind('email'), value: line.values.email }))
  const tokens = items.length === 0 ? [] : await house.keeper.fingerprint(items, under)
  if (lock !== undefined) await lockAddresses(lock, tokens)
  const taken = await findTaken(database, 'email', tokens)
  const counting = await countingRecords(
    database,
    [...taken.values()].map(owner => owner.subject),
  )
  const tokenOf = new Map(fresh.map(({ reference }, at) => [reference, tokens[at]!]))
  return references.map(reference => {
    const subject = known.get(reference)
    if (subject !== undefined) return { known: subject }
    const token = tokenOf.get(reference)!
    const owner = taken.get(token.toString('hex'))
    if (owner === undefined) return { token }
    return { fault: 'address_taken', subject: counting.get(owner.subject) ?? owner.subject }
  })
}
