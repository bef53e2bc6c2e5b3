import { findDisguisedCards } from './card-disguise.ts'
import { issuerOf } from './card-issuer.ts'
import { asciiDigits } from './digit.ts'
import { findIbans } from './iban-place.ts'
import { passesLuhn } from './luhn.ts'
import { faulty, kept, spelled } from './spelling.ts'

const fewest = 13
const most = 19

/** What people and programs put between the digits of a card number: blanks, dashes, points, and what nobody sees. */
const between = String.raw`[\p{Zs}\t\p{Pd}\u2212.\u00b7\u2024\u2027\uff0e\p{Default_Ignorable_Code_Point}]`
const separators = new RegExp(between, 'gu')
const separated = new RegExp(`^${between}{1,3}$`, 'u')

/** The number of a payment card, kept as 13 to 19 digits: only for the module that may hold it, which is off by default. */
export const cardNumberRule = spelled(line => {
  const digits = line.replace(separators, '')
  if (!/^\p{Nd}{13,19}$/u.test(digits)) return faulty('card_length')
  return passesLuhn(asciiDigits(digits)) ? kept(asciiDigits(digits)) : faulty('card_check')
})

/** Where something stands in a text: from the first UTF-16 unit to before the last, as `slice` takes them. */
export interface Place {
  start: number
  end: number
}

/**
 * Where a text holds what looks like the number of a payment card: 13 to 19 digits of any script, in groups or not, that
 * pass Luhn and begin like the numbers of a known issuer. Only whole groups of digits on one line are taken: a longer
 * number that has a card's in its middle is an order number, not a card's. Where there is none of these, one in a disguise
 * is looked for (`card-disguise.ts`).
 */
export function findCardNumbers(text: string): Place[] {
  const groups = groupsOf(text)
  const places: Place[] = []
  for (let first = 0; first < groups.length; first += 1) {
    const last = lastGroupOf(groups, first)
    if (last === null) continue
    places.push({ start: groups[first]?.start ?? 0, end: groups[last]?.end ?? 0 })
    first = last
  }
  return places.length > 0 ? places : findDisguisedCards(text)
}

/** Whether `findCardNumbers` would find any. */
export const holdsCardNumber = (text: string): boolean => findCardNumbers(text).length > 0

interface Group extends Place {
  digits: string
  /** Only what stands between digits lies between it and the group before. */
  joined: boolean
}

function groupsOf(text: string): Group[] {
  let before = 0
  const accounts = findIbans(text)
  const found = [...text.matchAll(/\p{Nd}+/gu)].map(found => {
    const start = found.index
    const end = start + found[0].length
    const joined = separated.test(text.slice(before, Math.min(start, before + 4)))
    before = end
    // A group that is too long alone is in no card number: what it reads in ASCII is never asked.
    return { digits: end - start > 2 * most ? found[0] : asciiDigits(found[0]), joined, start, end }
  })
  const inAccount = (group: Group | undefined) =>
    group !== undefined && accounts.some(({ start, end }) => group.start >= start && group.end <= end)
  if (accounts.length === 0) return found
  return found
    .map((group, at) => (inAccount(found[at - 1]) ? { ...group, joined: false } : group))
    .filter(group => !inAccount(group))
}

/** The last group of the longest card number that begins with the first, or null. */
function lastGroupOf(groups: Group[], first: number): number | null {
  let digits = ''
  let last: number | null = null
  for (let next = first; next < groups.length; next += 1) {
    const group = groups[next]
    if (group === undefined || (next > first && !group.joined)) break
    digits += group.digits
    if (digits.length > most) break
    if (digits.length >= fewest && issuerOf(digits) !== null && passesLuhn(digits)) last = next
  }
  return last
}
