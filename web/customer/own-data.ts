import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, use, useEffect, useRef } from 'react'
import { answer, api, type ItemOf, type Reply } from '../ui/api.ts'
import type { CatalogueField } from '../ui/catalogue.ts'
import { useProving } from './proving.tsx'

export type OwnData = Reply<'/api/v1/portal/data'>
export type OwnValue = OwnData['values'][number]
export type Consent = ItemOf<'/api/v1/portal/consents'>

/** Everything held about me. */
export const useOwnData = () =>
  useQuery({
    queryKey: ['portal-data'],
    queryFn: () => answer(api.GET('/api/v1/portal/data')),
    // Each look is an entry in my own record: coming back within a minute does not make another.
    staleTime: 60_000,
  })

/** Asks for everything once more, with what is sensitive, and answers one value of it; after showing that it is me. */
export function useReveal() {
  const questions = useQueryClient()
  const prove = useProving()
  return async (code: string): Promise<unknown> => {
    const query = { sensitive: 'shown' as const }
    const data = await prove(() => answer(api.GET('/api/v1/portal/data', { params: { query } })))
    questions.setQueryData(['portal-data'], data)
    return data.values.find(value => value.field === code)?.value ?? null
  }
}

export const consentsQuery = queryOptions({
  queryKey: ['portal-consents'],
  queryFn: async () => (await answer(api.GET('/api/v1/portal/consents'))).items,
})

/** What I agreed to, the newest first. */
export const useConsents = () => useQuery(consentsQuery)

export const isLive = (consent: Consent): boolean => consent.withdrawn_at === null

/** The fields that these agreements name together, as far as they are live. */
export const fieldsOf = (consents: readonly Consent[]): Set<string> =>
  new Set(consents.filter(isLive).flatMap(consent => consent.fields))

/** Whether the customer may do anything with a value of this field. */
export const isMine = ({ editor, level }: CatalogueField, known: number): boolean =>
  editor === 'customer' && level <= known

/** Whether the customer may give or change a value of this field here and now. */
export const isTheirs = (field: CatalogueField): boolean =>
  field.type !== null && field.editor === 'customer' && field.asked !== 'no'

/** After what I have changed, the pages ask anew; resolves when what they show is as it is now. */
export function useRenewal() {
  const questions = useQueryClient()
  return async (): Promise<void> => {
    void questions.invalidateQueries({ queryKey: ['portal-entries'] })
    const shown = [['portal-consents'], ['portal-data']]
    await Promise.all(shown.map(queryKey => questions.invalidateQueries({ queryKey })))
  }
}

let awaited: { code: string; after: number } | null = null

/** When my data was asked for last, whatever became of it. */
const askedAt = (questions: QueryClient): number => {
  const { dataUpdatedAt = 0, errorUpdatedAt = 0 } = questions.getQueryState(['portal-data']) ?? {}
  return Math.max(dataUpdatedAt, errorUpdatedAt)
}

/** Gives the focus to the button of a field: once my data is asked for anew, or `atOnce`, when the page has it again. */
export function useReturn() {
  const questions = useQueryClient()
  return (code: string, { atOnce = false } = {}): void => {
    awaited = { code, after: atOnce ? -1 : askedAt(questions) }
  }
}

/** When what the page shows was asked for: it is a moment behind the answer. */
export const ShownAsOf = createContext(0)

/** For the button that opens the form of a field. */
export function useReturningFocus(code: string) {
  const shownAsOf = use(ShownAsOf)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (awaited?.code !== code || button.current === null || shownAsOf <= awaited.after) return
    awaited = null
    button.current.focus()
  })
  return button
}

/** Where what had the focus is gone and nothing in its place, the focus goes to its top. */
export function findPlace(): void {
  if (document.activeElement === document.body) document.querySelector<HTMLElement>('h1')?.focus()
}
