import type { CatalogueField } from './catalogue.ts'
import type { Language } from './languages.ts'
import type { Envelope, Owner, SealingRule } from './sealing.ts'

/** How the page around it looks: the form looks the same. */
export interface Look {
  language: Language
  scheme: 'light' | 'dark'
}

/** What is bound into an envelope beside the values, as the portal knows it when somebody sends. */
export interface Terms {
  owner: Owner
  /** The version of the notice under which they agreed. */
  form: number
  rules: Record<string, SealingRule>
}

/** What the portal says to the form. The first is `open`, with the port over which all others go. */
export type ToForm =
  | {
      say: 'open'
      look: Look
      field: CatalogueField
      /** What the form begins with, which the portal knows anyway. */
      value: unknown
      /** Known by it in the log. */
      alias: string
    }
  | ({ say: 'look' } & { look: Look })
  | ({ say: 'terms' } & Terms)
  | { say: 'refused'; code: string; faults: { field: string; code: string }[] }

/**
 * What the form says to the portal: never a value, and of what is wrong with one not even the code. `wanted` comes when
 * somebody sends what is right by the rules of its field.
 */
export type FromForm =
  | { say: 'height'; pixels: number }
  | { say: 'wanted' }
  | { say: 'sealed'; envelope: Envelope }
  | { say: 'leave' }
