import { faulty, kept, type Spelling, spelled } from './spelling.ts'

/** The day on which something is judged, as an ISO date. A rule never asks the system's clock. */
export interface Today {
  today: string
}

/**
 * A day of the calendar, kept as `2026-11-27`. Refuses as `date` any other spelling, since 03/04 is two days in two
 * countries; as `date_missing_day` a month or a year alone; as `no_such_date` a day that its month lacks.
 */
export const dateRule = spelled(line => readDate(line))

/** The reading of `dateRule`, for rules that ask more of a day. */
export function readDate(line: string): Spelling {
  if (/^\d{4}(-\d{2})?$/.test(line)) return faulty('date_missing_day')
  if (!/^\d{4}-\d{2}-\d{2}$/.test(line)) return faulty('date')
  return isDate(line) ? kept(line) : faulty('no_such_date')
}

/** Whether a text of the form `2026-11-27` names a day of the Gregorian calendar (ISO 8601), from the year 1 on. */
export function isDate(iso: string): boolean {
  const [year = 0, month = 0, day = 0] = iso.split('-').map(Number)
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
}

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
