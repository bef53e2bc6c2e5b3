import { type ImportedPurpose, importedPurposes } from '../collection/imported-consent.ts'
import type { Queryable } from '../core/database.ts'

/** What shows that somebody agreed, as a line of a file brings it. */
export interface ImportEvidence {
  purposes: ImportedPurpose[]
  /** Fields that it names beyond what every import covers. */
  named: string[]
  agreedAt: Date
  /** A short name of the place where the proof lies. */
  proof: string
}

/** The cells of a line that say it. */
export interface EvidenceCells {
  purposes: string
  date: string
  proof: string
  fields?: string
}

/**
 * Understands the evidence of a line, or says what is wrong with it: `no_evidence` without purposes (`service` among
 * them), day and place; `purposes` for one that no file can prove; `consent_date` for what is no day, `consent_source` for
 * what is no short name.
 */
export function evidenceIn({
  purposes,
  date,
  proof,
  fields = '',
}: EvidenceCells): ImportEvidence | { fault: string } {
  if (purposes === '' || date === '' || proof === '') return { fault: 'no_evidence' }
  const asked = words(purposes)
  const known = importedPurposes.filter(code => asked.includes(code))
  if (known.length < asked.length) return { fault: 'purposes' }
  if (!known.includes('service')) return { fault: 'no_evidence' }
  const agreedAt = new Date(`${date}T00:00:00Z`)
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(agreedAt.getTime())
  if (!isDay || !agreedAt.toISOString().startsWith(date)) return { fault: 'consent_date' }
  if (!/^[a-z0-9][a-z0-9_.-]{0,39}$/.test(proof)) return { fault: 'consent_source' }
  return { purposes: known, named: words(fields), agreedAt, proof }
}

const words = (text: string): string[] => [...new Set(text.split(/[\s;,]+/).filter(word => word !== ''))]

/** A customer's number in the books it comes from. It lies in plain: an address (`@`) is none. */
export const isReference = (text: string): boolean => /^[\x21-\x3f\x41-\x7e]{1,60}$/.test(text)

/**
 * When somebody left last: evidence that is not newer may be theirs, since nothing of them is kept. A withdrawal alone
 * gives out a link and leaves a trail: the link is on record also where a restored database knew no such person. To be asked
 * only after the addresses were looked for, so that an erasure which commits in between is seen.
 */
export async function newestWithdrawal(database: Queryable): Promise<Date | null> {
  const { at } = await database.one<{ at: Date | null }>(
    'select max(t0) as at from erasure where link_hash is not null or kept_until is not null',
  )
  return at
}
