/**
 * A text in three parts: what begins as in the other, what differs, and what ends as in the other. Cut between letters, never
 * inside one.
 */
export function differing(text: string, beside: string): [before: string, differs: string, after: string] {
  const [one, other] = [[...text], [...beside]]
  const most = Math.min(one.length, other.length)
  let begin = 0
  while (begin < most && one[begin] === other[begin]) begin++
  let end = 0
  while (end < most - begin && one.at(-1 - end) === other.at(-1 - end)) end++
  const cut = one.length - end
  return [one.slice(0, begin).join(''), one.slice(begin, cut).join(''), one.slice(cut).join('')]
}
