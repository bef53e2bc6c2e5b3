import { Button } from '@mantine/core'
import { createContext, use } from 'react'
import { cardBrands } from './card-brand.ts'
import { takeOutCards } from './datum.ts'
import { tell } from './notice.tsx'
import { useWording } from './wording.ts'

/** A card that stood in a text. */
export interface FoundCard {
  brand: string
  last4: string
  number: string
}

/** Where a page has a form for cards: what it is called, and how a card is put into it. Answers how to take it back. */
export interface CardForm {
  label: string
  /** What of the card goes there, in words. */
  say: (card: FoundCard) => string
  put: (card: FoundCard) => () => void
}

/** Null where a page has none, or none that this person has agreed to. */
export const CardFormHere = createContext<CardForm | null>(null)

/** A card as people know it again: `Visa •••• 4242`. */
export const knownCard = ({ brand, last4 }: FoundCard): string =>
  [cardBrands[brand], `•••• ${last4}`].filter(Boolean).join(' ')

/**
 * Beside a text that was refused for the number or the code of a card: offers to take it out, and to note the card where it
 * belongs. All of it happens in this page; nothing of the text is sent. What was done is told, and can be undone.
 */
export function CardOffer({
  fault,
  name,
  text,
  onChange,
}: {
  fault: string | undefined
  /** By which the input of the text is found. */
  name: string
  text: unknown
  onChange: (text: string) => void
}) {
  const { t } = useWording()
  const form = use(CardFormHere)
  if ((fault !== 'card_number' && fault !== 'security_code') || typeof text !== 'string') return null

  const restore = (undo: () => void) => () => {
    undo()
    onChange(text)
    tell(t('datum.takeOut.restored'))
  }
  const take = async (into: CardForm | null) => {
    const trace = await takeOutCards(text)
    if (trace === null) return
    const [card] = trace.cards
    const undo = into !== null && card !== undefined ? into.put(card) : () => {}
    onChange(trace.text)
    const done =
      into !== null && card !== undefined
        ? t('datum.takeOut.moved', { what: into.say(card), field: into.label })
        : t('datum.takeOut.removed', { count: trace.cards.length + trace.codes })
    tell(done, { label: t('datum.takeOut.undo'), act: restore(undo) })
    // Where the form for the card opens, that has the focus.
    if (into === null) document.getElementsByName(name)[0]?.focus()
  }
  return (
    <div className="row card-offer">
      {form !== null && fault === 'card_number' ? (
        <Button size="compact-md" onClick={() => void take(form)}>
          {t('datum.takeOut.move')}
        </Button>
      ) : null}
      <Button variant="default" size="compact-md" onClick={() => void take(null)}>
        {t('datum.takeOut.remove')}
      </Button>
    </div>
  )
}
