import type { ReactNode } from 'react'
import { CardFormHere, knownCard } from '../ui/card-offer.tsx'
import { type CatalogueField, useCatalogue } from '../ui/catalogue.ts'
import { useWording } from '../ui/wording.ts'
import { handOver } from './handover.ts'
import { fieldsOf, isMine, isTheirs, useConsents } from './own-data.ts'

/** Lets the texts of a page hand a card to its own form: where cards are asked for, and this person has agreed to it. */
export function WithCardForm({ level, children }: { level: number; children: ReactNode }) {
  const { language } = useWording()
  const catalogue = useCatalogue()
  const consents = useConsents()
  const agreed = fieldsOf(consents.data ?? [])
  const theirs = (type: string) => (field: CatalogueField) =>
    field.type === type && isTheirs(field) && isMine(field, level) && agreed.has(field.code)
  const fields = catalogue.data ?? []
  const whole = fields.find(theirs('card_number'))
  const known = fields.find(theirs('card_reference'))
  const field = whole ?? known
  const form =
    field === undefined
      ? null
      : {
          label: field.label[language],
          say: knownCard,
          put: ({ brand, last4, number }: { brand: string; last4: string; number: string }) =>
            handOver(field.code, field === whole ? number : { brand, last4 }),
        }
  return <CardFormHere value={form}>{children}</CardFormHere>
}
