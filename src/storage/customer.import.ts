import { emailRule, nameRule, phoneRule } from '../collection/field.ts'
import { keepJudged } from './contact-judgement.ts'
import type { ContactLine } from './contact-line.ts'
import { type ImportAdapter, mostTogether, type Understood } from './import.ts'
import { evidenceIn, isReference } from './import-evidence.ts'

const columns = ['reference', 'name', 'email', 'phone', 'purposes', 'consent_date', 'consent_source'] as const

/**
 * Customers with the evidence of their consent, one a line: `purposes` names them with spaces between (`service
 * offers`), `consent_date` is a day, `consent_source` a short name of the place where the proof lies. A line without
 * evidence for `service` is refused, and so is one whose evidence is not newer than the newest withdrawal: it may be of
 * the person who left. Whoever comes in this way is asserted only (level 0): no address of theirs is
 * verified, and nothing but a code they asked for is sent to them.
 */
export const customerImport: ImportAdapter<ContactLine> = {
  ...{ kind: 'customers', columns, most: mostTogether },
  understand,
  keep: keepJudged,
}

function understand(line: Record<string, string>): Understood<ContactLine> {
  const cell = (column: (typeof columns)[number]) => (line[column] ?? '').trim()
  const reference = cell('reference')
  if (!isReference(reference)) return { fault: 'reference' }
  const name = nameRule.safeParse(cell('name'))
  if (!name.success) return { fault: 'name' }
  const email = emailRule.safeParse(cell('email'))
  if (!email.success) return { fault: 'email' }
  const phone = cell('phone') === '' ? null : phoneRule.safeParse(cell('phone'))
  if (phone !== null && !phone.success) return { fault: 'phone' }
  const cells = { purposes: cell('purposes'), date: cell('consent_date'), proof: cell('consent_source') }
  const evidence = evidenceIn(cells)
  if ('fault' in evidence) return evidence
  const values = { name: name.data, email: email.data, ...(phone === null ? {} : { phone: phone.data }) }
  return { reference, parsed: { ...evidence, values } }
}
