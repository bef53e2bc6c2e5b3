import type { Part } from './people.ts'
import type { FoundPart } from './search-terms.ts'

/**
 * What of a person's values leaves the keeper in a search: enough to recognise whom one is talking to, and too little to
 * learn who they are. Of each word of the name the first letter, of an e-mail address the first letter, of a telephone number
 * the last two digits; no length is shown.
 */
export function maskedCard({ name, email, phone }: Part): FoundPart['shown'] {
  return {
    ...(name === undefined ? {} : { name: name.split(/\s+/u).slice(0, 4).map(initial).join(' ') }),
    ...(email === undefined ? {} : { email: `${initial(email)}@•••` }),
    ...(phone === undefined ? {} : { phone: `••• ${phone.slice(-2)}` }),
  }
}

const initial = (word: string): string => `${[...word][0]}•••`
