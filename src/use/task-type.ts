import { Refusal } from '../core/refusal.ts'

/** A kind of CRM activity: what it is for, what it opens, and for how long. */
export interface TaskType {
  code: string
  /** Of every reading in such a task; nobody chooses it. */
  purpose: string
  /** What the activity needs of the customer, and nothing else. */
  fields: readonly string[]
  /** What a row of the list shows to who has taken the task. */
  list: readonly string[]
  /** How long a grant lasts. */
  minutes: number
  /** Within how many hours the customer is to be answered. */
  hours: number
  /** It opens what is restricted, besides: to settle that is what it is for. */
  corrects?: true
}

export type TaskTypeCode = 'delivery_question' | 'identity_check' | 'data_correction'

export const taskTypes: Readonly<Record<TaskTypeCode, TaskType>> = {
  delivery_question: {
    code: 'delivery_question',
    purpose: 'service',
    // The answer is given by telephone; an e-mail address would open more than it needs.
    fields: ['name', 'phone', 'purchase', 'question'],
    list: ['name'],
    minutes: 30,
    hours: 48,
  },
  identity_check: {
    code: 'identity_check',
    purpose: 'service',
    // What documents say of a person, and nothing else.
    fields: ['name', 'birth_date', 'codice_fiscale', 'postal_address'],
    list: ['name'],
    minutes: 30,
    hours: 72,
  },
  data_correction: {
    code: 'data_correction',
    purpose: 'service',
    fields: ['name', 'phone'],
    list: ['name'],
    minutes: 30,
    hours: 72,
    corrects: true,
  },
}

/** The type that a task's row names. One that no longer exists opens nothing: refused as `not_found`. */
export function getTaskType(code: string): TaskType {
  const known: Readonly<Record<string, TaskType>> = taskTypes
  const type = Object.hasOwn(known, code) ? known[code] : undefined
  if (type === undefined) throw new Refusal('not_found', { why: 'no such task type' })
  return type
}
