import { soundex } from './blocking-key.ts'

/**
 * Whether two names, as words, may be one person's: each word of the shorter fits a word of the longer, and no two fit the
 * same. Words fit that are the same, sound the same, differ by one mistake of typing, or of which one begins the other. Two
 * empty names fit nobody.
 */
export function isNameLike(one: readonly string[], other: readonly string[]): boolean {
  const [few, many] = one.length <= other.length ? [one, [...other]] : [other, [...one]]
  if (few.length === 0) return false
  return few.every(word => {
    const at = many.findIndex(candidate => isWordLike(word, candidate))
    if (at < 0) return false
    many.splice(at, 1)
    return true
  })
}

const isWordLike = (one: string, other: string): boolean =>
  one === other || soundex(one) === soundex(other) || isOneMistake(one, other) || begins(one, other)

const begins = (one: string, other: string): boolean =>
  Math.min(one.length, other.length) >= 3 && (one.startsWith(other) || other.startsWith(one))

/**
 * Whether one mistake makes the one of the other: a sign too many, too few or another, or two neighbours that are swapped
 * (F. J. Damerau, "A technique for computer detection and correction of spelling errors", CACM 7(3), 1964). Of words of two
 * letters, almost all would be.
 */
function isOneMistake(one: string, other: string): boolean {
  if (Math.min(one.length, other.length) < 3 || Math.abs(one.length - other.length) > 1) return false
  if (one.length > other.length) return isOneMistake(other, one)
  let at = 0
  while (at < one.length && one[at] === other[at]) at++
  if (one.length < other.length) return one.slice(at) === other.slice(at + 1)
  if (one.slice(at + 1) === other.slice(at + 1)) return true
  return one[at] === other[at + 1] && one[at + 1] === other[at] && one.slice(at + 2) === other.slice(at + 2)
}
