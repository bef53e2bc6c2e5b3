import { describeFields } from '../collection/catalogue.ts'
import { findUsableConsent } from '../collection/consent.ts'
import { compartmentsOfAny } from '../collection/field.ts'
import type { Cursor } from '../core/cursor.ts'
import type { Queryable, Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { change, noteOnly } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import type { Session } from '../identity/session.ts'
import { restrictedFields } from '../storage/restriction.ts'
import { tellBoth } from './duplicate-letter.ts'
import { endGrantsOfTask, type Grant, makeGrant, type Wanted } from './grant.ts'
import { holdDecisions } from './policy-version.ts'
import { purposeTaken, typeWithin } from './restricted-task.ts'
import { documentField, openableDocuments } from './statutory-document.ts'
import { getTaskType, neededBy, type Outcome, restrictedCode, type TaskType } from './task-type.ts'

/** The most readings under one grant: a page that is looked at again and again, and not a machine. */
const mostReadings = 200

/**
 * Makes a task about one customer that anybody may take who may. Its words, if it has any, are the caller's to keep in
 * a box of the task's id. Refuses `erased` when the customer has left.
 */
export async function makeTask(
  tx: Tx,
  house: House,
  type: TaskType,
  task: { id: string; subject: string },
): Promise<{ made_at: Date; due_at: Date }> {
  const now = house.clock.now()
  const due = new Date(now.getTime() + type.hours * 3_600_000)
  const made = await tx.query(
    `insert into task (id, type, subject, slot, made_at, due_at)
     select $1, $2, s.subject, s.number, $4, $5
       from slot s join subject who on who.id = s.subject and who.kind <> 'resting'
      where s.subject = $3 and s.compartment = 'messages'
     returning 1`,
    [task.id, type.sensitive === true ? restrictedCode : type.code, task.subject, now, due],
  )
  if (made.length === 0) throw new Refusal('erased', { why: 'no slot for messages' })
  return { made_at: now, due_at: due }
}

interface LockedTask {
  id: string
  type: TaskType
  subject: string
  /** Whom it is about, in the order of their ids; `subject` is one of them. */
  people: { id: string; kind: string }[]
  assignee: string | null
}

interface LockedRow {
  type: string
  subject: string
  assignee: string | null
  purpose: string | null
  closed: boolean
}

/**
 * A task that is not closed, the rows of whom it is about and its own locked in this order until the transaction ends: no
 * withdrawal of a consent, no closing, no taking and no erasure comes in between. Throws `not_found`.
 */
export async function lockTask(tx: Tx, id: string): Promise<LockedTask> {
  const people = await tx.query<{ id: string; kind: string }>(
    `select id, kind from subject
      where id in (select subject from task where id = $1 union select other from duplicate where task = $1)
      order by id for no key update`,
    [id],
  )
  const row = await tx.one<LockedRow>(
    `select t.type, t.subject, t.assignee, ${purposeTaken} as purpose,
            exists (select 1 from task_closure c where c.task = t.id) as closed
       from task t where t.id = $1 for no key update of t`,
    [id],
  )
  if (row.closed) throw new Refusal('not_found', { why: 'closed' })
  if (people.some(one => one.kind === 'resting')) throw new Refusal('not_found', { why: 'a record rests' })
  return {
    id,
    subject: row.subject,
    people,
    assignee: row.assignee,
    type: getTaskType(row.type, row.purpose),
  }
}

export interface Taken {
  grant: Grant
  type: TaskType
  policies: string[]
}

/**
 * Takes a task: of two who try, one gets it. Who has it already gets a new grant for the present session, and the one
 * before ends: a task has one live grant. What the grant opens is what the task's type needs and a live consent to
 * its purpose names, without what is restricted. Refuses `not_found`, `taken`, `no_consent`, `second_person` to whoever has
 * seen what somebody else must confirm, and `wrong_role` when no policy permits it.
 */
export async function takeTask(house: House, session: Session, id: string): Promise<Taken> {
  let taken: Omit<Taken, 'grant'> | undefined
  const within = await typeWithin(house, id)
  try {
    const grant = await makeGrant(house, async tx => {
      const locked = await lockTask(tx, id)
      const task = { ...locked, type: within ?? locked.type }
      if (task.assignee !== null && task.assignee !== session.subject) throw new Refusal('taken')
      await requireSecondPerson(tx, session, id)
      await requireProvenCaller(tx, id)
      const { wanted, policies } = await decide(tx, session, task)
      await tx.query('update task set assignee = $2 where id = $1 and assignee is null', [
        id,
        session.subject,
      ])
      await endGrantsOfTask(tx, house, id, session.actor)
      taken = { type: task.type, policies }
      return wanted
    })
    return { grant, ...taken! }
  } catch (error) {
    if (error instanceof Denied) await noteDenied(house, session, id, error)
    throw error
  }
}

async function requireSecondPerson(tx: Tx, session: Session, id: string): Promise<void> {
  const seen = await tx.maybe('select 1 from evidence where task = $1 and seen_by = $2', [
    id,
    session.subject,
  ])
  if (seen !== null) throw new Refusal('second_person')
}

/** Until whoever calls has said the code that was sent to them, nothing of the customer is opened. */
async function requireProvenCaller(tx: Tx, id: string): Promise<void> {
  const unproven = await tx.maybe('select 1 from caller where task = $1 and proven_at is null', [id])
  if (unproven !== null) throw new Refusal('caller_unproven')
}

/** A refusal that the customer may read in their trail. */
class Denied extends Refusal {
  readonly people: readonly string[]
  readonly purpose: string
  /** Hash of the policies that decided. */
  readonly policy: string

  constructor(code: 'no_consent' | 'wrong_role', task: LockedTask, policy: string) {
    super(code, code === 'no_consent' ? { detail: { purpose: task.type.purpose } } : {})
    this.people = task.people.map(one => one.id)
    this.purpose = task.type.purpose
    this.policy = policy
  }
}

async function noteDenied(house: House, session: Session, task: string, denied: Denied): Promise<void> {
  for (const subject of denied.people)
    await noteOnly(house, subject, {
      ...{ kind: 'grant.refused', actor: session.actor, task, purpose: denied.purpose, result: 'refused' },
      ...{ policy: denied.policy, detail: { code: denied.code } },
    })
}

/**
 * What a grant for this task opens: of what its type needs, the fields that a live consent to its purpose names and that the
 * policies open to this role. Nothing else can add a field.
 */
async function decide(
  tx: Tx,
  session: Session,
  task: LockedTask,
): Promise<{ wanted: Wanted; policies: string[] }> {
  const { type } = task
  const role = session.role ?? 'employee'
  const decisions = await holdDecisions(tx)
  const { hash } = decisions.policies
  // A customer's no is not the policies' to overrule: what they are asked about is agreed to, and of a customer.
  // What not all of them agree to nobody has agreed to.
  const restricted = task.people.some(one => one.kind !== 'customer' && one.kind !== 'document')
  const ids = task.people.map(one => one.id)
  // A document stands on its law, and is about somebody who may have left.
  const documents = await openableDocuments(tx, type, ids)
  const needs = await neededFields(tx, task)
  const agreed = await agreedTo(tx, ids, type, needs)
  if (agreed.length === 0 && documents.length === 0) throw new Denied('no_consent', task, hash)
  const taking = decisions.taking(role, type.code, { consented: true, restricted })
  const needed = [...(await describeFields(tx, agreed)), ...(documents.length > 0 ? [documentField] : [])]
  const opened = needed.flatMap(field => {
    const reading = decisions.reading(role, type.code, field, { needed: true, consented: true })
    return reading.allowed ? [{ code: field.code, policies: reading.policies }] : []
  })
  if (restricted || !taking.allowed || opened.length === 0) throw new Denied('wrong_role', task, hash)
  const policies = [...new Set([...taking.policies, ...opened.flatMap(one => one.policies)])].sort()
  const fields = needed.map(field => field.code).filter(field => opened.some(one => one.code === field))
  const about = fields.includes(documentField.code) ? [...new Set([...ids, ...documents])] : ids
  const compartments = [...new Set((await compartmentsOfAny(tx, fields)).values())]
  return {
    policies,
    wanted: {
      ...{ kind: 'task', session, actor: session.actor, actorTrail: session.trail, task: task.id },
      ...{ subjects: about, fields, compartments, purpose: type.purpose },
      ...{ minutes: type.minutes, most: mostReadings },
      ...{ policy: `${hash};${policies.join(',')}`, policies: [...policies, hash] },
    },
  }
}

/** Which of these fields all of them agree to: for the purpose of the type, and what serving them takes besides for `service`. */
async function agreedTo(
  tx: Tx,
  people: readonly string[],
  { purpose, besides = [] }: TaskType,
  fields: readonly string[],
): Promise<string[]> {
  const agreements = (to: string) => Promise.all(people.map(one => findUsableConsent(tx, one, to)))
  const consents = await agreements(purpose)
  // Nothing is opened besides where there is nothing to open it for.
  if (consents.includes(null)) return []
  const serving = besides.length === 0 ? [] : await agreements('service')
  return fields.filter(field =>
    (besides.includes(field) ? serving : consents).every(one => one?.fields.includes(field) === true),
  )
}

/** What the task's type needs of them, without what any of them restricts (GDPR 18); to correct that it is opened besides. */
async function neededFields(tx: Tx, { type, people }: LockedTask): Promise<string[]> {
  const each = await Promise.all(people.map(one => restrictedFields(tx, one.id)))
  const restricted = new Set(each.flat())
  if (type.corrects === true) return [...new Set([...neededBy(type), ...restricted])]
  return neededBy(type).filter(field => !restricted.has(field))
}

/** A task that the employee of a session has taken and not closed, with the grant of this session if one lives. */
export interface MyTask {
  id: string
  type: TaskType
  subject: string
  alias: string
  made_at: Date
  due_at: Date
  /** Of a task that was opened about a caller: whether it was shown that they are the customer; else null. */
  caller: 'proven' | 'unproven' | null
  /** `policies`: the ids of those that decided. */
  grant: {
    id: string
    until: Date
    fields: string[]
    compartments: string[]
    policies: string[]
    /** Of the text that they stand in. */
    policy: string
  } | null
}

interface MyRow extends Omit<MyTask, 'type' | 'grant'> {
  type: string
  /** Under which it was taken. */
  purpose: string | null
  grant: string | null
  until: Date
  fields: string[]
  compartments: string[]
  policies: string[]
}

const mine = `
  select t.id, t.type, t.subject, s.alias, t.made_at, t.due_at,
         case when k.task is null then null when k.proven_at is null then 'unproven' else 'proven' end as caller,
         ${purposeTaken} as purpose, g.id as grant, g.until, g.fields, g.compartments, g.policies
    from task t
    join subject s on s.id = t.subject
    left join caller k on k.task = t.id
    left join lateral (
      select id, until, fields, compartments, policies from grants
       where task = t.id and session = $2 and ended_at is null and until > clock_timestamp()
       order by until desc limit 1) g on true
   where t.assignee = $1 and s.kind <> 'resting'
     and not exists (select 1 from task_closure c where c.task = t.id)`

const asMine = ({ grant, until, fields, compartments, policies, type, purpose, ...row }: MyRow): MyTask => ({
  ...row,
  type: getTaskType(type, purpose),
  // The last is the hash of the policies' file.
  grant:
    grant === null
      ? null
      : { id: grant, until, fields, compartments, policies: policies.slice(0, -1), policy: policies.at(-1)! },
})

/** Throws `not_found` for a task that is somebody else's, nobody's, closed or gone: all look alike. */
export async function getMyTask(database: Queryable, session: Session, id: string): Promise<MyTask> {
  return asMine(await database.one<MyRow>(`${mine} and t.id = $3`, [session.subject, session.id, id]))
}

/** What I have taken and not closed, the most urgent first. One row more than the limit, if there is one. */
export async function listMyTasks(
  database: Queryable,
  session: Session,
  page: { after: Cursor | null; limit: number },
): Promise<MyTask[]> {
  const rows = await database.query<MyRow>(
    `${mine} and ($3::timestamptz is null or (t.due_at, t.id) > ($3, $4::uuid))
      order by t.due_at, t.id limit $5`,
    [session.subject, session.id, page.after?.at ?? null, page.after?.id ?? null, page.limit + 1],
  )
  return rows.map(asMine)
}

export interface ListedTask {
  id: string
  type: string
  alias: string
  made_at: Date
  due_at: Date
}

/** What nobody has taken, the most urgent first. No value of any customer. */
export function listOpenTasks(
  database: Queryable,
  page: { after: Cursor | null; limit: number },
): Promise<ListedTask[]> {
  return database.query<ListedTask>(
    `select t.id, t.type, s.alias, t.made_at, t.due_at
       from task t join subject s on s.id = t.subject
      where t.assignee is null and s.kind <> 'resting'
        and not exists (select 1 from task_closure c where c.task = t.id)
        and not exists (select 1 from duplicate d join merge m on m.rests = d.other where d.task = t.id)
        and ($1::timestamptz is null or (t.due_at, t.id) > ($1, $2::uuid))
      order by t.due_at, t.id limit $3`,
    [page.after?.at ?? null, page.after?.id ?? null, page.limit + 1],
  )
}

/**
 * What I have closed in the last thirty days, or had in hand when its customer settled it, the newest first: what was done,
 * and not for whom.
 */
export function listClosedTasks(
  database: Queryable,
  house: House,
  session: Session,
  page: { after: Cursor | null; limit: number },
): Promise<(ListedTask & { closed_at: Date; outcome: Outcome })[]> {
  return database.query<ListedTask & { closed_at: Date; outcome: Outcome }>(
    `select t.id, t.type, s.alias, t.made_at, t.due_at, c.at as closed_at, c.outcome
       from task_closure c join task t on t.id = c.task join subject s on s.id = t.subject
      where (c.by = $1 or c.by is null and t.assignee = $1) and c.at > $2
        and ($3::timestamptz is null or (c.at, t.id) < ($3, $4::uuid))
      order by c.at desc, t.id desc limit $5`,
    [
      ...[session.subject, new Date(house.clock.now().getTime() - 30 * 86_400_000)],
      ...[page.after?.at ?? null, page.after?.id ?? null, page.limit + 1],
    ],
  )
}

/**
 * Closes a task: its grants end at the keeper first, so when this resolves no reading for it can follow. Throws
 * `not_found` for a task that is not mine or is closed already, `invalid` for an outcome that nobody may choose for its type.
 */
export async function closeTask(house: House, session: Session, id: string, outcome: Outcome): Promise<Date> {
  const { type } = await getMyTask(house.database, session, id)
  if (!type.outcomes.includes(outcome))
    throw new Refusal('invalid', { fields: [{ field: 'outcome', code: 'unknown' }] })
  return concludeTask(house, session, id, outcome)
}

/** The same where the outcome follows from what was done in the task. */
export async function concludeTask(
  house: House,
  session: Session,
  id: string,
  outcome: Outcome,
): Promise<Date> {
  return change(house, async (tx, note) => {
    const { people, assignee, type } = await lockTask(tx, id)
    if (assignee !== session.subject) throw new Refusal('not_found', { why: 'not mine' })
    await endGrantsOfTask(tx, house, id, session.actor)
    const at = house.clock.now()
    await tx.query('insert into task_closure (task, by, outcome, at) values ($1, $2, $3, $4)', [
      ...[id, session.subject, outcome, at],
    ])
    if (outcome === 'same')
      await tellBoth(
        tx,
        people.map(one => one.id),
      )
    const act = newId()
    for (const { id: subject } of people)
      await note(subject, {
        ...{ kind: 'task.closure', actor: session.actor, task: id, purpose: type.purpose, result: 'done' },
        ...{ act, detail: { outcome } },
      })
    return at
  })
}
