import { closedUp, faulty, kept, type Spelling } from './spelling.ts'

interface Form {
  /** Its letters and digits alone. */
  pattern: RegExp
  /** What is written between them: after so many from the beginning, or before so many from the end. */
  gap?: { at: number; sign: ' ' | '-' }
}

const space = (at: number) => ({ at, sign: ' ' }) as const
const dash = (at: number) => ({ at, sign: '-' }) as const

/**
 * How postal codes are written, by country: from the country sheets of the Universal Postal Union ("Addressing systems",
 * upu.int), for Ireland from the Eircode product guide and for Great Britain from the Royal Mail's PAF programmer's guide.
 */
const forms: Readonly<Record<string, Form>> = {
  AT: { pattern: /^[1-9]\d{3}$/ },
  BE: { pattern: /^[1-9]\d{3}$/ },
  BG: { pattern: /^[1-9]\d{3}$/ },
  CH: { pattern: /^[1-9]\d{3}$/ },
  CZ: { pattern: /^[1-7]\d{4}$/, gap: space(3) },
  DE: { pattern: /^\d{5}$/ },
  DK: { pattern: /^\d{4}$/ },
  ES: { pattern: /^(?:0[1-9]|[1-4]\d|5[0-2])\d{3}$/ },
  FI: { pattern: /^\d{5}$/ },
  FR: { pattern: /^\d{5}$/ },
  GB: { pattern: /^(?:[A-Z]{1,2}\d[A-Z\d]?\d[ABD-HJLNP-UW-Z]{2}|GIR0AA)$/, gap: space(-3) },
  GR: { pattern: /^[1-8]\d{4}$/, gap: space(3) },
  HR: { pattern: /^[1-5]\d{4}$/ },
  HU: { pattern: /^[1-9]\d{3}$/ },
  IE: { pattern: /^(?:[AC-FHKNPRTV-Y]\d{2}|D6W)[AC-FHKNPRTV-Y\d]{4}$/, gap: space(3) },
  IT: { pattern: /^\d{5}$/ },
  LI: { pattern: /^94(?:8[5-9]|9\d)$/ },
  LU: { pattern: /^[1-9]\d{3}$/ },
  NL: { pattern: /^[1-9]\d{3}[A-Z]{2}$/, gap: space(4) },
  PL: { pattern: /^\d{5}$/, gap: dash(2) },
  PT: { pattern: /^[1-9]\d{6}$/, gap: dash(4) },
  RO: { pattern: /^\d{6}$/ },
  SE: { pattern: /^[1-9]\d{4}$/, gap: space(3) },
  SI: { pattern: /^[1-9]\d{3}$/ },
  SK: { pattern: /^[089]\d{4}$/, gap: space(3) },
  SM: { pattern: /^4789\d$/ },
  US: { pattern: /^\d{5}(?:\d{4})?$/, gap: dash(5) },
  VA: { pattern: /^00120$/ },
}

const formOf = (country: string): Form | undefined =>
  Object.hasOwn(forms, country) ? forms[country] : undefined

/** Whether every address of this country has a postal code whose form is known here. */
export const hasPostalCodes = (country: string): boolean => formOf(country) !== undefined

/**
 * The one spelling of a country's postal code, from a clean line. Refuses as `postal_code` one that the country does not
 * write so; where its form is not known here, any is kept, in capitals.
 */
export function readPostalCode(line: string, country: string): Spelling {
  const form = formOf(country)
  if (form === undefined)
    return kept(line.replace(/\s+/g, ' ').replace(/[a-z]/g, letter => letter.toUpperCase()))
  const signs = closedUp(line).replaceAll('-', '')
  return form.pattern.test(signs) ? kept(withGap(signs, form)) : faulty('postal_code')
}

function withGap(signs: string, { gap }: Form): string {
  if (gap === undefined) return signs
  const [before, after] = [signs.slice(0, gap.at), signs.slice(gap.at)]
  return after === '' ? before : `${before}${gap.sign}${after}`
}
