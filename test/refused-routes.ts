import type { SessionRoom } from '../src/identity/session.ts'
import { addressRoutes } from './refused-address-routes.ts'
import { guardianRoutes } from './refused-guardian-routes.ts'
import { searchRoutes } from './refused-search-routes.ts'

/** How a route is asked rightly, so that each way of asking wrongly is the only fault. */
export interface Expected {
  room: SessionRoom | 'public'
  /** Within the portal; a customer unless told. */
  who?: 'applicant' | 'either'
  /** A body that is well formed; null for a request without one. */
  body?: Record<string, unknown>
  /** Bodies that are well formed JSON and yet refused. */
  wrong?: Record<string, unknown>[]
  /** Queries that are refused. */
  queries?: string[]
}

const page = ['limit=0', 'limit=51', 'limit=x', 'order=1']
const signIn = { email: 'a@example.org', password: 'x', code: '000000' }
const chosen = {
  password: 'a long enough one',
  totp_secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  code: '000000',
}
const setup = { organisation: 'X', name: 'X', email: 'x@example.org', language: 'en', token: 'x', ...chosen }
const employee = { name: 'Eva Riva', email: 'eva@example.org', role: 'employee', language: 'it' }
const joining = {
  ...{ name: 'Ida', phone: '', notice_version: 1, language: 'it', purposes: ['service'] },
  said_age: 16,
}
const decided = {
  ...{ label: { en: 'Shoe size', it: 'Numero di scarpe' }, help: null, options: {}, option_labels: {} },
  ...{ sensitive: false, editor: 'customer', level: 0, reconfirm_days: null, retention: 'agreement' },
  ...{ asked: 'portal', required: false, purposes: ['service'] },
}
const ownField = { ...decided, code: 'own_shoe_size', type: 'integer', compartment: 'preferences' }
const envelope = {
  ...{ compartment: 'payment', fields: ['iban'], nonce: 'AAAAAAAAAAAAAAAAAAAAAA', key: 300 },
  envelope: Buffer.alloc(80).toString('base64'),
}
const evidence = {
  document: { kind: 'passport', country: 'IT', expires: 2099 },
  ...{ supports: ['name'], differs: [] },
}
const answered = { id: 'AAAA', rawId: 'AAAA', type: 'public-key', clientExtensionResults: {} }
const assertion = {
  ...answered,
  response: { clientDataJSON: 'AAAA', authenticatorData: 'AAAA', signature: 'AAAA' },
}
const newPasskey = {
  ...{ challenge: '00000000-0000-4000-8000-000000000000', kept_on: 'phone' },
  response: { ...answered, response: { clientDataJSON: 'AAAA', attestationObject: 'AAAA' } },
}
const shownPasskey = { challenge: '00000000-0000-4000-8000-000000000000', response: assertion }
const wrongPasskeys = [
  { ...shownPasskey, challenge: 'x' },
  { ...shownPasskey, response: { ...assertion, type: 'password' } },
]
const basis = {
  ...{ name: { en: 'Warranties', it: 'Garanzie' }, law: { en: 'Law 1', it: 'Legge 1' }, years: 2 },
  ...{
    why: { en: 'Why', it: 'Perché' },
    fields: ['number'],
    counts_from: 'issue',
    readers: ['invoice_question'],
  },
  ...{ code: 'warranty', after: 0 },
}
const issuing = {
  ...{ basis: 'invoice', purchase: '00000000-0000-4000-8000-000000000000', vat_rate: 22, reason: null },
}
export const uuid = '00000000-0000-4000-8000-000000000000'

