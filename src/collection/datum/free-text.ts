import * as z from 'zod'
import { holdsCardNumber } from './card-number.ts'
import { holdsSecurityCode } from './security-code-text.ts'
import { linesRule } from './text.ts'

/**
 * A text of several lines that people write about a customer. Refuses what `linesRule` refuses, and as `card_number` one
 * that holds what looks like the number of a payment card: a free text is no place for it (PCI DSS 3.2.1). A card's security
 * code is refused as `security_code`, here and everywhere (PCI DSS 3.3.1).
 */
export const freeTextRule = (most: number) => withoutCard(linesRule(most))

/** The same refusals for what is given as a text under another rule. */
export const withoutCard = (rule: z.ZodType<string>) =>
  rule.pipe(
    z.string().superRefine((text, context) => {
      const fault = cardFault(text)
      if (fault !== null) context.addIssue({ code: 'custom', message: fault })
    }),
  )

/** What of a card a text holds that it must not, or null. */
export function cardFault(text: string): 'card_number' | 'security_code' | null {
  if (holdsCardNumber(text)) return 'card_number'
  return holdsSecurityCode(text) ? 'security_code' : null
}
