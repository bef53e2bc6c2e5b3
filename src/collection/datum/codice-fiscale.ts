import { birthFault } from './birth-date.ts'
import { isDate, type Today } from './date.ts'
import { passesLuhn } from './luhn.ts'
import { closedUp, faulty, kept, spelled } from './spelling.ts'

// Everything here is from the decree of the Italian minister of finance of 23 December 1976, n. 13813, "Sistemi di
// codificazione dei soggetti da iscrivere all'anagrafe tributaria". Places are counted from 0.

/** The letters of the months, from January on. */
const months = 'ABCDEHLMPRST'

/** When two people would have one code, letters stand for the digits 0 to 9, beginning with the last place (omocodia). */
const forDigits = 'LMNPQRSTUV'
const digitPlaces = [6, 7, 9, 10, 12, 13, 14]

const digit = String.raw`[\d${forDigits}]`
const form = new RegExp(`^[A-Z]{6}${digit}{2}[${months}]${digit}{2}[A-MZ]${digit}{3}[A-Z]$`)

/** Three letters of a surname or a name: its consonants, then its vowels, then X where there are too few. */
const nameForm = /^[B-DF-HJ-NP-TV-Z]*[AEIOU]*X*$/

/** What a sign at an odd place (the first, the third…) adds to the sum: for 0 to 9 as for the letters A to J. */
const oddWorth = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
]

/**
 * The Italian tax code of a person, kept without blanks in capitals: 16 signs, or the 11 digits that are given before
 * those are known. Refuses as `codice_fiscale` what has not the form of either, as `check_character` one whose last sign
 * does not follow from the others, and as `birth_in_code` one whose date of birth is in no calendar.
 */
export const codiceFiscaleRule = spelled(line => {
  const code = closedUp(line)
  if (isProvisional(code)) return passesLuhn(code) ? kept(code) : faulty('check_character')
  if (!hasForm(code)) return faulty('codice_fiscale')
  if (code[15] !== checkCharacter(code)) return faulty('check_character')
  return datesIn(code).length > 0 ? kept(code) : faulty('birth_in_code')
})

export interface EncodedBirth {
  /** The days that it may be, from the earliest on: the code has two digits of the year, so 1924 and 2024 are one. */
  dates: string[]
  /** What the registry office has entered: the letter of the decree, by which the day is raised by 40 or not. */
  sex: 'F' | 'M'
}

/**
 * What a codice fiscale that the rule keeps says of its owner's birth, so that it can be held against what else is known.
 * Only the days are told on which somebody alive today may be born, so there may be none. Null for the provisional code,
 * which says nothing, and for what is no code.
 */
export function birthIn(code: string, on: Today): EncodedBirth | null {
  if (!hasForm(code) || code[15] !== checkCharacter(code)) return null
  const dates = datesIn(code).filter(date => birthFault(date, on) === null)
  return { dates, sex: encodedDay(code) > 40 ? 'F' : 'M' }
}

const isProvisional = (code: string): boolean => /^\d{11}$/.test(code)

const hasForm = (code: string): boolean =>
  form.test(code) && nameForm.test(code.slice(0, 3)) && nameForm.test(code.slice(3, 6))

function checkCharacter(code: string): string {
  const worths = [...code.slice(0, 15)].map((sign, place) => {
    const value = Number.parseInt(sign, 36)
    const index = value < 10 ? value : value - 10
    return place % 2 === 0 ? (oddWorth[index] ?? 0) : index
  })
  return String.fromCharCode(65 + (worths.reduce((sum, worth) => sum + worth, 0) % 26))
}

/** The code as it would be if nobody else had it: digits where letters stand for them. */
const withDigits = (code: string): string =>
  [...code]
    .map((sign, place) =>
      digitPlaces.includes(place) && forDigits.includes(sign) ? forDigits.indexOf(sign) : sign,
    )
    .join('')

const encodedDay = (code: string): number => Number(withDigits(code).slice(9, 11))

/** The days of the last three centuries that the code may mean. */
function datesIn(code: string): string[] {
  const year = withDigits(code).slice(6, 8)
  const month = String(months.indexOf(code[8] ?? '') + 1).padStart(2, '0')
  const day = String(encodedDay(code) % 40).padStart(2, '0')
  // 71 is a woman's last day. What lies beyond is nobody's, though 81 would come to the first of the month.
  if (encodedDay(code) > 71) return []
  return ['18', '19', '20'].map(century => `${century}${year}-${month}-${day}`).filter(isDate)
}
