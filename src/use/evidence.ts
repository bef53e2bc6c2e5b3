import * as z from 'zod'
import { judgeAnswers } from '../collection/answer.ts'
import { isSealed, listCatalogue } from '../collection/catalogue.ts'
import { requireConsent } from '../collection/consent.ts'
import { raiseLevel } from '../collection/customer.ts'
import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId, newToken, sha256 } from '../core/ids.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import type { Session } from '../identity/session.ts'
import type { Claim } from '../storage/record.ts'
import { hearAll } from './dispute.ts'
import { endGrantsOfTask } from './grant.ts'
import type { Value, Verification } from './reading.ts'
import { concludeTask, getMyTask, lockTask, type MyTask, makeTask } from './task.ts'
import { taskTypes } from './task-type.ts'
import { rewriting } from './value-rewriting.ts'

/** What an employee says of a document: what kind it is and until when it is good. Never its number, never a picture. */
export const documentSchema = z.strictObject({
  kind: z.enum(['passport', 'identity_card', 'driving_licence', 'residence_permit']),
  country: z.string().regex(/^[A-Z]{2}$/, 'invalid'),
  expires: z.int().min(2000).max(2100),
})
type Document = z.infer<typeof documentSchema>

export interface Seen {
  document: Document
  /** Fields of which the document says the same. */
  supports: readonly string[]
  /** What it says otherwise, by field. */
  differs: Readonly<Record<string, unknown>>
}

/**
 * Asks the company to look at a document of one's own. Refuses `conflict` while such a task is open, and as `askQuestion`
 * does.
 */
export async function askForCheck(house: House, session: Session): Promise<{ id: string; at: Date }> {
  const { subject, actor } = session
  const type = taskTypes.identity_check
  const id = newId()
  return change(house, async (tx, note) => {
    const present = await tx.maybe('select 1 from subject where id = $1 for no key update', [subject])
    if (present === null) throw new Refusal('erased', { why: 'no subject' })
    await requireConsent(tx, subject, type.purpose)
    const open = await tx.maybe(
      `select 1 from task t where t.subject = $1 and t.type = $2
          and not exists (select 1 from task_closure c where c.task = t.id)`,
      [subject, type.code],
    )
    if (open !== null) throw new Refusal('conflict', { why: 'asked already' })
    const { made_at: at } = await makeTask(tx, house, type, { id, subject })
    await note(subject, {
      ...{ kind: 'question', actor, task: id, purpose: type.purpose, result: 'done' },
      detail: { type: type.code },
    })
    return { id, at }
  })
}

/** What is written down of a document is bound by this hash in the log; the salt lies sealed beside the values. */
export const commitmentOf = ({ kind, country, expires }: Document, salt: string): Buffer =>
  sha256(JSON.stringify(['custode-evidence/1', kind, country, expires, salt]))

/**
 * Notes what I have seen under a task of mine: what the document supports waits for a second person, and what it says
 * otherwise is put in doubt. The task is then anybody's but mine, and its fields are closed to me. Refuses `not_found` as
 * `readTask` does, `no_grant`, `outside_grant` for a field the task does not open to me, `conflict` where it was noted before,
 * and `invalid` for a document that is no longer good, for one that says nothing of the name, and for what is not held.
 */
export async function noteEvidence(
  house: House,
  session: Session,
  id: string,
  seen: Seen,
): Promise<{ commitment: string; contradicted: string[] }> {
  const task = await requireCheck(house, session, id)
  const { subject, type } = task
  const codes = [...new Set([...seen.supports, ...Object.keys(seen.differs)])]
  const outside = codes.find(code => !task.grant.fields.includes(code))
  if (outside !== undefined) throw new Refusal('outside_grant', { detail: { field: outside } })
  const claims = await claimsOf(house, session, seen)
  const now = house.clock.now()
  const salt = newToken()
  const commitment = commitmentOf(seen.document, salt)
  const awaiting: Verification = {
    ...{ method: 'evidence', at: now.toISOString(), by: session.actor, document: { ...seen.document, salt } },
    until: new Date(Date.UTC(seen.document.expires + 1, 0, 1) - 1000).toISOString(),
  }
  return rewriting(house, subject, codes, async ({ values, put }) => {
    const unheld = codes.find(code => values[code] === undefined)
    if (unheld !== undefined) throw fault(`supports.${unheld}`, 'unknown')
    return change(house, async (tx, note) => {
      const locked = await lockTask(tx, id)
      if (locked.assignee !== session.subject) throw new Refusal('not_found', { why: 'not mine' })
      await insertEvidence(tx, house, session, { task: id, commitment, fields: seen.supports })
      await endGrantsOfTask(tx, house, id, session.actor)
      await tx.query('update task set assignee = null where id = $1', [id])
      const heard = await hearAll(tx, house, { subject, by: session.actor }, values, claims)
      const supported = seen.supports.map(code => [code, { ...values[code]!, awaiting }] as const)
      const floors = await put(tx, new Map([...heard.values, ...supported]))
      await note(
        subject,
        {
          ...{ kind: 'verification', actor: session.actor, task: id, purpose: type.purpose },
          ...{ fields: [...codes].sort(), result: 'awaiting' },
          detail: { method: 'evidence', commitment: commitment.toString('hex'), differs: heard.contradicted },
        },
        floors,
      )
      return { commitment: commitment.toString('hex'), contradicted: heard.contradicted }
    })
  })
}

const fault = (field: string, code: string) => new Refusal('invalid', { fields: [{ field, code }] })

