const id = 'id'
const key = 'foreign key'
const ownAct = 'time of the company’s own act'
const slotKeys = { subject: key, compartment: key, slot: key }

/** The tables that say how a customer's values are known, as lines of the inventory. */
export const verificationTables = {
  restriction: {
    owner: 'storage',
    about: 'customer',
    category: 'values in doubt',
    purpose: 'no task opens a field in doubt (GDPR 18)',
    retention: 'until the customer settles it',
    exported: 'data, as disputed',
    erased: { with: 'slot' },
    columns: { ...slotKeys, field: key, since: ownAct },
  },
  reminder: {
    owner: 'use',
    about: 'customer',
    category: 'values to be confirmed',
    purpose: 'to ask once whether a value is still right',
    retention: 'until the letter is written',
    exported: 'held',
    erased: { with: 'slot' },
    columns: { ...slotKeys, id, field: key, due_at: ownAct },
  },
  confirmation_link: {
    owner: 'use',
    about: 'customer',
    category: 'proof of addresses',
    purpose: 'to prove that an address is read by its owner',
    retention: 'a day, when the next one is asked for; else as its compartment',
    exported: 'held',
    erased: { with: 'slot' },
    columns: {
      ...slotKeys,
      id,
      field: key,
      hash: 'hash of a random secret',
      address: 'keyed fingerprint of the address and this id',
      made_at: ownAct,
      until: ownAct,
      used_at: ownAct,
    },
  },
  evidence: {
    owner: 'use',
    about: 'customer',
    category: 'proof of identity',
    purpose: 'two different people saw a document',
    retention: 'as its task',
    exported: 'held; what was seen is in data',
    erased: { with: 'slot' },
    columns: {
      ...slotKeys,
      task: key,
      commitment: 'hash over what was seen and a random salt, which is sealed',
      fields: 'codes',
      seen_by: key,
      seen_at: ownAct,
      confirmed_by: key,
      confirmed_at: ownAct,
    },
  },
  provider_check: {
    owner: 'use',
    about: 'customer',
    category: 'proof of identity',
    purpose: 'to come back from an outside provider once',
    retention: 'a quarter of an hour, when the next one is begun; else as its customer',
    exported: 'held',
    erased: { with: 'customer' },
    columns: { id, subject: key, session: key, made_at: ownAct, until: ownAct, used_at: ownAct },
  },
} as const
