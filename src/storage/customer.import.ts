import * as z from 'zod'
import { giveConsent } from '../collection/consent.ts'
import { makeCustomer } from '../collection/customer.ts'
import { emailRule, nameRule, phoneRule } from '../collection/field.ts'
import type { PurposeCode } from '../collection/purpose.ts'
import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { addAddress, addressToken, findAddress, lockAddress } from '../identity/address.ts'
import {
  type ImportAdapter,
  type ImportSetting,
  type Kept,
  type Numbered,
  oneByOne,
  type Understood,
} from './import.ts'
import { keep as keepValues } from './keeping.ts'
import type { Values } from './record.ts'

interface CustomerLine {
  name: string
  email: string
  phone: string | null
  purposes: PurposeCode[]
  /** When the customer agreed, and where the proof lies. */
  agreedAt: Date
  proof: string
}

/** A file proves no explicit agreement to what is sealed in the browser. */
const importedPurpose = z.enum(['service', 'offers'])

const columns = ['reference', 'name', 'email', 'phone', 'purposes', 'consent_date', 'consent_source'] as const

/**
 * Customers with the evidence of their consent, one a line: `purposes` names them with spaces between (`service
 * offers`), `consent_date` is a day, `consent_source` a short name of the place where the proof lies. A line without
 * evidence for `service` is refused, and so is one whose evidence is not newer than the newest withdrawal: it may be of
 * the person who left. Whoever comes in this way is asserted only (level 0): no address of theirs is
 * verified, and nothing but a code they asked for is sent to them.
 */
export const customerImport: ImportAdapter<CustomerLine> = {
  kind: 'customers',
  columns,
  most: 1,
  understand,
  keep: oneByOne(keep),
}

function understand(line: Record<string, string>): Understood<CustomerLine> {
  const cell = (column: (typeof columns)[number]) => (line[column] ?? '').trim()
  const reference = cell('reference')
  if (!/^[\x21-\x3f\x41-\x7e]{1,60}$/.test(reference)) return { fault: 'reference' }
  const name = nameRule.safeParse(cell('name'))
  if (!name.success) return { fault: 'name' }
  const email = emailRule.safeParse(cell('email'))
  if (!email.success) return { fault: 'email' }
  const phone = cell('phone') === '' ? null : phoneRule.safeParse(cell('phone'))
  if (phone !== null && !phone.success) return { fault: 'phone' }
  const evidence = evidenceOf(cell('purposes'), cell('consent_date'), cell('consent_source'))
  if ('fault' in evidence) return evidence
  return {
    reference,
    parsed: { ...evidence, name: name.data, email: email.data, phone: phone?.data ?? null },
  }
}

type Evidence = Pick<CustomerLine, 'purposes' | 'agreedAt' | 'proof'>

function evidenceOf(purposes: string, date: string, proof: string): Evidence | { fault: string } {
  if (purposes === '' || date === '' || proof === '') return { fault: 'no_evidence' }
  const codes = [...new Set(purposes.split(/\s+/))].map(code => importedPurpose.safeParse(code))
  if (codes.some(code => !code.success)) return { fault: 'purposes' }
  const known = codes.flatMap(code => (code.success ? [code.data] : []))
  if (!known.includes('service')) return { fault: 'no_evidence' }
  const agreedAt = new Date(`${date}T00:00:00Z`)
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(agreedAt.getTime())
  if (!isDay || !agreedAt.toISOString().startsWith(date)) return { fault: 'consent_date' }
  if (!/^[a-z0-9][a-z0-9_.-]{0,39}$/.test(proof)) return { fault: 'consent_source' }
  return { purposes: known, agreedAt, proof }
}

async function keep(
  tx: Tx,
  { house, source, acceptOldEvidence, under }: ImportSetting,
  reference: string,
  lines: readonly Numbered<CustomerLine>[],
): Promise<Kept> {
  const [first, ...repeated] = lines as [Numbered<CustomerLine>, ...Numbered<CustomerLine>[]]
  const refused = repeated.map(({ line }) => ({ line, code: 'repeated_reference' }))
  const nothing = { subject: null, kept: 0, known: 0, fields: [] }
  const no = (code: string) => ({ ...nothing, refused: [{ line: first.line, code }, ...refused] })
  const known = await tx.maybe<{ subject: string }>(
    'select subject from customer_reference where source = $1 and reference = $2',
    [source, reference],
  )
  if (known !== null) return { ...nothing, subject: known.subject, known: 1, refused }
  if (first.agreedAt > house.clock.now()) return no('consent_date')
  const token = await addressToken(house, 'email', first.email, under)
  await lockAddress(tx, token)
  if ((await findAddress(tx, 'email', token)) !== null) return no('address_taken')
  const isOld = await isBeforeWithdrawal(tx, first.agreedAt)
  if (isOld && !acceptOldEvidence) return no('evidence_before_withdrawal')
  const subject = await keepCustomer(tx, house, { source, reference, token }, first)
  const fields = first.phone === null ? ['name', 'email'] : ['name', 'email', 'phone']
  const detail = { purposes: first.purposes, ...(isOld ? { old_evidence: 'accepted' } : {}) }
  return { subject, kept: 1, known: 0, refused, fields, detail }
}

/**
 * Whether somebody has left since the day of this evidence: as nothing of theirs is kept, it may be this very person's.
 * Asked only after their address was looked for, so that an erasure which commits in between is seen. A withdrawal
 * alone gives out a link and leaves a trail: the link is on record also where a restored database knew no such person.
 */
async function isBeforeWithdrawal(tx: Tx, agreedAt: Date): Promise<boolean> {
  const left = await tx.maybe(
    'select 1 from erasure where (link_hash is not null or kept_until is not null) and t0 > $1 limit 1',
    [agreedAt],
  )
  return left !== null
}

async function keepCustomer(
  tx: Tx,
  house: House,
  about: { source: string; reference: string; token: Buffer },
  line: CustomerLine,
): Promise<string> {
  const { id, slots } = await makeCustomer(tx, house, 0)
  const evidence = { evidence: 'import' as const, source: line.proof, givenAt: line.agreedAt }
  const named = new Set<string>()
  for (const purpose of line.purposes)
    for (const field of (await giveConsent(tx, house, id, purpose, evidence)).fields) named.add(field)
  await keepValues(tx, house, { fields: [...named] }, id, id, valuesOf(line, house.clock.now()))
  await addAddress(tx, 'email', about.token, { subject: id, compartment: 'contact', slot: slots.contact! })
  await tx.query(
    'insert into customer_reference (source, reference, subject, slot) values ($1, $2, $3, $4)',
    [...[about.source, about.reference, id, slots.identity]],
  )
  return id
}

function valuesOf({ name, email, phone }: CustomerLine, now: Date): Values {
  const given = { source: 'import' as const, at: now.toISOString() }
  return {
    name: { value: name, ...given },
    email: { value: email, ...given },
    ...(phone === null ? {} : { phone: { value: phone, ...given } }),
  }
}
