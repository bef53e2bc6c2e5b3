import { Refusal } from '../core/refusal.ts'

/** How a task may end. */
export const outcomes = [
  'answered',
  'no_answer_needed',
  'same',
  'not_same',
  'cannot_say',
  'proven',
  'not_proven',
  'not_shown',
  'not_acceptable',
  'customer_told',
  'not_reached',
  'settled',
] as const
export type Outcome = (typeof outcomes)[number]

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
  /** How whoever has taken it may say that it ended. Others follow from an act: what two people saw, or what is settled. */
  outcomes: readonly Outcome[]
  /** It opens what is restricted, besides: to settle that is what it is for. */
  corrects?: true
  /** An employee may open one about somebody whom they have found. */
  openable?: true
  /**
   * Its name alone tells something of somebody's health or money: the row of such a task says `restricted`, and what it is
   * about lies in its box.
   */
  sensitive?: true
  /** What serving its customer needs besides: agreed to with `service`, which carries every other purpose. */
  besides?: readonly string[]
}

/** What the row of a task says whose type is sensitive. */
export const restrictedCode = 'restricted'

export type TaskTypeCode =
  | 'call_back'
  | 'complaint'
  | 'delivery_question'
  | 'duplicate_review'
  | 'identity_check'
  | 'data_correction'
  | 'invoice_question'
  | 'order_change'
  | 'payment_problem'
  | 'care_request'

/** What the tasks have in common in which a customer is answered. */
const answering = {
  purpose: 'service',
  list: ['name'],
  minutes: 30,
  outcomes: ['answered', 'no_answer_needed'],
} as const

export const taskTypes: Readonly<Record<TaskTypeCode, TaskType>> = {
  delivery_question: {
    ...answering,
    code: 'delivery_question',
    // The answer is given by telephone; an e-mail address would open more than it needs.
    fields: ['name', 'phone', 'purchase', 'question'],
    hours: 48,
    openable: true,
  },
  call_back: {
    ...answering,
    code: 'call_back',
    fields: ['name', 'phone'],
    hours: 24,
    openable: true,
  },
  complaint: {
    ...answering,
    code: 'complaint',
    fields: ['name', 'phone', 'email', 'purchase'],
    minutes: 60,
    hours: 72,
    openable: true,
  },
  order_change: {
    ...answering,
    code: 'order_change',
    fields: ['name', 'phone', 'postal_address', 'purchase'],
    hours: 24,
    openable: true,
  },
  duplicate_review: {
    code: 'duplicate_review',
    purpose: 'service',
    // What tells two people apart; nothing of what they bought or asked.
    fields: ['name', 'birth_date', 'postal_address', 'phone', 'email', 'codice_fiscale'],
    // Two names on one row would say already what the task is to find out.
    list: [],
    minutes: 15,
    hours: 14 * 24,
    outcomes: ['same', 'not_same', 'cannot_say'],
  },
  identity_check: {
    code: 'identity_check',
    purpose: 'service',
    // What documents say of a person, and nothing else.
    fields: ['name', 'birth_date', 'codice_fiscale', 'postal_address'],
    list: ['name'],
    minutes: 30,
    hours: 72,
    outcomes: ['not_shown', 'not_acceptable'],
  },
  data_correction: {
    code: 'data_correction',
    purpose: 'service',
    fields: ['name', 'phone'],
    list: ['name'],
    minutes: 30,
    hours: 72,
    corrects: true,
    outcomes: ['customer_told', 'not_reached'],
  },
  invoice_question: {
    ...answering,
    code: 'invoice_question',
    // What an invoice is made of, and the invoices themselves, which the law makes the company keep.
    fields: [
      ...['name', 'postal_address', 'codice_fiscale', 'partita_iva', 'purchase', 'question'],
      'document',
    ],
    hours: 72,
  },
  payment_problem: {
    ...answering,
    code: 'payment_problem',
    purpose: 'payment',
    // Brand, last four digits and expiry (`task-reading.ts`): not the provider's token, and never a whole number.
    fields: ['card'],
    besides: ['name', 'phone', 'question'],
    hours: 48,
    sensitive: true,
  },
  care_request: {
    ...answering,
    code: 'care_request',
    purpose: 'care',
    fields: ['allergies'],
    besides: ['name', 'phone', 'question'],
    hours: 48,
    sensitive: true,
  },
}

const sensitiveTypes = Object.values(taskTypes).filter(type => type.sensitive === true)

/** The sensitive type of this code, or null. */
export const findSensitiveType = (code: unknown): TaskType | null =>
  sensitiveTypes.find(type => type.code === code) ?? null

/** The sensitive type of this purpose: each purpose has one. Null for any other purpose. */
export const sensitiveTypeFor = (purpose: string | null): TaskType | null =>
  sensitiveTypes.find(type => type.purpose === purpose) ?? null

/** What is known of a restricted task that nobody has taken: it opens nothing. */
const untold: TaskType = {
  ...answering,
  ...{ code: restrictedCode, fields: [], list: [], minutes: 0, hours: 48 },
}

/** All that a task of this type needs. */
export const neededBy = ({ fields, besides = [] }: TaskType): string[] => [...fields, ...besides]

/**
 * The type that a task's row names; for a restricted one what the purpose says that it was taken under. One that no longer
 * exists opens nothing: refused as `not_found`.
 */
export function getTaskType(code: string, purpose: string | null = null): TaskType {
  if (code === restrictedCode) return sensitiveTypeFor(purpose) ?? untold
  const known: Readonly<Record<string, TaskType>> = taskTypes
  const type = Object.hasOwn(known, code) ? known[code] : undefined
  if (type === undefined) throw new Refusal('not_found', { why: 'no such task type' })
  return type
}
