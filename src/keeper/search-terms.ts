// What is looked for, and what of whoever is found leaves the keeper.

/** What a customer is looked for by: exactly, or by a name that may be mistyped with the birth date (`YYYY-MM-DD`). */
export type SearchTerm =
  | { by: 'email'; email: string }
  | { by: 'phone'; phone: string }
  | { by: 'person'; name: string; birth: string }
  /** Whom the company’s own books have under a number. */
  | { by: 'number'; customers: string[] }

/** What of one sealed box helps to recognise whom it is about, masked; the database knows whether the box still counts. */
export interface FoundPart {
  compartment: string
  version: number
  slot: number
  /** It is in this box that the term was found. */
  matched: boolean
  shown: { name?: string; email?: string; phone?: string }
}

export interface FoundPerson {
  customer: string
  parts: FoundPart[]
}

/** `whole` is false while not everybody is in the index: then nobody was looked for. */
export interface SearchReply {
  whole: boolean
  found: FoundPerson[]
  /** There were more than are told. */
  more: boolean
}
