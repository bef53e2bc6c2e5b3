import * as z from 'zod'
import { holdsCardNumber } from './card-number.ts'
import { linesRule } from './text.ts'

/**
 * A text of several lines that people write about a customer. Refuses what `linesRule` refuses, and as `card_number` one
 * that holds what looks like the number of a payment card: a free text is no place for it (PCI DSS 3.2.1).
 */
export const freeTextRule = (most: number) =>
  linesRule(most).pipe(z.string().refine(text => !holdsCardNumber(text), 'card_number'))
