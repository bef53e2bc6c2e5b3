import type { Place } from './card-number.ts'

/** Where nobody means anything else: what the networks call it, and a code that is said to be a card's. */
const named = [
  ...['cvv2?', 'cvc2?', 'cvn2', 'cv2', 'card (?:security|verification) (?:code|number|value)'],
  ...['codice (?:cvv|cvc)', 'codice di sicurezza della (?:mia )?carta'],
  ...['kartenpr[uü]f(?:nummer|ziffer)', 'cryptogramme(?: visuel)?'],
]
/** Where a card must be spoken of as well: doors and parcels have codes too. */
const vague = [
  ...['security (?:code|number)', 'codice (?:di )?sicurezza', 'code de s[eé]curit[eé]'],
  ...['c[oó]digo de seguridad', 'sicherheitscode'],
]

/** What people write between the word and its digits: a sign, a blank, a short word. */
const link = String.raw`[\s:=.,#()\-–—'’"“”]*(?:(?:is|number|code|è|e'|numero|ist|lautet|est|es)[\s:=.,]+)?`
const digits = String.raw`(?<code>\p{Nd}[ .-]?\p{Nd}[ .-]?\p{Nd}(?:[ .-]?\p{Nd})?)(?![\p{Nd}])(?![.,/:-]\p{Nd})`
const patternOf = (words: string[]) =>
  new RegExp(`(?<![\\p{L}\\p{Nd}])(?:${words.join('|')})${link}${digits}`, 'giu')
const sure = patternOf(named)
const unsure = patternOf(vague)
const card =
  /(?<!\p{L})(?:cards?|cart[ae]|credit|credito|visa|mastercard|maestro|amex|bancomat|karte|carte|tarjeta)(?!\p{L})/iu

/**
 * Where a text gives the code that proves a card is at hand: three or four digits right after its name. Nobody may keep it
 * once a payment was authorised, sealed or not (PCI DSS 3.3.1). Digits without the name are digits.
 */
export function findSecurityCodes(text: string): Place[] {
  const patterns = card.test(text) ? [sure, unsure] : [sure]
  const places = patterns.flatMap(pattern =>
    [...text.matchAll(pattern)].map(found => {
      const end = found.index + found[0].length
      return { start: end - (found.groups?.code?.length ?? 0), end }
    }),
  )
  return places.sort((one, other) => one.start - other.start)
}

export const holdsSecurityCode = (text: string): boolean => findSecurityCodes(text).length > 0