/** Every route of the API. */
export const routes: Record<string, Expected> = {
  ...addressRoutes,
  ...searchRoutes,
  'GET /company': { room: 'public' },
  'GET /fields': { room: 'public' },
  'GET /notice': { room: 'public', queries: ['language=de', 'version=1'] },
  'GET /outbox': { room: 'public' },
  'GET /.well-known/gpc.json': { room: 'public' },
  'GET /intake-key': { room: 'public' },
  'GET /intake-proof': { room: 'public' },
  'GET /log/checkpoint': { room: 'public' },
  'GET /log/keys': { room: 'public' },
  'GET /log/tile/{*}': { room: 'public' },
  'POST /setup': { room: 'public', body: setup },
  'POST /invitation-views': { room: 'public', body: { token: 'x' } },
  'POST /invitation-acceptances': { room: 'public', body: { token: 'x', ...chosen } },
  'POST /work/sessions': { room: 'public', body: signIn },
  'POST /office/sessions': { room: 'public', body: signIn },
  'POST /demo/sessions': { room: 'public', body: { as: 'ana' }, wrong: [{ as: 'eve' }] },
  'POST /portal/codes': {
    ...{ room: 'public', body: { email: 'a@example.org', language: 'en' } },
    wrong: [
      { email: 'a', language: 'en' },
      { email: 'a@example.org', language: 'de' },
    ],
  },
  'POST /portal/sessions': {
    ...{ room: 'public', body: { code_id: uuid, code: '000000' } },
    wrong: [{ code_id: uuid, code: '1' }],
  },
  'POST /link-confirmations': { room: 'public', body: { token: 'x' }, wrong: [{ token: '' }] },
  'POST /portal/passkey-sessions/challenges': { room: 'public', body: {} },
  'POST /work/passkey-sessions/challenges': { room: 'public', body: {} },
  'POST /office/passkey-sessions/challenges': { room: 'public', body: {} },
  'POST /portal/passkey-sessions': { room: 'public', body: shownPasskey, wrong: wrongPasskeys },
  'POST /work/passkey-sessions': { room: 'public', body: shownPasskey, wrong: wrongPasskeys },
  'POST /office/passkey-sessions': { room: 'public', body: shownPasskey, wrong: wrongPasskeys },
  'POST /destruction-views': { room: 'public', body: { link: 'x' }, wrong: [{ link: '' }] },
  'POST /withdrawal-receipts': { room: 'public', body: {} },
  'POST /document-views': { room: 'public', body: { link: 'x' }, wrong: [{ link: '' }] },

  'GET /portal/sessions/current': { room: 'portal', who: 'either' },
  'DELETE /portal/sessions/current': { room: 'portal', who: 'either' },
  'POST /portal/joins': {
    room: 'portal',
    who: 'applicant',
    body: joining,
    wrong: [
      { ...joining, purposes: [] },
      { ...joining, said_age: 14 },
      { ...joining, said_age: null },
    ],
  },
  'POST /portal/proof-codes': { room: 'portal', body: { language: 'en' }, wrong: [{ language: 'de' }] },
  'POST /portal/proofs': {
    ...{ room: 'portal', body: { code_id: uuid, code: '000000' } },
    wrong: [{ code_id: uuid, code: '1' }],
  },
  'POST /portal/proof-challenges': { room: 'portal', body: {} },
  'POST /portal/passkey-proofs': { room: 'portal', body: shownPasskey, wrong: wrongPasskeys },
  'GET /portal/passkeys': { room: 'portal' },
  'POST /portal/passkey-challenges': { room: 'portal', body: {} },
  'POST /portal/passkeys': {
    ...{ room: 'portal', body: newPasskey, wrong: [{ ...newPasskey, kept_on: 'Ana’s phone' }] },
  },
  'DELETE /portal/passkeys/:id': { room: 'portal' },
  'GET /portal/consents': { room: 'portal' },
  'POST /portal/consents': {
    ...{ room: 'portal', body: { purpose: 'offers', notice_version: 1, language: 'en' } },
    wrong: [{ purpose: 'sale', notice_version: 1, language: 'en' }],
  },
  ...guardianRoutes,
  'POST /portal/consent-challenges': {
    ...{ room: 'portal', body: { purpose: 'offers', notice_version: 1, language: 'en' } },
    wrong: [
      { purpose: 'sale', notice_version: 1, language: 'en' },
      { purpose: 'offers', notice_version: 1, language: 'en', renews: 'x' },
    ],
  },
  'POST /portal/consents/:id/renewals': {
    ...{ room: 'portal', body: { notice_version: 1, language: 'en' } },
    wrong: [{ notice_version: 1, language: 'de' }],
  },
  'POST /portal/values': {
    ...{ room: 'portal', body: { values: { name: 'Ana' } } },
    wrong: [
      { values: [] },
      { values: { email: 'other@example.org' } },
      { values: { unknown: 'x' } },
      { values: { name: '' } },
    ],
  },
  'GET /portal/consents/:id/receipt': { room: 'portal' },
  'GET /portal/intake-key': { room: 'portal' },
  'POST /portal/envelopes': {
    ...{ room: 'portal', body: { notice_version: 1, envelopes: [envelope] } },
    wrong: [
      { notice_version: 1, envelopes: [] },
      { notice_version: 1, envelopes: [{ ...envelope, envelope: 'x' }] },
      { notice_version: 1, envelopes: [{ ...envelope, fields: ['name'] }] },
      { notice_version: 1, envelopes: [{ ...envelope, nonce: '' }] },
    ],
  },
  'POST /portal/confirmations': {
    ...{ room: 'portal', body: { fields: ['name'] } },
    wrong: [{ fields: [] }, { fields: ['nothing'] }, { fields: ['purchase'] }],
  },
  'POST /portal/identity-checks': { room: 'portal', body: {} },
  'GET /portal/identity-provider': { room: 'portal' },
  'POST /portal/provider-checks': { room: 'portal', body: {} },
  'POST /portal/provider-answers': {
    ...{ room: 'portal', body: { code: 'x', state: 'x' } },
    wrong: [{ code: '', state: 'x' }],
  },
  'POST /portal/links': {
    ...{ room: 'portal', body: { field: 'email', language: 'en' } },
    wrong: [
      { field: 'name', language: 'en' },
      { field: 'email', language: 'de' },
    ],
  },
  'POST /portal/disputes': {
    ...{ room: 'portal', body: { field: 'name' } },
    wrong: [{ field: 'nothing' }, { field: 'purchase' }, { field: '' }],
  },
  'POST /portal/dispute-settlements': {
    ...{ room: 'portal', body: { field: 'name', claim: null } },
    wrong: [
      { field: 'nothing', claim: null },
      { field: 'name', claim: 0 },
      { field: 'name', claim: '' },
    ],
  },
  'POST /consents/:id/withdrawals': { room: 'portal', body: {} },
  'GET /portal/privacy-signal': { room: 'portal' },
  'POST /portal/privacy-signal': { room: 'portal', body: {}, wrong: [{ signal: 'yes' }] },
  'GET /portal/data': { room: 'portal', queries: ['sensitive=no'] },
  'GET /portal/entries': { room: 'portal', queries: [...page, 'after=x'] },
  'GET /portal/export': { room: 'portal' },
  'GET /portal/log-bundle': { room: 'portal', queries: ['from=x', 'from=-1', 'from=1.5', 'alias=x'] },
  'GET /portal/questions': { room: 'portal' },
  'POST /portal/questions': {
    ...{ room: 'portal', body: { type: 'delivery_question', text: 'Where?' } },
    wrong: [
      { type: 'delivery_question', text: '' },
      { type: 'delivery_question', text: 'x'.repeat(2001) },
      { type: 'wish', text: 'x' },
    ],
  },
  'GET /portal/documents': { room: 'portal' },
  'GET /portal/duplicates': { room: 'portal' },
  'POST /portal/duplicates/:id/objections': { room: 'portal', body: {} },
  'POST /portal/duplicates/:id/merge-words': { room: 'portal', body: {} },
  'POST /portal/duplicates/:id/merges': {
    ...{ room: 'portal', body: { word: 'ABCD-EFGH-2345' } },
    wrong: [{ word: '' }, { word: 'x'.repeat(41) }, { word: 7 }],
  },
  'GET /portal/merge': { room: 'portal' },
  'POST /portal/merge/values': {
    ...{ room: 'portal', body: { fields: ['phone'] } },
    wrong: [{ fields: [] }, { fields: [7] }, { fields: ['x'.repeat(61)] }],
  },
  'POST /portal/merge/undoings': { room: 'portal', body: {} },
  'GET /portal/withdrawal-preview': { room: 'portal' },
  'POST /portal/withdrawals': { room: 'portal', body: { confirm: true }, wrong: [{ confirm: false }] },

  'GET /work/sessions/current': { room: 'work' },
  'DELETE /work/sessions/current': { room: 'work' },
  'GET /work/passkeys': { room: 'work' },
  'POST /work/passkey-challenges': { room: 'work', body: {} },
  'POST /work/passkeys': { room: 'work', body: { ...newPasskey, code: '000000' } },
  'DELETE /work/passkeys/:id': { room: 'work' },
  'GET /work/task-types': { room: 'work' },
  'GET /work/tasks': { room: 'work', queries: [...page, 'state=all', 'after=x'] },
  'GET /work/tasks/:id': { room: 'work' },
  'POST /work/tasks/:id/grants': { room: 'work', body: {} },
  'GET /work/tasks/:id/customer': { room: 'work', queries: ['field=name'] },
  'GET /work/tasks/:id/pair': { room: 'work' },
  'POST /work/tasks/:id/closures': {
    ...{ room: 'work', body: { outcome: 'answered' }, wrong: [{ outcome: 'lost' }] },
  },

  'GET /work/tasks/:id/documents': { room: 'work' },
  'POST /work/tasks/:id/documents': {
    ...{ room: 'work', body: issuing },
    wrong: [
      { ...issuing, vat_rate: 21 },
      { ...issuing, reason: 'marketing' },
      { ...issuing, purchase: 'x' },
      { ...issuing, note: 'likes red shoes' },
      { ...issuing, buyer_name: 'Somebody else' },
    ],
  },
  'GET /work/tasks/:id/evidence': { room: 'work' },
  'POST /work/tasks/:id/evidence': {
    ...{ room: 'work', body: evidence },
    wrong: [
      { ...evidence, supports: [] },
      { ...evidence, document: { ...evidence.document, number: 'AX123' } },
      { ...evidence, document: { ...evidence.document, country: 'Italy' } },
      { ...evidence, document: { ...evidence.document, kind: 'library_card' } },
    ],
  },
  'POST /work/tasks/:id/evidence-confirmations': {
    ...{ room: 'work', body: { agrees: true } },
    wrong: [{ agrees: 'yes' }],
  },

  'GET /office/sessions/current': { room: 'office' },
  'DELETE /office/sessions/current': { room: 'office' },
  'GET /office/passkeys': { room: 'office' },
  'POST /office/passkey-challenges': { room: 'office', body: {} },
  'POST /office/passkeys': { room: 'office', body: { ...newPasskey, code: '000000' } },
  'DELETE /office/passkeys/:id': { room: 'office' },
  'GET /office/overview': { room: 'office' },
  'GET /office/log-counts': { room: 'office', queries: ['days=8', 'days=x', 'kind=reading'] },
  'GET /office/age': { room: 'office' },
  'POST /office/ages': {
    ...{ room: 'office', body: { after: 1, least: 14 } },
    wrong: [{ after: 1, least: 12 }, { after: 1, least: 17 }, { least: 14 }],
  },
  'GET /office/consents': { room: 'office' },
  'GET /office/fields/:code': { room: 'office' },
  'GET /office/fields/:code/versions': { room: 'office' },
  'POST /office/fields': {
    ...{ room: 'office', body: ownField },
    wrong: [
      { ...ownField, purposes: [] },
      { ...ownField, purposes: undefined },
      { ...ownField, retention: undefined },
      { ...ownField, retention: 'ever' },
      { ...ownField, retention: '0_months' },
      { ...ownField, retention: '121_months' },
      { ...ownField, code: 'shoe_size' },
      { ...ownField, type: 'card_number' },
      { ...ownField, compartment: 'trail' },
      { ...ownField, label: { en: 'CVV', it: 'CVV' } },
    ],
  },
  'POST /office/fields/:code/versions': {
    ...{ room: 'office', body: { ...decided, after: 1 } },
    wrong: [{ ...decided }, { ...decided, after: 1, purposes: [] }],
  },
  'POST /office/fields/:code/retention-previews': {
    ...{ room: 'office', body: { retention: '12_months' } },
    wrong: [{ retention: '1000_months' }, { retention: 'ever' }],
  },
  'GET /office/bases': { room: 'office' },
  'POST /office/bases': {
    ...{ room: 'office', body: basis },
    wrong: [
      { ...basis, fields: [] },
      { ...basis, fields: ['interests'] },
      { ...basis, fields: ['number', 'number'] },
      { ...basis, years: 31 },
      { ...basis, years: 0 },
      { ...basis, counts_from: 'whenever' },
      { ...basis, readers: ['delivery_question'] },
      { ...basis, readers: [] },
      { ...basis, law: { en: '', it: '' } },
      { ...basis, name: { en: 'Warranties' } },
      { ...basis, code: 'Warranty' },
    ],
  },
  'POST /office/bases/:code/decisions': {
    ...{ room: 'office', body: { version: 1, approved: true } },
    wrong: [
      { version: 0, approved: true },
      { version: 1, approved: 'yes' },
    ],
  },
  'GET /office/documents': { room: 'office', queries: [...page, 'after=x', 'name=Ana', 'number='] },
  'POST /office/documents/:id/tasks': { room: 'office', body: {} },
  'GET /office/duplicates': { room: 'office' },
  'POST /office/duplicate-searches': { room: 'office', body: {} },
  'GET /office/employees': { room: 'office' },
  'POST /office/employees': { room: 'office', body: employee, wrong: [{ ...employee, role: 'owner' }] },
  'POST /office/employees/:id/invitations': { room: 'office', body: {} },
  'POST /office/employees/:id/departures': { room: 'office', body: {} },
  'GET /office/entries': { room: 'office', queries: [...page, 'after=x'] },
  'GET /office/destructions': { room: 'office', queries: [...page, 'after=x'] },
  'POST /office/rolls': { room: 'office', body: {} },
  'POST /office/log-verifications': { room: 'office', body: {} },
  'GET /office/policies': { room: 'office' },
  'POST /office/policies/previews': { room: 'office', body: { text: 'permit' } },
  'POST /office/policies': { room: 'office', body: { text: 'permit', after: 0 } },
  'POST /office/policies/:version/decisions': { room: 'office', body: { approved: false } },
  'GET /office/restorations': { room: 'office' },
  'GET /office/imports': { room: 'office' },
  'GET /office/imports/:id/report': { room: 'office' },
  'POST /office/import-uploads': { room: 'office', queries: ['', 'format=xls', 'format=csv&more=1'] },
  'GET /office/import-uploads/:id': { room: 'office' },
  'DELETE /office/import-uploads/:id': { room: 'office' },
  'POST /office/import-uploads/:id/previews': {
    ...{ room: 'office', body: { mapping: [{ header: 'Mail', target: 'email' }] } },
    wrong: [{ mapping: [{ header: 'Mail', target: 7 }] }],
  },
  'POST /office/import-uploads/:id/rehearsals': {
    ...{ room: 'office', body: { mapping: [{ header: 'Mail', target: 'email' }], source: 'crm' } },
    wrong: [{ mapping: [{ header: 'Mail', target: 'email' }], source: 'C R M' }],
  },
  'POST /office/import-uploads/:id/imports': {
    ...{ room: 'office', body: { mapping: [{ header: 'Mail', target: 'email' }], source: 'crm' } },
    wrong: [{ mapping: [{ header: 'Mail', target: 'email' }], source: 'C R M' }],
  },
  'POST /office/import-uploads/:id/lead-previews': { room: 'office', body: { mapping: [] } },
  'POST /office/import-uploads/:id/leads': {
    room: 'office',
    body: { mapping: [{ header: 'Mail', target: 'email' }], language: 'it', confirm: true },
    wrong: [
      { mapping: [], language: 'it', confirm: false },
      { mapping: [], language: 'de', confirm: true },
    ],
  },
  'GET /office/import-runs/:id': { room: 'office' },
  'GET /office/imports/:id/undo': { room: 'office' },
  'POST /office/imports/:id/undo-decisions': { room: 'office', body: { approved: true } },
  'POST /office/imports/:id/undos': {
    ...{ room: 'office', body: { confirm: true } },
    wrong: [{ confirm: false }],
  },
  'POST /office/restorations/:id/shreddings': { room: 'office', body: {} },
}
