import { compartmentsOfAny, fieldOf } from '../collection/field.ts'
import type { House } from '../core/house.ts'
import { noteOnly } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import { grantSecret, type Session } from '../identity/session.ts'
import { KeeperRefusal } from '../keeper/client.ts'
import { isOwnRow, rowsOf } from '../storage/sealed-row.ts'
import { daysOf, type ShownProvenance, shownProvenance } from './provenance.ts'
import { type Key, mostListed, type OpenedBox, read, readEach, type Value, type Values } from './reading.ts'
import { getMyTask, type MyTask } from './task.ts'

/** A value as an employee sees it: what it is, where it came from, and how it was verified. */
export interface SeenValue extends ShownProvenance {
  value: unknown
  source: string
  at: string
}

export interface TaskReading {
  values: Record<string, SeenValue>
  until: Date
}

type Granted = NonNullable<MyTask['grant']>

/** How many purchases a task about a delivery looks back. */
const latestPurchases = 20

const keyOf = (session: Session, grant: { id: string }): Key => ({
  grant: grant.id,
  secret: grantSecret(session.token, grant.id),
})

/**
 * Reads the customer of a task I have taken: the asked fields, or all that the task opens. Refuses `not_found` (not
 * mine, closed, gone), `no_grant` (taken in another session, time over, ended meanwhile) and `outside_grant`, which
 * names the purpose that the field would need. A refusal about a known customer is noted in their trail.
 */
export async function readTask(
  house: House,
  session: Session,
  id: string,
  asked: readonly string[] | null,
): Promise<TaskReading> {
  const task = await getMyTask(house.database, session, id)
  const { grant } = task
  if (grant === null) return refuse(house, session, task, asked, new Refusal('no_grant'))
  const fields = asked ?? grant.fields
  const outside = fields.find(field => !grant.fields.includes(field))
  if (outside !== undefined) {
    const detail = { field: outside, ...(await purposeFor(house, task, outside)) }
    return refuse(house, session, task, [outside], new Refusal('outside_grant', { detail }))
  }
  const opened = await openTask(house, session, task, grant, fields)
  if (opened.boxes.length === 0) await requireGrant(house, session, task)
  return { values: valuesOf(task, opened, await daysOf(house.database)), until: grant.until }
}

/** Notes the refusal in the log of everybody whom it is about, and throws it. */
export async function refuse(
  house: House,
  session: Session,
  task: MyTask,
  fields: readonly string[] | null,
  refusal: Refusal,
  about: readonly string[] = [task.subject],
): Promise<never> {
  for (const subject of about)
    await noteOnly(house, subject, {
      ...{ kind: 'reading.refused', actor: session.actor, task: task.id, purpose: task.type.purpose },
      ...{ fields: [...(fields ?? task.type.fields)], result: 'refused', detail: { code: refusal.code } },
    })
  throw refusal
}

/** The purpose under which the field could be seen: the task's own if it uses the field, otherwise any that does. */
async function purposeFor(house: House, task: MyTask, field: string): Promise<{ purpose?: string }> {
  const rows = await house.database.query<{ purpose: string }>(
    'select purpose from purpose_field where field = $1 order by purpose = $2 desc, purpose',
    [field, task.type.purpose],
  )
  return rows[0] === undefined ? {} : { purpose: rows[0].purpose }
}

interface Opened {
  boxes: OpenedBox[]
  invoices: Invoice[]
}

interface Invoice {
  id: string
  invoice: string
  made_at: Date
}

async function openTask(
  house: House,
  session: Session,
  task: MyTask,
  grant: Granted,
  fields: readonly string[],
): Promise<Opened> {
  const compartments = new Set((await compartmentsOfAny(house.database, fields)).values())
  const invoices = fields.includes('purchase') ? await latestInvoices(house, task.subject) : []
  // Of the messages the task's own, and no other question or letter of the customer.
  const own = await rowsOf(house.database, task.subject, fields)
  const rows = [...own, task.id, ...invoices.map(one => one.id)]
  try {
    const boxes = await read(house, keyOf(session, grant), task.subject, {
      ...{ fields, compartments: [...compartments], rows, task: task.id },
    })
    return { boxes, invoices }
  } catch (error) {
    throw asGone(error)
  }
}

