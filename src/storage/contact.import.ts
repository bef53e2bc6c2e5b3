import { setImmediate } from 'node:timers/promises'
import type { CatalogueField } from '../collection/catalogue.ts'
import type { Queryable } from '../core/database.ts'
import { findHeld } from './contact-duplicates.ts'
import type { ContactFile } from './contact-file.ts'
import { keepContacts, type NewContact } from './contact-keeping.ts'
import { type ContactLine, ContactLines } from './contact-line.ts'
import { type ContactMapping, requireMapping } from './contact-mapping.ts'
import type { Group, ImportAdapter, ImportSetting, Kept } from './import.ts'

/** So many customers are one transaction: their slots come in one lease, their boxes in one request or two. */
const most = 50

/**
 * Contacts of any file, by a mapping of its columns. Whoever comes in this way is asserted only (level 0). Refuses a
 * mapping that `requireMapping` refuses. One adapter serves one run of one file.
 */
export function contactImport(
  file: ContactFile,
  mapping: ContactMapping,
  catalogue: readonly CatalogueField[],
  today: string,
): ImportAdapter<ContactLine> {
  requireMapping(mapping, file.headers, catalogue)
  const lines = new ContactLines(mapping, catalogue, today)
  const mark = file.hash.toString('hex').slice(0, 12)
  const kept = new Set(Object.keys(mapping).filter(header => mapping[header] !== null))
  return {
    ...{ kind: 'contacts', columns: [...kept], most },
    async read(each) {
      for (const [at, line] of file.lines.entries()) {
        each(line)
        // So many are judged at once; in between whoever else uses the server is served.
        if (at % 200 === 199) await setImmediate()
      }
      const ignored = file.headers.filter(header => header !== '' && !kept.has(header))
      return { hash: file.hash, ignored, unreadable: file.unreadable }
    },
    understand: (columns, line) => lines.understand(columns, `${mark}-${line}`),
    judge: async (database, setting, groups) => (await judge(database, setting, groups, false)).results,
    async keep(tx, setting, groups) {
      const { results, fresh } = await judge(tx, setting, groups, true)
      const { house, source } = setting
      const ids = await keepContacts(
        ...([tx, house, source] as const),
        fresh.map(one => one.contact),
      )
      for (const [at, { result }] of fresh.entries()) result.subject = ids[at]!
      return results
    },
  }
}

interface Fresh {
  contact: NewContact
  result: Kept
}

/** What becomes of each group; those to be stored have no customer yet. */
async function judge(
  database: Queryable,
  { house, source, acceptOldEvidence, under }: ImportSetting,
  groups: readonly Group<ContactLine>[],
  lock: boolean,
): Promise<{ results: Kept[]; fresh: Fresh[] }> {
  const looking = { source, lock, ...(under === undefined ? {} : { under }) }
  const candidates = groups.map(({ reference, lines }) => ({ reference, line: lines[0]! }))
  const held = await findHeld(database, house, candidates, looking)
  // Asked only after the addresses were looked for, so that an erasure which commits in between is seen.
  const left = await newestWithdrawal(database)
  const fresh: Fresh[] = []
  const results = groups.map(({ reference, lines }, at): Kept => {
    const [line, ...repeated] = lines as [Group<ContactLine>['lines'][0]]
    const refused = repeated.map(({ line }: { line: number }) => ({ line, code: 'repeated_reference' }))
    const nothing: Kept = { subject: null, kept: 0, known: 0, refused, fields: [] }
    const no = (code: string): Kept => ({ ...nothing, refused: [{ line: line.line, code }, ...refused] })
    const one = held[at]!
    if ('known' in one) return { ...nothing, subject: one.known, known: 1 }
    if (line.agreedAt > house.clock.now()) return no('consent_date')
    if ('fault' in one) return no(one.fault)
    const isOld = left !== null && left > line.agreedAt
    if (isOld && !acceptOldEvidence) return no('evidence_before_withdrawal')
    const detail = { purposes: line.purposes, ...(isOld ? { old_evidence: 'accepted' } : {}) }
    const result: Kept = { ...nothing, kept: 1, fields: Object.keys(line.values).sort(), detail }
    fresh.push({ contact: { reference, token: one.token, line }, result })
    return result
  })
  return { results, fresh }
}

/**
 * When somebody left last: evidence that is not newer may be theirs, since nothing of them is kept. A withdrawal alone
 * gives out a link and leaves a trail.
 */
async function newestWithdrawal(database: Queryable): Promise<Date | null> {
  const { at } = await database.one<{ at: Date | null }>(
    'select max(t0) as at from erasure where link_hash is not null or kept_until is not null',
  )
  return at
}
