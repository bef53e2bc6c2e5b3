import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api, type Reply } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { orNobody } from '../ui/session.ts'
import { useWording } from '../ui/wording.ts'

export type PortalSession = Reply<'/api/v1/portal/sessions/current'>

export const portalSessionQuery = queryOptions({
  queryKey: ['session', 'portal'],
  queryFn: (): Promise<PortalSession | null> => orNobody(answer(api.GET('/api/v1/portal/sessions/current'))),
  staleTime: 30_000,
})

export const usePortalSession = () => useQuery(portalSessionQuery)

/** Forgets whatever was shown of a customer. */
export function useForgetting() {
  const questions = useQueryClient()
  return () => {
    questions.removeQueries({
      predicate: one => !['company', 'session', 'notice'].includes(String(one.queryKey[0])),
    })
    questions.setQueryData(portalSessionQuery.queryKey, null)
  }
}

export function usePortalSignOut() {
  const forget = useForgetting()
  const { t } = useWording()
  return async () => {
    await orNobody(answer(api.DELETE('/api/v1/portal/sessions/current')))
    forget()
    tell(t('signedOut'))
  }
}
