import type { Person } from '../collection/likeness.ts'
import type { Values } from './reading.ts'

/** What is compared of a customer; nobody is compared by anything else. */
export const comparedFields = [
  'name',
  'birth_date',
  'postal_address',
  'phone',
  'email',
  'codice_fiscale',
] as const

/** The values of a customer's profile as they are compared. The last word of a name is taken for the surname. */
export function personOf(values: Values): Person {
  const text = (field: string): string => {
    const value = values[field]?.value
    return typeof value === 'string' ? value : ''
  }
  const words = text('name').trim().split(/\s+/u)
  const home = Object(values.postal_address?.value) as Record<string, string | undefined>
  return {
    ...{ given: words.slice(0, -1).join(' '), surname: words.at(-1) ?? '', birth: text('birth_date') },
    street: `${home.street ?? ''} ${home.house_number ?? ''}`.trim(),
    ...{ town: home.city ?? '', postcode: home.postal_code ?? '' },
    ...{ phone: text('phone'), email: text('email'), nationalId: text('codice_fiscale') },
  }
}
