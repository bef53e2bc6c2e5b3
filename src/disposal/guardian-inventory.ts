import { id, key, ownAct, type PersonalTable, secretHash, slotKeys } from './personal-table.ts'

/** The tables that say who agreed, besides the agreements: signatures and guardians, as lines of the inventory. */
export const guardianTables: Record<string, PersonalTable> = {
  consent_signature: {
    owner: 'collection',
    about: 'customer',
    category: 'agreements',
    purpose: 'proof that a passkey of theirs signed it',
    retention: 'as its consent',
    exported: 'receipt',
    erased: { with: 'consent' },
    columns: {
      consent: key,
      statement: 'alias, ids, codes, version and time: what was signed, as the consent has it',
      authenticator_data: 'hash of our address, flags and a count',
      client_data: 'hash of the statement and our address',
      signature: 'signature by a key made for us alone',
      public_key: 'public key, made by the authenticator for us alone',
    },
  },
  guardianship: {
    owner: 'collection',
    about: 'customer',
    category: 'agreements',
    purpose: 'a guardian agrees for a child who is too young to (GDPR 8)',
    retention: 'until what the guardian agreed to was taken over or lapsed',
    exported: 'held',
    erased: { with: 'slot' },
    columns: {
      ...slotKeys,
      row: id,
      since: ownAct,
      look_at: ownAct,
      of_age_at: ownAct,
      lapse_at: ownAct,
    },
  },
  guardian_request: {
    owner: 'use',
    about: 'applicant',
    category: 'agreements',
    purpose: 'to ask a guardian once',
    retention: 'as its applicant: a day at most',
    exported: 'no: an applicant has no export',
    erased: { with: 'slot' },
    columns: { ...slotKeys, id, hash: secretHash, made_at: ownAct, until: ownAct },
  },
}
