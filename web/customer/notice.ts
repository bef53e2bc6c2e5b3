import { useQuery } from '@tanstack/react-query'
import { answer, api, type Reply } from '../ui/api.ts'
import { useWording } from '../ui/wording.ts'

export type Notice = Reply<'/api/v1/notice'>

/** The newest notice in the reader's language. */
export function useNotice() {
  const { language } = useWording()
  return useQuery({
    queryKey: ['notice', language],
    queryFn: () => answer(api.GET('/api/v1/notice', { params: { query: { language } } })),
    staleTime: 60_000,
  })
}
