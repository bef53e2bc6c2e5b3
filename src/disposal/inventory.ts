import { verificationTables } from './verification-inventory.ts'

/**
 * Every table of the database. A test compares this list with the real schema: a table or column that is missing
 * here fails, one that no longer exists too, and so does an erase rule that PostgreSQL's foreign keys do not bear out.
 * Whoever adds a plain column about a person states here why it may be plain; everything else is sealed in a box.
 */

/** How the rows of a person go: with the row they hang on (a cascading foreign key), or by the named act. */
export type EraseRule =
  | { with: 'slot' | 'subject' | 'customer' | 'consent' | 'task' | 'grants' }
  | { by: 'erase_slots' | 'end of employment' | 'delivery to the log' }

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

const id = 'id'
const key = 'foreign key'
const ownAct = 'time of the company’s own act'
const state = 'state'
const secretHash = 'hash of a random secret'
const untilErased = 'until the compartment’s consent ends'
const slotKeys = { subject: key, compartment: key, slot: key }

export const personalTables: Record<string, PersonalTable> = {
  subject: {
    owner: 'identity',
    about: 'all',
    category: 'that the person is known',
    purpose: 'everything that is kept hangs on it',
    retention: 'until the last slot is gone: the trail’s, 12 months after a withdrawal',
    exported: 'alias',
    erased: { by: 'erase_slots' },
    columns: {
      id,
      kind: state,
      alias: 'random, computed from nothing',
      trail: 'slot number',
      last_change: 'version',
      made_at: ownAct,
    },
  },
  customer: {
    owner: 'collection',
    about: 'customer',
    category: 'membership',
    purpose: 'service',
    retention: 'until withdrawal',
    exported: 'data',
    erased: { by: 'erase_slots' },
    columns: { id, kind: state, joined_at: ownAct, level: 'state: how well the identity was checked' },
  },
  slot: {
    owner: 'storage',
    about: 'all',
    category: 'which compartments are kept',
    purpose: 'a key number for each; no row without consent',
    retention: untilErased,
    exported: 'receipt',
    erased: { by: 'erase_slots' },
    columns: { subject: key, compartment: 'name of the group of fields', number: 'slot number' },
  },
  box: {
    owner: 'storage',
    about: 'all',
    category: 'everything the person said and bought, sealed',
    purpose: 'the purposes of the live consents',
    retention: untilErased,
    exported: 'data',
    erased: { with: 'slot' },
    columns: { ...slotKeys, row: id, version: 'version', bytes: 'sealed to the slot’s key' },
  },
  consent: {
    owner: 'collection',
    about: 'customer',
    category: 'agreements',
    purpose: 'proof of what was agreed',
    retention: 'until withdrawal; the customer keeps the receipt',
    exported: 'consents',
    erased: { with: 'customer' },
    columns: {
      id,
      subject: key,
      purpose: key,
      notice_version: 'version',
      language: 'language of the notice that was shown',
      evidence: state,
      source: 'name of the company’s own source',
      given_at: ownAct,
      recorded_at: ownAct,
      renews: key,
    },
  },
  consent_field: {
    owner: 'collection',
    about: 'customer',
    category: 'agreements',
    purpose: 'proof of what was agreed',
    retention: 'as its consent',
    exported: 'consents',
    erased: { with: 'consent' },
    columns: { consent: key, purpose: key, field: key },
  },
  consent_withdrawal: {
    owner: 'disposal',
    about: 'customer',
    category: 'agreements',
    purpose: 'to stop the use at once',
    retention: 'as its consent',
    exported: 'consents',
    erased: { with: 'consent' },
    columns: { consent: key, at: ownAct },
  },
  session: {
    owner: 'identity',
    about: 'all',
    category: 'signing in',
    purpose: 'to know who is asking',
    retention: 'until the person leaves; of no use after its time',
    exported: 'entries',
    erased: { by: 'erase_slots' },
    columns: {
      id,
      hash: secretHash,
      room: state,
      subject: key,
      made_at: ownAct,
      until: ownAct,
      ended_at: ownAct,
    },
  },
  address: {
    owner: 'identity',
    about: 'all',
    category: 'address for signing in, as keyed fingerprint',
    purpose: 'to find who is signing in',
    retention: untilErased,
    exported: 'data, as the address itself',
    erased: { with: 'slot' },
    columns: { ...slotKeys, kind: state, token: 'keyed fingerprint; unlogged, in no backup of ours' },
  },
  code: {
    owner: 'identity',
    about: 'all',
    category: 'signing in',
    purpose: 'to prove an address',
    retention: 'an hour, when the next one is asked for; else as its compartment',
    exported: 'entries',
    erased: { with: 'slot' },
    columns: {
      ...slotKeys,
      id,
      hash: secretHash,
      made_at: ownAct,
      until: ownAct,
      tries: state,
      used_at: ownAct,
    },
  },
  letter: {
    owner: 'use',
    about: 'all',
    category: 'letters sent',
    purpose: 'to send it once, and to show that it was sent',
    retention: untilErased,
    exported: 'letters',
    erased: { with: 'slot' },
    columns: {
      ...slotKeys,
      id,
      kind: state,
      ...{ made_at: ownAct, until: ownAct, sent_at: ownAct },
      failure: 'code of the mail server’s answer, never its words',
    },
  },
  task: {
    owner: 'use',
    about: 'customer',
    category: 'questions asked',
    purpose: 'service',
    retention: untilErased,
    exported: 'questions',
    erased: { with: 'slot' },
    columns: {
      ...slotKeys,
      id,
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
    columns: { task: key, by: key, outcome: state, at: ownAct },
  },
  grants: {
    owner: 'use',
    about: 'all',
    category: 'who may read what',
    purpose: 'no reading without a live grant',
    retention: 'until its task, its session or its person goes',
    exported: 'entries',
    erased: { with: 'task' },
    columns: {
      id,
      kind: state,
      actor: 'pseudonym',
      secret_hash: secretHash,
      session: key,
      task: key,
      purpose: 'code',
      fields: 'codes',
      compartments: 'codes',
      policies: 'codes',
      made_at: ownAct,
      until: ownAct,
      ended_at: ownAct,
    },
  },
  grant_subject: {
    owner: 'use',
    about: 'all',
    category: 'who may read what',
    purpose: 'no reading without a live grant',
    retention: 'as its grant or its person',
    exported: 'entries',
    erased: { with: 'subject' },
    columns: { grant_id: key, subject: key },
  },
  purchase: {
    owner: 'crm',
    about: 'customer',
    category: 'purchases',
    purpose: 'service',
    retention: untilErased,
    exported: 'purchases',
    erased: { with: 'slot' },
    columns: {
      ...slotKeys,
      id,
      source: 'name of the company’s own source',
      invoice: 'number of the company’s own invoice',
      lines: 'how many lines were taken in',
      made_at: ownAct,
    },
  },
  customer_reference: {
    owner: 'storage',
    about: 'customer',
    category: 'number in the company’s own books',
    purpose: 'to find the customer of an imported line',
    retention: untilErased,
    exported: 'entries',
    erased: { with: 'slot' },
    columns: {
      ...slotKeys,
      source: 'name of the company’s own source',
      reference: 'number in the company’s own books',
    },
  },
  import_position: {
    owner: 'storage',
    about: 'customer',
    category: 'how far an import came',
    purpose: 'to bring nothing in twice',
    retention: 'until withdrawal',
    exported: 'entries',
    erased: { with: 'subject' },
    columns: { import: key, subject: key, kept: 'count' },
  },
  withdrawal: {
    owner: 'disposal',
    about: 'customer',
    category: 'leaving',
    purpose: 'to be carried out once, and to its end',
    retention: 'until the rows are gone, a moment later',
    exported: 'receipt',
    erased: { with: 'customer' },
    columns: { subject: key, act: id, link_hash: secretHash, asked_at: ownAct },
  },
  outbox: {
    owner: 'core',
    about: 'all',
    category: 'entries on their way to the log',
    purpose: 'no change without an entry',
    retention: 'until the log has it, a moment later',
    exported: 'entries',
    erased: { with: 'subject' },
    columns: {
      id,
      subject: key,
      number: 'version',
      body: 'codes, ids and field names, never a value',
      written_at: ownAct,
    },
  },
  employee: {
    owner: 'identity',
    about: 'employee',
    category: 'employment',
    purpose: 'the contract of employment',
    retention: 'as the law on employment says',
    exported: 'no download yet: the officer’s page shows it',
    erased: { by: 'end of employment' },
    columns: {
      id: key,
      kind: state,
      pseudonym: 'pseudonym',
      name: 'work name',
      role: 'role',
      language: 'language of the pages',
      password_hash: 'argon2id',
      totp_row: 'row of the box with the secret',
      totp_step: 'state: each step is accepted once',
      invited_at: ownAct,
      active_at: ownAct,
      ended_at: ownAct,
    },
  },
  invitation: {
    owner: 'identity',
    about: 'employee',
    category: 'employment',
    purpose: 'to let an employee in for the first time',
    retention: 'as its employee',
    exported: 'no',
    erased: { by: 'end of employment' },
    columns: { hash: secretHash, employee: key, until: ownAct, used_at: ownAct },
  },
  lost_shredding: {
    owner: 'disposal',
    about: 'employee',
    category: 'own acts',
    purpose: 'two officers decide that what a restore has lost is shredded',
    retention: 'as its restoration',
    exported: 'no',
    erased: { by: 'end of employment' },
    columns: {
      restoration: key,
      asked_by: key,
      asked_at: ownAct,
      confirmed_by: key,
      confirmed_at: ownAct,
      done_at: ownAct,
      slots: 'number of slots',
    },
  },
  ...verificationTables,
  lost_value: {
    owner: 'disposal',
    about: 'all',
    category: 'values that a restore has lost',
    purpose: 'to ask for them again',
    retention: 'until the value is given again',
    exported: 'no',
    erased: { with: 'slot' },
    columns: { ...slotKeys, row: id, lost_at: ownAct },
  },
}

/** Tables that hold nothing about any person, and why each may outlive everybody. */
export const impersonalTables: Record<string, string> = {
  organisation: 'the company itself',
  setup_token: 'hash of the token that opens the company',
  address_generation: 'tells an empty table of addresses from a lost one',
  notice: 'texts of the company',
  field: 'what may be asked',
  field_version: 'what an officer decided about it, and when',
  purpose: 'why it may be asked',
  purpose_field: 'what each purpose uses',
  import: 'counts of lines of a file',
  erasure: 'slot numbers, epochs, custodians, times: nobody’s name, nobody’s id',
  roll: 'epochs and slot numbers',
  restoration: 'counts and slot numbers of what a restore did',
  cosigned_checkpoint: 'sizes and roots of the log, and who has signed them',
  witness_standing: 'how each witness of the log stands',
  log_entry:
    'numbers of trails, kinds, times and hashes, as the log has them in plain; unlogged, in no backup',
  migration: 'what the schema is made of',
}
