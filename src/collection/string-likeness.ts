/**
 * How alike two words are, from 0 to 1, where letters are swapped, missing or mistyped: Jaro's measure with Winkler's
 * addition for a beginning that is the same (W. E. Winkler, "String Comparator Metrics and Enhanced Decision Rules in the
 * Fellegi-Sunter Model of Record Linkage", 1990; a tenth for each of at most four letters). Symmetric; two empty words are
 * not alike.
 */
export function jaroWinkler(one: string, other: string): number {
  if (one === other) return one === '' ? 0 : 1
  const jaro = jaroOf([...one], [...other])
  let same = 0
  while (same < 4 && same < one.length && one[same] === other[same]) same++
  return jaro + same * 0.1 * (1 - jaro)
}

function jaroOf(one: readonly string[], other: readonly string[]): number {
  const reach = Math.max(0, Math.floor(Math.max(one.length, other.length) / 2) - 1)
  const used = new Array<boolean>(other.length).fill(false)
  const common = one.filter((letter, at) => {
    for (let to = Math.max(0, at - reach); to <= Math.min(other.length - 1, at + reach); to++)
      if (!used[to] && other[to] === letter) {
        used[to] = true
        return true
      }
    return false
  })
  if (common.length === 0) return 0
  const theirs = other.filter((_, at) => used[at])
  const transposed = common.filter((letter, at) => letter !== theirs[at]).length / 2
  const count = common.length
  return (count / one.length + count / other.length + (count - transposed) / count) / 3
}

/**
 * Whether one mistake makes the one of the other: a sign too many, too few or another, or two neighbours that are swapped
 * (F. J. Damerau, "A technique for computer detection and correction of spelling errors", CACM 7(3), 1964). What is the
 * same is not one mistake away.
 */
export function isOneMistake(one: string, other: string): boolean {
  if (one === other || Math.abs(one.length - other.length) > 1) return false
  if (one.length > other.length) return isOneMistake(other, one)
  let at = 0
  while (at < one.length && one[at] === other[at]) at++
  if (one.length < other.length) return one.slice(at) === other.slice(at + 1)
  if (one.slice(at + 1) === other.slice(at + 1)) return true
  return one[at] === other[at + 1] && one[at + 1] === other[at] && one.slice(at + 2) === other.slice(at + 2)
}
