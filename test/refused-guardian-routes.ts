import type { Expected } from './refused-routes.ts'

const uuid = '00000000-0000-4000-8000-000000000000'
const guardianJoining = {
  ...{ token: 'x', responsible: true, name: 'Ida', born: '2020-02-29', notice_version: 1, language: 'it' },
  purposes: ['service'],
}

/** How a guardian agrees for a child, and comes in. */
export const guardianRoutes: Record<string, Expected> = {
  'POST /portal/guardian-requests': {
    ...{ room: 'portal', who: 'applicant', body: { email: 'parent@example.org', language: 'en' } },
    wrong: [
      { email: 'nobody', language: 'en' },
      { email: 'parent@example.org', language: 'de' },
    ],
  },
  'POST /portal/guardian-links': { room: 'public', body: { token: 'x' }, wrong: [{ token: '' }] },
  'POST /portal/guardian-joins': {
    ...{ room: 'public', body: guardianJoining },
    wrong: [
      { ...guardianJoining, responsible: false },
      { ...guardianJoining, born: 'long ago' },
      { ...guardianJoining, purposes: ['offers'] },
      { ...guardianJoining, name: '' },
    ],
  },
  'POST /portal/guardian-codes': {
    ...{ room: 'public', body: { alias: 'K7-4QX9', language: 'en' } },
    wrong: [{ alias: 'K7-4QX9', language: 'de' }],
  },
  'POST /portal/guardian-sessions': {
    ...{ room: 'public', body: { code_id: uuid, code: '000000' } },
    wrong: [{ code_id: uuid, code: '1' }],
  },
  'GET /portal/guardianship': { room: 'portal' },
}
