import { isOneMistake, jaroWinkler } from './string-likeness.ts'

/** What is compared of a person, as they gave it. What is not known is left out or empty. */
export interface Person {
  given?: string
  surname?: string
  /** `YYYY-MM-DD`. */
  birth?: string
  /** Street and house number. */
  street?: string
  town?: string
  postcode?: string
  phone?: string
  email?: string
  nationalId?: string
}

type Outcome = 'same' | 'near' | 'different'

/**
 * What each outcome says, in bits: log2(m / u), where m is how often it is seen of one person's two records and u of two
 * people's (I. P. Fellegi, A. B. Sunter, "A Theory for Record Linkage", JASA 64, 1969). Fixed, the same for frequent and rare
 * names, estimated from what is known of such data and not from any customer's. What is missing says nothing: 0.
 */
const bits: Readonly<Record<string, Readonly<Record<Outcome, number>>>> = {
  given: { same: 6, near: 3.5, different: -5 },
  surname: { same: 7, near: 4, different: -5 },
  birth: { same: 12, near: 6.5, different: -5 },
  home: { same: 9, near: 5, different: -1 },
  phone: { same: 9, near: 4, different: -1 },
  email: { same: 12, near: 6, different: -0.5 },
  nationalId: { same: 18, near: 10, different: -5 },
}

/** From how many bits on two records are taken for one person's, which a person then decides. */
export const likelyOne = 14

export interface Likeness {
  /** Sum of what was compared, in bits; each one doubles the odds. */
  weight: number
  likely: boolean
  /** What was known of both, and how it compares: names of parts, no value. */
  parts: Partial<Record<string, Outcome>>
}

/**
 * How likely two records are one person's. Tolerates what is mistyped or missing, given name and surname swapped, day and month
 * swapped. Never likely by the home and family name alone: who lives together shares both. Pure and symmetric.
 */
export function compare(one: Person, other: Person): Likeness {
  const parts: Partial<Record<string, Outcome>> = {
    ...namesOf(one, other),
    ...outcome('birth', plain(one.birth), plain(other.birth), isBirthNear),
    ...outcome('phone', lastDigits(one.phone), lastDigits(other.phone), isOneMistake),
    ...outcome('email', lower(one.email), lower(other.email), isOneMistake),
    ...outcome('nationalId', plain(one.nationalId), plain(other.nationalId), isNumberNear),
    ...homeOf(one, other),
  }
  const weight = weightOf(parts)
  return { weight, likely: weight >= likelyOne && isOfPerson(parts), parts }
}

/** A household shares home and telephone, so of what these two say for it the greater counts and not both. */
function weightOf({ home, phone, ...own }: Likeness['parts']): number {
  const shared = [
    ...(home === undefined ? [] : [bits.home![home]]),
    ...(phone === undefined ? [] : [bits.phone![phone]]),
  ]
  return worthOf(own) + (shared.length === 0 ? 0 : Math.max(...shared))
}

/**
 * Who lives together shares home, telephone and surname, and twins the birth date as well: where the given names differ, a
 * number or an address of one's own must agree; where they are not known, that or the birth date.
 */
function isOfPerson({ given, birth, nationalId, email }: Likeness['parts']): boolean {
  const own = [nationalId, email].some(agrees)
  if (given === 'different') return own
  return own || agrees(birth) || (given !== undefined && birth !== 'different')
}

const agrees = (found: Outcome | undefined): boolean => found === 'same' || found === 'near'

function outcome(
  part: string,
  one: string,
  other: string,
  isNear: (one: string, other: string) => boolean,
): Likeness['parts'] {
  if (one === '' || other === '') return {}
  return { [part]: one === other ? 'same' : isNear(one, other) ? 'near' : 'different' }
}

/** Given name and surname as they stand or the other way round, whichever fits better. */
function namesOf(one: Person, other: Person): Likeness['parts'] {
  const [given, surname] = [plain(one.given), plain(one.surname)]
  const [otherGiven, otherSurname] = [plain(other.given), plain(other.surname)]
  const straight = {
    ...outcome('given', given, otherGiven, isNameNear),
    ...outcome('surname', surname, otherSurname, isNameNear),
  }
  const swapped = crossed([
    outcome('given', given, otherSurname, isNameNear).given,
    outcome('given', surname, otherGiven, isNameNear).given,
  ])
  return worthOf(swapped) > worthOf(straight) ? swapped : straight
}

/** Which of two swapped names is the given one nobody knows: what fits worse counts as that, so that twins stay apart. */
function crossed(found: (Outcome | undefined)[]): Likeness['parts'] {
  const [given, surname] = (['different', 'near', 'same'] as const).flatMap(outcome =>
    found.filter(one => one === outcome),
  )
  return { ...(given === undefined ? {} : { given }), ...(surname === undefined ? {} : { surname }) }
}

const worthOf = (parts: Likeness['parts']) =>
  Object.entries(parts).reduce((sum, [part, found]) => sum + bits[part]![found!], 0)

/** A short form begins the long one (`Alex`, `Alexander`). */
const isNameNear = (one: string, other: string): boolean =>
  jaroWinkler(one, other) >= 0.85 || isOneMistake(one, other) || isBeginning(one, other)

const isBeginning = (one: string, other: string): boolean =>
  Math.min(one.length, other.length) >= 3 && (one.startsWith(other) || other.startsWith(one))

/** Day and month swapped, or one mistake of typing. */
function isBirthNear(one: string, other: string): boolean {
  const swapped = one.slice(0, 4) + one.slice(6, 8) + one.slice(4, 6)
  return swapped === other || isOneMistake(one, other)
}

/** A number of one's own with one mistake in it; short ones are too close together. */
const isNumberNear = (one: string, other: string): boolean => one.length >= 6 && isOneMistake(one, other)

/** A home is one thing: street, town and postal code are typed together and change together. */
function homeOf(one: Person, other: Person): Likeness['parts'] {
  const found = [
    outcome('street', plain(one.street), plain(other.street), (a, b) => jaroWinkler(a, b) >= 0.85),
    outcome('town', plain(one.town), plain(other.town), (a, b) => jaroWinkler(a, b) >= 0.85),
    outcome('postcode', plain(one.postcode), plain(other.postcode), isOneMistake),
  ].flatMap(part => Object.values(part))
  if (found.length === 0) return {}
  const same = found.filter(part => part === 'same').length
  const different = found.filter(part => part === 'different').length
  if (different === 0 && same >= 2) return { home: 'same' }
  return { home: found.length - different >= 2 ? 'near' : 'different' }
}

/** Letters and digits alone, without marks and case. */
const plain = (text = ''): string =>
  text
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase()

const lower = (text = ''): string => text.trim().toLowerCase()

/** Country codes and leading zeros are written or not: the last nine digits tell telephones apart. */
const lastDigits = (phone = ''): string => phone.replace(/\D/g, '').slice(-9)
