/** How the rows of a person go: with the row they hang on (a cascading foreign key), or by the named act. */
export type EraseRule =
  | { with: 'slot' | 'session' | 'subject' | 'customer' | 'consent' | 'task' | 'grants' | 'merge' }
  | { by: 'erase_slots' | 'end of employment' | 'delivery to the log' | 'its day' }

/** A table that holds something about a person. */
export interface PersonalTable {
  /** The chapter that writes it. */
  owner: 'identity' | 'collection' | 'storage' | 'use' | 'crm' | 'disposal' | 'core'
  about: 'customer' | 'applicant' | 'employee' | 'all'
  /** What kind of data it is, in the words of the customer's page. */
  category: string
  purpose: string
  retention: string
  /** Whether and where the person finds it in what they download. */
  exported: string
  erased: EraseRule
  /** Each plain column, and why it may be plain. */
  columns: Record<string, string>
}

export const id = 'id'
export const key = 'foreign key'
export const ownAct = 'time of the company’s own act'
export const state = 'state'
export const secretHash = 'hash of a random secret'
export const untilErased = 'until the compartment’s consent ends'
export const slotKeys = { subject: key, compartment: key, slot: key }
