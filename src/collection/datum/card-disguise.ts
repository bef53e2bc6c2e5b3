import { issuerOf } from './card-issuer.ts'
import type { Place } from './card-number.ts'
import { asciiDigits } from './digit.ts'
import { passesLuhn } from './luhn.ts'

const words = [
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'],
  ...['zero', 'uno', 'due', 'tre', 'quattro', 'cinque', 'sei', 'sette', 'otto', 'nove'],
]
/** Letters that stand for a digit where digits are around them. */
const alike: Readonly<Record<string, string>> = { o: '0', l: '1', i: '1', '|': '1', о: '0' }
const letters = 'OoОоlI|'
const spelledOrTyped = new RegExp(
  String.raw`(?<word>(?<![\p{L}\p{Nd}])(?:${words.join('|')})(?![\p{L}\p{Nd}]))` +
    String.raw`|(?<![\p{L}\p{Nd}])[${letters}]*\p{Nd}[\p{Nd}${letters}]*(?![\p{L}\p{Nd}])`,
  'giu',
)
/** What may stand between two parts of one number: a few signs, a new line among them, and no word. */
const between = /^[^\p{L}\p{Nd}]{0,4}$/u

/** How networks print their numbers: by what else would four fours be told from four numbers. */
const printed = ['4,4,4,4', '4,6,5', '4,4,4,4,3']
const fewestWords = 8
/** No rule keeps a longer text; none such is looked through. */
const longest = 20_000
/** Between groups that the plain rule sees already, which then has said that they are none. */
const plain = /^[\p{Zs}\t\p{Pd}\u2212.\u00b7\u2024\u2027\uff0e\p{Default_Ignorable_Code_Point}]{1,3}$/u
const mostLetters = 4

interface Part extends Place {
  digits: string
  word: boolean
  letters: number
  /** Nothing but such signs lies between it and the part before. */
  joined: boolean
  /** And by other signs than the plain rule takes. */
  odd: boolean
}

/**
 * Where a text holds a card's number in a disguise that a person reads through at once: digits in words, letters in place of
 * a few digits, or the printed groups with other signs or lines between them. Each must pass Luhn and be of an issuer, and
 * be whole: what stands beside it is no part of it.
 */
export function findDisguisedCards(text: string): Place[] {
  if (text.length > longest) return []
  const parts = partsOf(text)
  const places: Place[] = []
  for (let first = 0; first < parts.length; first++) {
    const last = lastOf(parts, first)
    if (last === null) continue
    places.push({ start: parts[first]!.start, end: parts[last]!.end })
    first = last
  }
  return places
}

/** The digits of such a place, in ASCII. */
export const readDigits = (text: string): string =>
  partsOf(text)
    .map(part => part.digits)
    .join('')

function partsOf(text: string): Part[] {
  let before = 0
  return [...text.matchAll(spelledOrTyped)].map(found => {
    const [given] = found
    const start = found.index
    const joined = start - before <= 8 && between.test(text.slice(before, start))
    const odd = joined && !plain.test(text.slice(before, start))
    before = start + given.length
    const word = found.groups?.word !== undefined
    const digits = word ? String(words.indexOf(given.toLowerCase()) % 10) : typed(given)
    const count = word ? 0 : [...given].filter(sign => letters.includes(sign)).length
    return { digits, word, letters: count, joined, odd, start, end: start + given.length }
  })
}

const typed = (given: string): string =>
  // No card is longer: what it reads is never asked.
  given.length > 60
    ? given
    : asciiDigits(given.replace(/[OoОоlI|]/gu, sign => alike[sign.toLowerCase()] ?? ''))

function lastOf(parts: readonly Part[], first: number): number | null {
  let last: number | null = null
  const run = { digits: '', groups: '', words: 0, letters: 0, count: 0, odd: false }
  for (let next = first; next < parts.length; next++) {
    const part = parts[next]!
    if (next > first && !part.joined) break
    run.count += 1
    run.digits += part.digits
    run.groups += `${run.groups === '' ? '' : ','}${part.digits.length}`
    run.letters += part.letters
    if (part.word) run.words += 1
    if (next > first && part.odd) run.odd = true
    if (run.digits.length > 19 || run.letters > mostLetters) break
    if (run.digits.length >= 13 && isDisguised(run) && isCard(run.digits)) last = next
    // Groups that no card has become none by what comes after them.
    if (run.words === 0 && !printed.some(groups => groups.startsWith(run.groups))) break
  }
  return last
}

const isCard = (digits: string): boolean => issuerOf(digits) !== null && passesLuhn(digits)

interface Run {
  groups: string
  words: number
  letters: number
  count: number
  odd: boolean
}

function isDisguised({ groups, words, letters, count, odd }: Run): boolean {
  if (words > 0) return words >= fewestWords
  if (!odd && letters === 0) return false
  return printed.includes(groups) || (letters > 0 && count === 1)
}
