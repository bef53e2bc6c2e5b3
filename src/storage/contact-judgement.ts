import { currentAgeRule } from '../collection/age-rule.ts'
import type { Queryable, Tx } from '../core/database.ts'
import { findHeld } from './contact-duplicates.ts'
import { keepContacts, type NewContact } from './contact-keeping.ts'
import type { ContactLine } from './contact-line.ts'
import type { Group, ImportSetting, Kept } from './import.ts'
import { newestWithdrawal } from './import-evidence.ts'

interface Judged {
  results: Kept[]
  /** Those that are to be kept; their results have no customer yet. */
  fresh: { contact: NewContact; result: Kept }[]
}

/** Says what `keepJudged` would answer at this moment, and keeps nothing. */
export async function judgeContacts(
  database: Queryable,
  setting: ImportSetting,
  groups: readonly Group<ContactLine>[],
): Promise<Kept[]> {
  return (await judge(database, setting, groups)).results
}

/**
 * Keeps the lines that bring somebody new, in the given transaction, and answers for each group. Refused, with its number,
 * is a second line of one reference (`repeated_reference`), evidence of a day to come (`consent_date`), an address
 * that somebody has (`address_taken`), somebody who by their own date of birth could not agree for themselves on the day of
 * the evidence (`under_age`), once an officer has decided from which age people can, and evidence that is not newer than
 * the newest withdrawal (`evidence_before_withdrawal`) unless the setting accepts it.
 */
export async function keepJudged(
  tx: Tx,
  setting: ImportSetting,
  groups: readonly Group<ContactLine>[],
): Promise<Kept[]> {
  const { results, fresh } = await judge(tx, setting, groups, { lock: tx })
  const { house, source } = setting
  const ids = await keepContacts(
    ...([tx, house, source] as const),
    fresh.map(one => one.contact),
  )
  for (const [at, { result }] of fresh.entries()) result.subject = ids[at]!
  return results
}

async function judge(
  database: Queryable,
  { house, source, acceptOldEvidence, under }: ImportSetting,
  groups: readonly Group<ContactLine>[],
  locking: { lock?: Tx } = {},
): Promise<Judged> {
  const looking = { source, ...locking, ...(under === undefined ? {} : { under }) }
  const candidates = groups.map(({ reference, lines }) => ({ reference, line: lines[0]! }))
  const held = await findHeld(database, house, candidates, looking)
  // Asked only after the addresses were looked for, so that an erasure which commits in between is seen.
  const left = await newestWithdrawal(database)
  const age = await currentAgeRule(database)
  const fresh: Judged['fresh'] = []
  const given = new Set<string>()
  const results = groups.map(({ reference, lines }, at): Kept => {
    const [line, ...repeated] = lines as [Group<ContactLine>['lines'][0]]
    const refused = repeated.map(({ line }: { line: number }) => ({ line, code: 'repeated_reference' }))
    const nothing: Kept = { subject: null, kept: 0, known: 0, refused, fields: [] }
    const no = (code: string): Kept => ({ ...nothing, refused: [{ line: line.line, code }, ...refused] })
    const one = held[at]!
    const isToCome = line.agreedAt > house.clock.now()
    const said = (subject: string) => (isToCome ? {} : { said: { ...line, subject } })
    if ('known' in one) return { ...nothing, subject: one.known, known: 1, ...said(one.known) }
    if (isToCome) return no('consent_date')
    if ('fault' in one) return { ...no(one.fault), ...said(one.subject) }
    const agreed = line.agreedAt.toISOString().slice(0, 10)
    if (age.decided_at !== null && isTooYoung(line.values.birth_date, agreed, age.least))
      return no('under_age')
    const isOld = left !== null && left > line.agreedAt
    if (isOld && !acceptOldEvidence) return no('evidence_before_withdrawal')
    const address = one.token.toString('hex')
    if (given.has(address)) return no('address_taken')
    given.add(address)
    const detail = { purposes: line.purposes, ...(isOld ? { old_evidence: 'accepted' } : {}) }
    const result: Kept = { ...nothing, kept: 1, fields: Object.keys(line.values).sort(), detail }
    fresh.push({ contact: { reference, token: one.token, line }, result })
    return result
  })
  return { results, fresh }
}

/** Whether the birthday of that age of somebody who was born on this day comes after another day; days as `2000-12-31`. */
export function isTooYoung(born: unknown, day: string, least: number): boolean {
  if (typeof born !== 'string' || born === '') return false
  return `${Number(born.slice(0, 4)) + least}${born.slice(4)}` > day
}
