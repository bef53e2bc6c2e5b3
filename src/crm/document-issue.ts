import { type DocumentContent, documentRule } from '../collection/field.ts'
import { type BasisVersion, requireBasis } from '../collection/statutory-basis.ts'
import { brokenConstraint, type Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { grantSecret, type Session } from '../identity/session.ts'
import { makeSubject } from '../identity/subject.ts'
import { keep } from '../storage/keeping.ts'
import { read, type Values } from '../use/reading.ts'
import type { StatutoryDocument } from '../use/statutory-document.ts'
import { getMyTask, lockTask, type MyTask } from '../use/task.ts'
import { refuse } from '../use/task-reading.ts'
import type { PurchaseLine } from './purchase.ts'

/** What an employee chooses. Nothing is typed: what a document holds is put together from what is held already. */
export interface Issuing {
  basis: string
  purchase: string
  vat_rate: number | null
  /** Null for the document itself; else why it is corrected, by a further one. */
  reason: StatutoryDocument['reason']
}

interface Purchase {
  id: string
  source: string
  invoice: string
}

/** What of a customer's values goes into which field of a document. */
const buyer = {
  buyer_name: 'name',
  buyer_address: 'postal_address',
  buyer_tax_code: 'codice_fiscale',
  buyer_vat_number: 'partita_iva',
} as const

/**
 * Issues a document for a purchase of the customer of a task that I have taken, or a correction of one: it is sealed once, under
 * a slot of its own, and never changed. It holds what the basis in force names and is known, and nothing else. Refuses
 * `not_found` (not my task, not their purchase, no such basis), `no_grant`, `outside_grant` where the task opens no purchase or
 * is of a type that is no reader of the basis, `invalid` without the buyer's name, `conflict` where it is issued already or
 * there is nothing to correct, and `erased` for somebody who has asked to leave.
 */
export async function issueDocument(
  house: House,
  session: Session,
  taskId: string,
  issuing: Issuing,
): Promise<{ id: string; part: number; issued_at: Date; until: Date }> {
  const task = await getMyTask(house.database, session, taskId)
  if (task.grant === null) return refuse(house, session, task, ['purchase'], new Refusal('no_grant'))
  const basis = await requireBasis(house.database, issuing.basis)
  const isReader = basis.readers.some(reader => reader === task.type.code)
  if (!isReader || !task.grant.fields.includes('purchase'))
    throw new Refusal('outside_grant', { detail: { field: 'purchase' } })
  const purchase = await house.database.one<Purchase>(
    'select id, source, invoice from purchase where id = $1 and subject = $2',
    [issuing.purchase, task.subject],
  )
  const at = house.clock.now()
  const content = await compose(house, session, task, { basis, purchase, issuing, at })
  return change(house, async (tx, note) => {
    const { assignee } = await lockTask(tx, taskId)
    if (assignee !== session.subject) throw new Refusal('not_found', { why: 'not mine' })
    const document = await insert(tx, house, task.subject, { basis, purchase, issuing, at })
    const { id } = document
    await keep(tx, house, { fields: ['document'] }, id, id, {
      document: { value: content, source: 'company', at: at.toISOString() },
    })
    const entry = {
      ...{
        kind: 'document' as const,
        actor: session.actor,
        task: taskId,
        act: newId(),
        fields: ['document'],
      },
      result: issuing.reason === null ? 'issued' : 'corrected',
      detail: {
        ...{ document: id, basis: basis.basis, version: basis.version, part: document.part },
        until: document.until.toISOString(),
      },
    }
    await note(task.subject, entry)
    await note(id, entry)
    return document
  })
}

interface Composing {
  basis: BasisVersion
  purchase: Purchase
  issuing: Issuing
  at: Date
}

/** What goes into it, read under the task's own grant. */
async function compose(
  house: House,
  session: Session,
  task: MyTask,
  { basis, purchase, issuing, at }: Composing,
): Promise<DocumentContent> {
  const grant = task.grant!
  const wanted = [...Object.values(buyer), 'purchase'].filter(field => grant.fields.includes(field))
  const key = { grant: grant.id, secret: grantSecret(session.token, grant.id) }
  const compartments = grant.compartments.filter(one => one !== 'statutory' && one !== 'messages')
  const rows = [task.subject, purchase.id]
  const about = { fields: wanted, compartments, rows, task: task.id }
  const boxes = await read(house, key, task.subject, about)
  const values: Values = Object.assign(
    {},
    ...boxes.filter(box => box.row === task.subject).map(box => box.values),
  )
  const bought = boxes.find(box => box.row === purchase.id)?.values.purchase?.value
  if (bought === undefined || values.name === undefined)
    throw new Refusal('invalid', {
      fields: [{ field: bought === undefined ? 'purchase' : 'name', code: 'required' }],
    })
  const whole: Record<string, unknown> = {
    ...{ number: purchase.invoice, issued_on: at.toISOString().slice(0, 10), vat_rate: issuing.vat_rate },
    ...Object.fromEntries(Object.entries(buyer).map(([field, code]) => [field, values[code]?.value])),
    goods: issuing.reason === 'cancelled' ? [] : (bought as { lines: PurchaseLine[] }).lines,
  }
  const named = basis.fields.filter(field => whole[field] !== undefined && whole[field] !== null)
  return documentRule.parse(Object.fromEntries(named.map(field => [field, whole[field]])))
}

/** PostgreSQL judges whether it is owed (`issue_document`), and says until when it is kept. */
async function insert(
  tx: Tx,
  house: House,
  customer: string,
  { basis, purchase, issuing, at }: Composing,
): Promise<{ id: string; part: number; issued_at: Date; until: Date }> {
  const { id, slots } = await makeSubject(tx, house, 'document', ['statutory'])
  const { parts } = await tx.one<{ parts: number }>(
    `select count(*)::integer as parts from statutory_document
      where basis = $1 and source = $2 and number = $3 and customer = $4`,
    [basis.basis, purchase.source, purchase.invoice, customer],
  )
  if (issuing.reason !== null && parts === 0) throw new Refusal('conflict', { detail: { reason: 'nothing' } })
  const part = issuing.reason === null ? 0 : parts
  try {
    return await tx.one(
      `insert into statutory_document
         (subject, slot, customer, basis, basis_version, purchase, source, number, part, reason, issued_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning subject as id, part, issued_at, until`,
      [
        ...[id, slots.statutory, customer, basis.basis, basis.version, purchase.id],
        ...[purchase.source, purchase.invoice, part, issuing.reason, at],
      ],
    )
  } catch (error) {
    throw asRefused(error)
  }
}

function asRefused(error: unknown): unknown {
  const broken = brokenConstraint(error)
  if (broken === 'document_of_a_customer') return new Refusal('erased', { cause: error })
  if (broken.startsWith('statutory_document_basis_source'))
    return new Refusal('conflict', { detail: { reason: 'issued' }, cause: error })
  if (broken === 'document_under_the_basis_in_force')
    return new Refusal('conflict', { detail: { reason: 'changed' }, cause: error })
  return error
}