async function claimsOf(
  house: House,
  session: Session,
  { document, supports, differs }: Seen,
): Promise<Map<string, Claim>> {
  const now = house.clock.now()
  if (document.expires < now.getUTCFullYear()) throw fault('document.expires', 'expired')
  if (!supports.includes('name')) throw fault('supports', 'required')
  if (supports.some(code => Object.hasOwn(differs, code))) throw fault('supports', 'conflict')
  const asked = (await listCatalogue(house.database)).filter(field => Object.hasOwn(differs, field.code))
  const sealed = asked.find(isSealed)
  if (sealed !== undefined) throw fault(`values.${sealed.code}`, 'sealed_only')
  const judged = judgeAnswers({ fields: asked, today: now.toISOString().slice(0, 10) }, differs)
  const claims = new Map<string, Claim>()
  for (const [code, value] of Object.entries(judged)) {
    if (value === null) throw fault(`values.${code}`, 'required')
    claims.set(code, { value, source: 'employee', at: now.toISOString(), by: session.actor })
  }
  return claims
}

/** A check of somebody's identity that I have taken in this session. */
async function requireCheck(
  house: House,
  session: Session,
  id: string,
): Promise<MyTask & { grant: NonNullable<MyTask['grant']> }> {
  const task = await getMyTask(house.database, session, id)
  if (task.type.code !== 'identity_check') throw new Refusal('not_found', { why: 'another type of task' })
  const { grant } = task
  if (grant === null) throw new Refusal('no_grant')
  return { ...task, grant }
}

async function insertEvidence(
  tx: Tx,
  house: House,
  session: Session,
  { task, commitment, fields }: { task: string; commitment: Buffer; fields: readonly string[] },
): Promise<void> {
  const made = await tx.query(
    `insert into evidence (task, subject, slot, commitment, fields, seen_by, seen_at)
     select t.id, t.subject, t.slot, $2, $3, $4, $5 from task t where t.id = $1
     on conflict (task) do nothing returning 1`,
    [task, commitment, fields, session.subject, house.clock.now()],
  )
  if (made.length === 0) throw new Refusal('conflict', { why: 'noted already' })
}

interface EvidenceRow {
  commitment: Buffer
  fields: string[]
  seen_by: string
}

/**
 * Says as the second person whether I see the same. If so the values count as verified, as far as they have not been changed
 * meanwhile, and the customer is of level 2; if not, what the first has noted is dropped. The task is closed. Refuses
 * `not_found` as `readTask` does and where nothing was noted, `no_grant`, `conflict` where it was confirmed before, and
 * `second_person` to whoever noted it.
 */
export async function confirmEvidence(
  house: House,
  session: Session,
  id: string,
  agrees: boolean,
): Promise<string[]> {
  const { subject, type } = await requireCheck(house, session, id)
  const evidence = await house.database.one<EvidenceRow>(
    'select commitment, fields, seen_by from evidence where task = $1',
    [id],
  )
  if (evidence.seen_by === session.subject) throw new Refusal('second_person')
  const verified = await rewriting(house, subject, evidence.fields, async ({ values, put }) => {
    const changed = confirmedValues(house, session, evidence, values, agrees)
    return change(house, async (tx, note) => {
      const locked = await lockTask(tx, id)
      if (locked.assignee !== session.subject) throw new Refusal('not_found', { why: 'not mine' })
      await markConfirmed(tx, house, session, id)
      const floors = await put(tx, changed)
      const fields = [...changed.keys()].sort()
      const proven = agrees && changed.has('name')
      if (proven) await raiseLevel(tx, subject, 2)
      await note(
        subject,
        {
          ...{ kind: 'verification', actor: session.actor, task: id, purpose: type.purpose, fields },
          ...{ result: agrees ? 'done' : 'refused' },
          detail: {
            method: 'second_person',
            commitment: evidence.commitment.toString('hex'),
            level: proven ? 2 : 0,
          },
        },
        floors,
      )
      return agrees ? fields : []
    })
  })
  await concludeTask(house, session, id, agrees ? 'proven' : 'not_proven')
  return verified
}

/** Only what still awaits this very document: a value that was changed or put in doubt since is not confirmed. */
function confirmedValues(
  house: House,
  session: Session,
  { commitment }: EvidenceRow,
  values: Readonly<Record<string, Value>>,
  agrees: boolean,
): Map<string, Value> {
  const at = house.clock.now().toISOString()
  const changed = new Map<string, Value>()
  for (const [code, { awaiting, ...held }] of Object.entries(values)) {
    const document = awaiting?.document
    if (awaiting === undefined || document === undefined) continue
    if (!commitmentOf(document as Document, document.salt).equals(commitment)) continue
    if (agrees && held.disputed !== undefined) continue
    const verified: Verification = { ...awaiting, method: 'second_person', at, second: session.actor }
    changed.set(code, agrees ? { ...held, verified } : held)
  }
  return changed
}

async function markConfirmed(tx: Tx, house: House, session: Session, id: string): Promise<void> {
  const marked = await tx.query(
    `update evidence set confirmed_by = $2, confirmed_at = $3 where task = $1 and confirmed_by is null returning 1`,
    [id, session.subject, house.clock.now()],
  )
  if (marked.length === 0) throw new Refusal('conflict', { why: 'confirmed already' })
}

/** How far a check has come: null until somebody has noted what they saw. */
export const findEvidence = (
  house: House,
  task: string,
): Promise<{ fields: string[]; seen_at: Date } | null> =>
  house.database.maybe('select fields, seen_at from evidence where task = $1', [task])
