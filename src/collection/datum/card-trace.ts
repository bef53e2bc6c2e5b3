import { readDigits } from './card-disguise.ts'
import { type CardBrand, issuerOf } from './card-issuer.ts'
import { findCardNumbers, type Place } from './card-number.ts'
import { findSecurityCodes } from './security-code-text.ts'

/** What a text holds of payment cards, and the text without it. */
export interface CardTrace {
  text: string
  /** Each card that was named, in the order of the text. */
  cards: { brand: CardBrand; last4: string; number: string }[]
  /** How many security codes were taken out: of them nothing is known any more. */
  codes: number
}

/**
 * Takes the numbers of cards and their security codes out of a text, as `freeTextRule` finds them: what it answers passes
 * that rule. The rest stays as it was typed, but for the blanks that would stand doubled.
 */
export function takeOutCards(given: string): CardTrace {
  const trace: CardTrace = { text: given, cards: [], codes: 0 }
  // Taking one out may bring the digits beside it together, so it is looked for again until there is none.
  for (let left = given.length; left > 0; left--) {
    const [number] = findCardNumbers(trace.text)
    const [code] = number === undefined ? findSecurityCodes(trace.text) : []
    const place = number ?? code
    if (place === undefined) break
    if (number !== undefined) trace.cards.push(cardAt(trace.text, number))
    else trace.codes += 1
    trace.text = without(trace.text, place)
  }
  return trace
}

function cardAt(text: string, { start, end }: Place): CardTrace['cards'][number] {
  const number = readDigits(text.slice(start, end))
  return { brand: issuerOf(number) ?? 'other', last4: number.slice(-4), number }
}

function without(text: string, { start, end }: Place): string {
  const before = text.slice(0, start)
  const after = text.slice(end)
  const blanks = /[ \t]$/.test(before) || before === '' ? after.replace(/^[ \t]+/, '') : after
  // Digits that a removal would join are kept apart by a sign that belongs to no number.
  return /\p{Nd}\p{P}*$/u.test(before.trimEnd()) && /^\p{P}*\p{Nd}/u.test(blanks.trimStart())
    ? `${before}…${blanks}`
    : before + blanks
}
