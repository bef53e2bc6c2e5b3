import ICAL from 'ical.js'
import type { FileLine } from './import-file.ts'

/** What is read of a card, as the columns of a line. */
export const cardColumns = [
  ...['UID', 'FN', 'N.given', 'N.family', 'EMAIL', 'TEL', 'BDAY', 'LANG'],
  ...['ADR.extended', 'ADR.street', 'ADR.city', 'ADR.region', 'ADR.code', 'ADR.country'],
  ...['X-CONSENT-PURPOSES', 'X-CONSENT-DATE', 'X-CONSENT-SOURCE', 'X-CONSENT-FIELDS'],
] as const

/**
 * Reads the cards of a vCard file (RFC 2426 and 6350, versions 3.0 and 4.0), each as a line with `cardColumns`, under
 * the number of the line where it ends. Where a property stands several times, the preferred one counts, else the first. A
 * card that cannot be read, is not closed, or is of another version is a line with the fault `malformed`: the rest of
 * the file is read as ever.
 */
export function readCards(text: string): FileLine[] {
  const read: FileLine[] = []
  let card: string[] | null = null
  const rows = text.split(/\r\n|\n|\r/)
  for (const [at, row] of rows.entries()) {
    const mark = row.trim().toUpperCase()
    if (mark === 'BEGIN:VCARD') {
      if (card !== null) read.push({ line: at, columns: {}, fault: 'malformed' })
      card = []
    }
    card?.push(row)
    if (mark !== 'END:VCARD' || card === null) continue
    read.push(lineOf(card.join('\r\n'), at + 1))
    card = null
  }
  if (card !== null) read.push({ line: rows.length, columns: {}, fault: 'malformed' })
  return read
}

function lineOf(card: string, line: number): FileLine {
  try {
    const whole = new ICAL.Component(ICAL.parse(card) as unknown[] as never)
    if (!['3.0', '4.0'].includes(String(whole.getFirstPropertyValue('version'))))
      return { line, columns: {}, fault: 'malformed' }
    const columns = columnsOf(whole)
    const unclear = Object.values(columns).some(text => text.includes('\u{fffd}'))
    return { line, columns, ...(unclear ? { fault: 'encoding' } : {}) }
  } catch {
    // What the library says of it may quote the card.
    return { line, columns: {}, fault: 'malformed' }
  }
}

function columnsOf(card: ICAL.Component): Record<string, string> {
  const [family = '', given = ''] = partsOf(card, 'n')
  const [, extended = '', street = '', city = '', region = '', code = '', country = ''] = partsOf(card, 'adr')
  const x = (name: string) => textOf(card, `x-consent-${name}`)
  return {
    ...{ UID: textOf(card, 'uid').replace(/^urn:uuid:/i, ''), FN: textOf(card, 'fn') },
    ...{ 'N.given': given, 'N.family': family },
    ...{ EMAIL: textOf(card, 'email'), TEL: textOf(card, 'tel').replace(/^tel:/i, '') },
    ...{ BDAY: asDay(textOf(card, 'bday')), LANG: textOf(card, 'lang') },
    ...{ 'ADR.extended': extended, 'ADR.street': street, 'ADR.city': city },
    ...{ 'ADR.region': region, 'ADR.code': code, 'ADR.country': country },
    ...{ 'X-CONSENT-PURPOSES': x('purposes'), 'X-CONSENT-DATE': x('date') },
    ...{ 'X-CONSENT-SOURCE': x('source'), 'X-CONSENT-FIELDS': x('fields') },
  }
}

/** PREF=1 of version 4.0, TYPE=pref of 3.0; else the first. */
function preferred(card: ICAL.Component, name: string): ICAL.Property | null {
  const all = card.getAllProperties(name)
  const least = (one: ICAL.Property): number => {
    const types = [one.getParameter('type') ?? []].flat().map(type => String(type).toLowerCase())
    return types.includes('pref') ? 1 : Number(one.getFirstParameter('pref') || 101)
  }
  return all.toSorted((a, b) => least(a) - least(b))[0] ?? null
}

function textOf(card: ICAL.Component, name: string): string {
  const value: unknown = preferred(card, name)?.getFirstValue() ?? ''
  return String(value).trim()
}

function partsOf(card: ICAL.Component, name: string): string[] {
  const value: unknown = preferred(card, name)?.getFirstValue() ?? []
  return [value].flat(1).map(part => [part].flat().join(' ').trim())
}

/** `19850412`, or with a time behind it, as the day that both versions mean. */
const asDay = (text: string): string =>
  text.replace(/^(\d{4})-?(\d{2})-?(\d{2})(?:T.*)?$/, (_all, year, month, day) => `${year}-${month}-${day}`)
