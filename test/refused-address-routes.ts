import type { Expected } from './refused-routes.ts'

const uuid = '00000000-0000-4000-8000-000000000000'

/** The routes by which addresses are changed and proved by codes. */
export const addressRoutes: Record<string, Expected> = {
  'POST /address-reversals': {
    ...{ room: 'public', body: { token: 'x', language: 'en' } },
    wrong: [
      { token: '', language: 'en' },
      { token: 'x', language: 'de' },
    ],
  },
  'POST /portal/address-codes': {
    ...{ room: 'portal', body: { email: 'new@example.org', language: 'en' } },
    wrong: [
      { email: 'new', language: 'en' },
      { email: 'new@example.org', language: 'de' },
    ],
  },
  'POST /portal/address-changes': {
    room: 'portal',
    body: { email: 'new@example.org', language: 'en', code_id: uuid, code: '000000' },
    wrong: [
      { email: 'new', language: 'en', code_id: uuid, code: '000000' },
      { email: 'new@example.org', language: 'en', code_id: uuid, code: '12345' },
    ],
  },
  'POST /portal/check-codes': {
    ...{ room: 'portal', body: { field: 'own_mail', language: 'en' } },
    wrong: [
      { field: 'email', language: 'en' },
      { field: 'name', language: 'en' },
    ],
  },
  'POST /portal/checks': {
    ...{ room: 'portal', body: { field: 'own_mail', code_id: uuid, code: '000000' } },
    wrong: [
      { field: 'email', code_id: uuid, code: '000000' },
      { field: 'own_mail', code_id: uuid, code: '12345' },
    ],
  },
}
