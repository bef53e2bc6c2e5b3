import { requireConsent } from '../collection/consent.ts'
import type { Tx } from '../core/database.ts'
import type { House } from '../core/house.ts'
import { newId } from '../core/ids.ts'
import { change } from '../core/outbox.ts'
import { Refusal } from '../core/refusal.ts'
import type { Session } from '../identity/session.ts'
import { keep } from '../storage/keeping.ts'
import { listQuestions } from './own-data.ts'
import { portalGrant } from './portal-grant.ts'
import { read } from './reading.ts'
import { makeTask } from './task.ts'
import { type TaskType, taskTypes } from './task-type.ts'

/** How many questions one customer may ask within an hour. */
const mostAsked = 20

/**
 * Asks a question: its words go into a sealed box, and a task of the same id tells the employees that there is one.
 * Refuses `no_consent` without a live consent to the purpose of such a task, `erased` for somebody who has left,
 * and `rate_limited` after twenty within an hour.
 */
export async function askQuestion(
  house: House,
  session: Session,
  type: keyof typeof taskTypes,
  text: string,
): Promise<{ id: string; at: Date }> {
  const id = newId()
  const { subject } = session
  const taskType: TaskType = taskTypes[type]
  return change(house, async (tx, note) => {
    // An erasure that is under way is waited for; after it there is no slot to write under.
    const present = await tx.maybe('select 1 from subject where id = $1 for no key update', [subject])
    if (present === null) throw new Refusal('erased', { why: 'no subject' })
    const consent = await requireConsent(tx, subject, taskType.purpose)
    // The words are kept as those of every question are; what it is about is said in the box alone.
    const basis = taskType.sensitive === true ? await requireConsent(tx, subject, 'service') : consent
    const about = taskType.sensitive === true ? { about: type } : {}
    const { made_at: at } = await makeTask(tx, house, taskType, { id, subject })
    await requireFew(tx, subject, at)
    await keep(tx, house, basis, subject, id, {
      question: { value: text, source: 'customer', at: at.toISOString(), ...about },
    })
    await note(subject, {
      ...{ kind: 'question', actor: session.actor, task: id, purpose: taskType.purpose },
      ...{ fields: ['question'], result: 'done', detail: { type } },
    })
    return { id, at }
  })
}

async function requireFew(tx: Tx, subject: string, now: Date): Promise<void> {
  const { asked } = await tx.one<{ asked: number }>(
    `select count(*)::integer as asked
       from slot s join task t on t.slot = s.number
      where s.subject = $1 and s.compartment = 'messages' and t.made_at > $2 and t.type <> 'duplicate_review'
        and not exists (select 1 from caller k where k.task = t.id)`,
    [subject, new Date(now.getTime() - 3_600_000)],
  )
  if (asked > mostAsked) throw new Refusal('rate_limited')
}

export interface Question {
  id: string
  type: string
  text: string | null
  at: string
  state: 'open' | 'taken' | 'closed'
}

/** The customer's own questions, the newest first, read under their own grant. */
export async function readQuestions(house: House, session: Session): Promise<Question[]> {
  const asked = await listQuestions(house.database, session.subject)
  if (asked.length === 0) return []
  const key = await portalGrant(house, session)
  const boxes = await read(house, key, session.subject, {
    ...{ fields: ['question'], compartments: ['messages'], rows: asked.map(one => one.id) },
  })
  return asked.map(({ made_at, ...question }) => {
    const held = boxes.find(box => box.row === question.id)?.values.question
    const text = (held?.value as string | undefined) ?? null
    return { ...question, type: held?.about ?? question.type, at: made_at.toISOString(), text }
  })
}
