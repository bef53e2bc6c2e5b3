/** What a person is looked for by, as plain text. What is not known is left out. */
export interface Sought {
  /** Given name and surname in any order, in one line. */
  name?: string
  /** `YYYY-MM-DD`, as it is kept. */
  birth?: string
  postcode?: string
  phone?: string
  nationalId?: string
}

/**
 * The keys under which a person is looked for among all others: two people are compared only where they share one. Each
 * joins two things that are typed apart, so that few strangers share a key and one mistyped thing hides nobody: a word of the
 * name by its sound with the birth date, or with the postal code; two words with the year of birth, or with the day and
 * month in either order; and each number that is a person's own. No key is made of a name alone. Duplicates are left out.
 */
export function blockingKeys({
  name = '',
  birth = '',
  postcode = '',
  phone = '',
  nationalId = '',
}: Sought): string[] {
  const sounds = [...new Set(wordsOf(name).map(soundex))].sort().slice(0, mostWords)
  const pairs = sounds.flatMap((one, at) => sounds.slice(at + 1).map(other => `${one}${other}`))
  const date = /^(\d{4})-?(\d\d)-?(\d\d)$/.exec(birth)
  const keys: string[] = []
  if (date !== null) {
    const [, year, month, day] = date as unknown as [string, string, string, string]
    keys.push(...sounds.map(sound => `birth ${sound} ${year}${month}${day}`))
    keys.push(...pairs.map(pair => `year ${pair} ${year}`))
    keys.push(...pairs.map(pair => `days ${pair} ${[month, day].sort().join('')}`))
    if (postcode !== '') keys.push(`home ${plain(postcode)} ${year}${month}${day}`)
  }
  if (postcode !== '') keys.push(...pairs.map(pair => `place ${pair} ${plain(postcode)}`))
  if (phone !== '') keys.push(`phone ${phone.replace(/\D/g, '')}`)
  if (nationalId !== '') keys.push(`id ${plain(nationalId)}`)
  return [...new Set(keys)]
}

/** More words than anybody's name needs would make a key with everybody. */
const mostWords = 5

const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase()

/** Words of a name of two letters and more, without marks: an apostrophe joins (`D’Angelo`), a hyphen divides. */
export const wordsOf = (name: string): string[] =>
  name
    .normalize('NFD')
    .replace(/[\p{M}'’]/gu, '')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter(word => word.length > 1)

const codes: Readonly<Record<string, string>> = {
  ...{ b: '1', f: '1', p: '1', v: '1', c: '2', g: '2', j: '2', k: '2', q: '2', s: '2', x: '2', z: '2' },
  ...{ d: '3', t: '3', l: '4', m: '5', n: '5', r: '6' },
}

/**
 * The sound of a word: its first letter and up to three digits (Soundex, as the US National Archives describe it: letters of
 * one code are written once, also across `h` and `w`). Letters beyond a to z are silent, but for the first.
 */
export function soundex(word: string): string {
  const [first = ''] = word
  let digits = ''
  let last = codes[first]
  for (const letter of word.slice(first.length)) {
    if (letter === 'h' || letter === 'w') continue
    const code = codes[letter]
    if (code !== undefined && code !== last) digits += code
    last = code
  }
  return first + digits.slice(0, 3).padEnd(3, '0')
}
