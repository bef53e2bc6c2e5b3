import { useTranslation } from 'react-i18next'
import { asProblem } from './api.ts'
import type { Language } from './languages.ts'

type Group =
  | 'field'
  | 'compartment'
  | 'purpose'
  | 'taskType'
  | 'source'
  | 'verified'
  | 'kind'
  | 'problem'
  | 'fault'
  | 'role'
  | 'policy'
  | 'result'
  | 'why'

/** Puts codes, times, money and numbers into the reader's words. A code without a word is shown as it is. */
export function useWording() {
  const { t, i18n } = useTranslation()
  const language: Language = i18n.language === 'it' ? 'it' : 'en'
  // Times are read in Europe: 24 hours and the day before the month, also in English.
  const locale = language === 'it' ? 'it-IT' : 'en-GB'
  const word = (group: Group, code: string, otherwise = code): string => {
    const key = `${group}.${code.replaceAll('.', '_')}`
    return (t as (key: string, options: { defaultValue: string }) => string)(key, { defaultValue: otherwise })
  }
  return {
    t,
    language,
    word,
    words: (group: Group, codes: string[]): string =>
      new Intl.ListFormat(locale, { type: 'conjunction' }).format(codes.map(code => word(group, code))),
    /** What went wrong, in a sentence. */
    sentenceOf: (error: unknown): string => word('problem', asProblem(error).code),
    /** A day of the calendar, which is the same day everywhere. */
    date: (day: string) =>
      new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(day)),
    day: (time: string) => new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(new Date(time)),
    moment: (time: string) =>
      new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time)),
    hour: (time: string) => new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(new Date(time)),
    number: (value: number) => new Intl.NumberFormat(locale).format(value),
    decimal: (value: string) => decimal(locale, value),
    /** The name of a country or a language by its code. */
    nameOf: (type: 'country' | 'language', code: string) => nameOf(language, type, code),
    list: (parts: string[]) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(parts),
    money: (price: Money) => money(locale, price),
    distance: (time: string, now: number) => distance(locale, new Date(time).getTime() - now),
  }
}

/** A decimal is a text, which holds all its digits, and keeps its places. A year is no amount: 2024 has no sign in it. */
function decimal(locale: string, value: string): string {
  const places = value.split('.')[1]?.length ?? 0
  const format = new Intl.NumberFormat(locale, {
    ...{ minimumFractionDigits: places, maximumFractionDigits: places, useGrouping: 'min2' },
  })
  return format.format(value as Intl.StringNumericLiteral)
}

function nameOf(language: Language, type: 'country' | 'language', code: string): string {
  try {
    return new Intl.DisplayNames(language, { type: type === 'country' ? 'region' : type }).of(code) ?? code
  } catch {
    return code
  }
}

interface Money {
  amount: number
  currency: string
  exponent?: number | undefined
}

/** Amounts are integers of minor units; how many of them make a whole is said with them, or is the currency's rule. */
function money(locale: string, { amount, currency, exponent }: Money): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency })
  const digits = exponent ?? format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format(amount / 10 ** digits)
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

function distance(locale: string, milliseconds: number): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  for (const [unit, length] of steps) {
    if (Math.abs(milliseconds) >= length) return format.format(Math.trunc(milliseconds / length), unit)
  }
  return format.format(0, 'minute')
}

/** A value as text; what is more than text is shown as it is kept. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
