import { readDate, type Today } from './date.ts'
import { faulty, spelled } from './spelling.ts'

/** The oldest age that was ever proved is 122 years (Jeanne Calment, 1875 to 1997); a few more are granted. */
const mostYears = 125

/**
 * The day on which somebody was born. Refuses what `dateRule` refuses, as `future` a day after today and as `too_old` one
 * that is more than 125 years ago.
 */
export const birthDateRule = (on: Today) =>
  spelled(line => {
    const date = readDate(line)
    if ('fault' in date) return date
    const fault = birthFault(date.kept, on)
    return fault === null ? date : faulty(fault)
  })

/** What keeps a day of the calendar from being a living person's day of birth, or null. */
export function birthFault(date: string, { today }: Today): 'future' | 'too_old' | null {
  if (date > today) return 'future'
  // ISO dates are in the order of their texts, and so is a 29 February of a year that has none.
  const first = String(Number(today.slice(0, 4)) - mostYears).padStart(4, '0') + today.slice(4)
  return date < first ? 'too_old' : null
}
