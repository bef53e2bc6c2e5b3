import { key, ownAct, type PersonalTable } from './personal-table.ts'

/** What is kept of tasks, those among them about two customers who may be one; part of the inventory. */
export const taskTables: Record<string, PersonalTable> = {
  task: {
    owner: 'use',
    about: 'customer',
    category: 'questions asked',
    purpose: 'service',
    retention: 'until the compartment’s consent ends',
    exported: 'questions',
    erased: { with: 'slot' },
    columns: {
      ...{ subject: key, compartment: key, slot: key },
      id: 'id',
      type: 'kind of work; a sensitive type is sealed',
      made_at: ownAct,
      due_at: ownAct,
      assignee: key,
    },
  },
  task_closure: {
    owner: 'use',
    about: 'customer',
    category: 'questions asked',
    purpose: 'service',
    retention: 'as its task',
    exported: 'questions',
    erased: { with: 'task' },
    columns: { task: key, by: key, outcome: 'state', at: ownAct },
  },
  duplicate: {
    owner: 'use',
    about: 'customer',
    category: 'that two customers may be one person',
    purpose: 'service: to serve one person as one, and to ask about two people once',
    retention: 'until the agreement of either ends',
    exported: 'entries',
    erased: { with: 'slot' },
    columns: {
      ...{ task: key, subject: key, compartment: key, slot: key },
      ...{ other: key, other_compartment: key, other_slot: key, found_at: ownAct },
    },
  },
  duplicate_objection: {
    owner: 'use',
    about: 'customer',
    category: 'that one of two said they are not one person',
    purpose: 'service: the last word about who they are is theirs',
    retention: 'as the pair it is about',
    exported: 'entries',
    erased: { with: 'slot' },
    columns: { task: key, subject: key, compartment: key, slot: key, at: ownAct },
  },
}
