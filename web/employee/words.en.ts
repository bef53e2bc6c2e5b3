import { documentWords } from './document-words.en.ts'
import { evidence } from './evidence-words.en.ts'
import { find } from './find-words.en.ts'
import { outcomes } from './outcome-words.en.ts'
import { pair } from './pair-words.en.ts'

export const words = {
  // In a task the reader is not the one who told it.
  source: {
    customer: 'the customer told us',
    import: 'brought in from the company’s earlier books',
    employee: 'written down by an employee',
    company: 'the company',
    provider: 'an outside provider of proofs of identity',
    shop: 'the shop',
  },
  work: {
    find,
    pair,
    documents: documentWords,
    evidence,
    tasks: 'Tasks',
    tasksLead: 'You see tasks, not customers. Taking a task opens what it needs, for as long as it needs it.',
    tabs: 'Which tasks',
    tab: { open: 'Open', mine: 'Mine', closed: 'Closed' },
    column: { task: 'Task', customer: 'Customer', made: 'Asked', due: 'Due', act: 'Action' },
    empty: {
      open: 'No task is waiting',
      openText: 'New questions from customers appear here.',
      mine: 'You have taken no task',
      mineText: 'Take one from the open tasks.',
      closed: 'No task of yours was closed in the last 30 days',
      closedText: 'Of a closed task only the type and the time stay: its customer is closed to you.',
    },
    take: 'Take',
    takeTask: 'Take the task about {{alias}}',
    openTask: 'Open',
    openTaskOf: 'Open the task about {{alias}}',
    reopen: 'Open the fields again',
    gone: {
      title: 'This task is not yours',
      text: 'It may be closed, taken by somebody else, settled by its customer, or its customer has left. What you could see of it is closed.',
      back: 'Back to the tasks',
    },
    task: {
      title: '{{type}} · {{alias}}',
      due: 'Due',
      made: 'Asked',
      why: {
        title: 'Why this is open to you',
        purpose: 'Purpose',
        purposeText: 'The customer agreed to this purpose: {{purpose}}.',
        type: 'Task',
        typeText: 'You took a task of the type “{{type}}”. It opens these fields and no others: {{fields}}.',
        policy: 'Rule',
        until: 'Until',
        untilText: '{{hour}}, {{left}}, or until you close the task.',
        over: 'The time is over. The fields are closed.',
        trail:
          'Your reading is in the customer’s own record: they see your name, these fields, this task and the time.',
        closed: 'The fields are not open in this session.',
      },
      fields: 'What the task opens',
      none: 'The customer gave no value.',
      verified: '{{method}}, {{when}}',
      notVerified: 'not verified',
      from: 'From: {{source}}, {{when}}',
      close: 'Close the task',
      closeText: 'Closing ends your access at once.',
      outcome: 'How did it end?',
      outcomes,
      closedNotice: 'The task is closed and the customer’s fields are closed to you.',
    },
  },
}

export type WorkWords = typeof words
