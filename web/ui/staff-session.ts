import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api, type Reply } from './api.ts'
import { forgetDraft } from './draft.ts'
import { tell } from './notice.tsx'
import { useOnce } from './once.ts'
import { forgetAnswers, orNobody } from './session.ts'
import { useWording } from './wording.ts'

export type StaffRoom = 'work' | 'office'
export type StaffSession = Reply<'/api/v1/work/sessions/current'>

const sessionQuery = (room: StaffRoom) =>
  queryOptions({
    queryKey: ['session', room],
    queryFn: (): Promise<StaffSession | null> =>
      orNobody(
        room === 'work'
          ? answer(api.GET('/api/v1/work/sessions/current'))
          : answer(api.GET('/api/v1/office/sessions/current')),
      ),
    staleTime: 30_000,
  })

export const useStaffSession = (room: StaffRoom) => useQuery(sessionQuery(room))

/** Ends the session on the server, which first revokes its grants, and forgets here whatever was shown. */
export function useStaffSignOut(room: StaffRoom) {
  const questions = useQueryClient()
  const { t, sentenceOf } = useWording()
  return useOnce({
    mutationFn: () =>
      orNobody(
        room === 'work'
          ? answer(api.DELETE('/api/v1/work/sessions/current'))
          : answer(api.DELETE('/api/v1/office/sessions/current')),
      ),
    onSuccess: () => {
      forgetDraft()
      forgetAnswers(questions)
      questions.setQueryData(['session', room], null)
      tell(t('signedOut'))
    },
    onError: error => tell(sentenceOf(error)),
  }).mutate
}
