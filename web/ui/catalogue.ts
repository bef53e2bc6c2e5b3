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
      // Records, such as a purchase, are the program's own and have its words.
      const asked = items.filter(one => one.type !== null)
      const field = Object.fromEntries(asked.map(one => [one.code, one.label[language]]))
      i18next.addResourceBundle(language, 'translation', { field }, true, true)
    }
    return items
  },
  staleTime: 60_000,
})

export const useCatalogue = () => useQuery(catalogueQuery)

/** The field of this code; undefined for what the catalogue does not know. */
export const useCatalogueField = (code: string): CatalogueField | undefined =>
  useCatalogue().data?.find(one => one.code === code)

/** Whether its value comes in by a way of its own: sealed in the browser, for the keeper alone. */
export const isSealed = (field: CatalogueField): boolean => field.sealed

/** Whether a value of this field is covered until its owner asks to see it. */
export const isCovered = (field: CatalogueField): boolean => field.sensitive || isSealed(field)