/** The customer is leaving at this very moment: for the employee there is nobody. */
function asGone(error: unknown): unknown {
  const gone = error instanceof KeeperRefusal && (error.code === 'erased' || error.code === 'gone')
  return gone ? new Refusal('not_found', { cause: error }) : error
}

/** The profile of one customer whom a task's grant names, as far as it opens it; no purchase, question or letter. */
export async function openProfile(
  house: House,
  session: Session,
  { task, grant, subject, act }: { task: MyTask; grant: Granted; subject: string; act: string },
): Promise<Record<string, SeenValue>> {
  const { fields, compartments } = grant
  const rows = await rowsOf(house.database, subject, fields)
  try {
    const boxes = await read(house, keyOf(session, grant), subject, {
      ...{ fields, compartments, rows, task: task.id, act },
    })
    const values: Values = Object.assign({}, ...boxes.map(box => box.values))
    return Object.fromEntries(Object.entries(values).map(([field, value]) => [field, seen(value)]))
  } catch (error) {
    throw asGone(error)
  }
}

const latestInvoices = (house: House, subject: string): Promise<Invoice[]> =>
  house.database.query<Invoice>(
    `select p.id, p.invoice, p.made_at
       from slot s join purchase p on p.slot = s.number
      where s.subject = $1 and s.compartment = 'purchases'
      order by p.made_at desc, p.id limit $2`,
    [subject, latestPurchases],
  )

/** No box came back: either nothing is kept, or the grant has ended since it was looked up. */
async function requireGrant(house: House, session: Session, task: MyTask): Promise<void> {
  const { grant } = await getMyTask(house.database, session, task.id)
  if (grant === null) throw new Refusal('no_grant', { why: 'ended meanwhile' })
}

const seen = (held: Value, days: number | null = null): SeenValue => ({
  ...{ value: held.value, source: held.source, at: held.at },
  ...shownProvenance(held, days),
})

/** What tells a card from another one: with the provider's token somebody could charge it. */
function withoutToken(held: Value): Value {
  const { brand, last4, expiry } = held.value as Record<string, unknown>
  return { ...held, value: { brand, last4, expiry } }
}

/** The customer's own values one by one; purchases together, the newest first. */
function valuesOf(
  task: MyTask,
  { boxes, invoices }: Opened,
  days: ReadonlyMap<string, number | null>,
): Record<string, SeenValue> {
  const values: Record<string, SeenValue> = {}
  for (const box of boxes)
    if (isOwnRow(task.subject, box) || box.row === task.id)
      for (const [field, value] of Object.entries(box.values))
        values[field] = seen(field === 'card' ? withoutToken(value) : value, days.get(field))
  const bought = invoices.flatMap(({ id, invoice, made_at }) => {
    const value = boxes.find(box => box.row === id)?.values.purchase
    return value === undefined ? [] : [{ id, value, invoice, made_at: made_at.toISOString() }]
  })
  const [newest] = bought
  if (newest === undefined) return values
  const purchases = bought.map(({ value, ...one }) => ({ ...one, ...(value.value as object) }))
  return { ...values, purchase: { ...seen(newest.value), value: purchases } }
}

/** The name on each row of my list, where a grant of this session lives; null elsewhere. */
export async function namesOf(
  house: House,
  session: Session,
  tasks: readonly MyTask[],
): Promise<Map<string, string>> {
  const readable = tasks.slice(0, mostListed).flatMap(task => {
    const fields = task.type.list.filter(field => task.grant?.fields.includes(field))
    return task.grant === null || fields.length === 0 ? [] : [{ task, grant: task.grant, fields }]
  })
  const read = await readEach(
    house,
    readable.map(({ task, grant, fields }) => ({
      ...{ key: keyOf(session, grant), subject: task.subject, fields, task: task.id },
      compartments: fields.map(field => fieldOf(field).compartment),
    })),
  )
  const named = readable.map(({ task }, at) => [task.id, read[at]?.name?.value] as const)
  return new Map(named.filter((pair): pair is readonly [string, string] => typeof pair[1] === 'string'))
}
