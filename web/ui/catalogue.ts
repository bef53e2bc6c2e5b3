import { queryOptions, useQuery } from '@tanstack/react-query'
import i18next from 'i18next'
import { answer, api, type ItemOf } from './api.ts'

/** A field of the company's catalogue, as everybody may see it. */
export type CatalogueField = ItemOf<'/api/v1/fields'>

/** The catalogue as it is now. Its words become the page's words for these fields, in both languages. */
export const catalogueQuery = queryOptions({
  queryKey: ['fields'],
  queryFn: async () => {
    const { items } = await answer(api.GET('/api/v1/fields'))
    for (const language of ['en', 'it'] as const) {
      const field = Object.fromEntries(items.map(one => [one.code, one.label[language]]))
      i18next.addResourceBundle(language, 'translation', { field }, true, true)
    }
    return items
  },
  staleTime: 60_000,
})

export const useCatalogue = () => useQuery(catalogueQuery)
