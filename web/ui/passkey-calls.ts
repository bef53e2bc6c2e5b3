import { answer, api, type ItemOf } from './api.ts'
import type { makePasskey, showPasskey } from './passkey.ts'

export type PasskeyRoom = 'portal' | 'work' | 'office'
export type OwnPasskey = ItemOf<'/api/v1/portal/passkeys'>
export type Place = OwnPasskey['kept_on']

type Made = Awaited<ReturnType<typeof makePasskey>> & { kept_on: Place }
type Shown = Awaited<ReturnType<typeof showPasskey>>

const body = {}

/** The same requests in each room. An employee adds one with the code of the moment. */
export const passkeyCalls = {
  portal: {
    list: () => answer(api.GET('/api/v1/portal/passkeys')),
    askToAdd: () => answer(api.POST('/api/v1/portal/passkey-challenges', { body })),
    add: (made: Made, _code: string) => answer(api.POST('/api/v1/portal/passkeys', { body: made })),
    remove: (id: string) => answer(api.DELETE('/api/v1/portal/passkeys/{id}', { params: { path: { id } } })),
    askToEnter: () => answer(api.POST('/api/v1/portal/passkey-sessions/challenges', { body })),
    enter: async (shown: Shown): Promise<unknown> =>
      answer(api.POST('/api/v1/portal/passkey-sessions', { body: shown })),
  },
  work: {
    list: () => answer(api.GET('/api/v1/work/passkeys')),
    askToAdd: () => answer(api.POST('/api/v1/work/passkey-challenges', { body })),
    add: (made: Made, code: string) => answer(api.POST('/api/v1/work/passkeys', { body: { ...made, code } })),
    remove: (id: string) => answer(api.DELETE('/api/v1/work/passkeys/{id}', { params: { path: { id } } })),
    askToEnter: () => answer(api.POST('/api/v1/work/passkey-sessions/challenges', { body })),
    enter: async (shown: Shown): Promise<unknown> =>
      answer(api.POST('/api/v1/work/passkey-sessions', { body: shown })),
  },
  office: {
    list: () => answer(api.GET('/api/v1/office/passkeys')),
    askToAdd: () => answer(api.POST('/api/v1/office/passkey-challenges', { body })),
    add: (made: Made, code: string) =>
      answer(api.POST('/api/v1/office/passkeys', { body: { ...made, code } })),
    remove: (id: string) => answer(api.DELETE('/api/v1/office/passkeys/{id}', { params: { path: { id } } })),
    askToEnter: () => answer(api.POST('/api/v1/office/passkey-sessions/challenges', { body })),
    enter: async (shown: Shown): Promise<unknown> =>
      answer(api.POST('/api/v1/office/passkey-sessions', { body: shown })),
  },
}
