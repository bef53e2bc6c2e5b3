import { queryOptions, useQuery } from '@tanstack/react-query'
import { answer, api } from './api.ts'

/** What anyone may know of the company: its name, whether it is open, whether it is a demo. */
export const companyQuery = queryOptions({
  queryKey: ['company'],
  queryFn: () => answer(api.GET('/api/v1/company')),
  staleTime: 60_000,
})

export const useCompany = () => useQuery(companyQuery)
