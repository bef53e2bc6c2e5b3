import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api, type Reply } from '../ui/api.ts'
import { forgetDraft } from '../ui/draft.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { forgetAnswers, orNobody } from '../ui/session.ts'
import { useWording } from '../ui/wording.ts'

export type PortalSession = Reply<'/api/v1/portal/sessions/current'>

export const portalSessionQuery = queryOptions({
  queryKey: ['session', 'portal'],
  queryFn: (): Promise<PortalSession | null> => orNobody(answer(api.GET('/api/v1/portal/sessions/current'))),
  staleTime: 30_000,
})

export const usePortalSession = () => useQuery(portalSessionQuery)

/** Forgets whatever was shown of a customer, and what they had typed. */
export function useForgetting() {
  const questions = useQueryClient()
  return () => {
    forgetDraft()
    forgetAnswers(questions)
    questions.setQueryData(portalSessionQuery.queryKey, null)
  }
}

export function usePortalSignOut() {
  const forget = useForgetting()
  const { t, sentenceOf } = useWording()
  return useOnce({
    mutationFn: () => orNobody(answer(api.DELETE('/api/v1/portal/sessions/current'))),
    onSuccess: () => {
      forget()
      tell(t('signedOut'))
    },
    onError: error => tell(sentenceOf(error)),
  }).mutate
}
