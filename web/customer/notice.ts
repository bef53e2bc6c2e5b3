import { useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api, asProblem, type Reply } from '../ui/api.ts'
import { catalogueQuery } from '../ui/catalogue.ts'
import { useWording } from '../ui/wording.ts'

export type Notice = Reply<'/api/v1/notice'>

/** The newest notice in the reader's language. */
export function useNotice() {
  const { language } = useWording()
  return useQuery({
    queryKey: ['notice', language],
    queryFn: async ({ client }) => {
      const notice = await answer(api.GET('/api/v1/notice', { params: { query: { language } } }))
      const known = client.getQueryData(catalogueQuery.queryKey) ?? []
      const named = notice.purposes.flatMap(purpose => purpose.fields)
      // What is new in the notice is new in the catalogue, which has the words for it.
      if (!named.every(code => known.some(field => field.code === code)))
        await client.fetchQuery({ ...catalogueQuery, staleTime: 0 })
      return notice
    },
    staleTime: 60_000,
  })
}

/** Whether an agreement was refused because the company has published a newer notice since this one was read, or asks another age. */
export const isOutdated = (error: unknown): boolean =>
  asProblem(error).faults.some(fault => fault.field === 'notice_version' || fault.field === 'said_age')

/** Asks for the newest notice, and for what it names. */
export function useNewNotice() {
  const questions = useQueryClient()
  return async (): Promise<void> => {
    void questions.invalidateQueries({ queryKey: catalogueQuery.queryKey })
    await questions.invalidateQueries({ queryKey: ['notice'] })
  }
}
