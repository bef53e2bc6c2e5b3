import type { Expected } from './refused-routes.ts'

/** The routes of finding who calls. */
export const searchRoutes: Record<string, Expected> = {
  'POST /work/searches': {
    ...{ room: 'work', body: { by: 'email', email: 'a@example.org' } },
    wrong: [
      { by: 'email', email: 'a' },
      { by: 'phone', phone: '12' },
      { by: 'person', name: 'An', birth: '1990-01-01' },
      { by: 'person', name: 'Anna', birth: '1990-13-01' },
      { by: 'person', name: 'Anna' },
      { by: 'number', number: '' },
      { by: 'anything', email: 'a@example.org' },
    ],
  },
  'POST /work/tasks': {
    ...{ room: 'work', body: { hit: 'x', type: 'call_back' } },
    wrong: [{ hit: '', type: 'call_back' }],
  },
  'POST /work/tasks/:id/caller-codes': { room: 'work', body: {} },
  'POST /work/tasks/:id/caller-proofs': {
    ...{ room: 'work', body: { code: '000000' } },
    wrong: [{ code: '1' }, { code: '00000a' }],
  },
}
