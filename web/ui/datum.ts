import type { Fault } from './api.ts'
import type { CatalogueField } from './catalogue.ts'
import type { Language } from './languages.ts'

/** The rules that the server judges by: many, so they are loaded when the first form needs them. */
export const loadRules = () => import('../../src/collection/datum/datum-type.ts')

/** An answer as its rule keeps it, in one spelling, or what is wrong with it. */
export interface Judged {
  value: unknown
  faults: Fault[]
}

/**
 * Judges an answer to this field. What is wrong is told in the words of the server: `name` with the path of the part it is
 * about, and a code that the page has a sentence for. Where the rules cannot be loaded, the server alone judges.
 */
export async function judge(
  field: CatalogueField,
  answer: unknown,
  name = `values.${field.code}`,
): Promise<Judged> {
  const value = answerOf(answer)
  if (value === null) return { value, faults: field.required ? [{ field: name, code: 'required' }] : [] }
  const rules = await loadRules().catch(() => null)
  const rule = rules?.findDatumType(field.type ?? '')?.rule(field.options, { today: today() })
  const judged = rule?.safeParse(answer)
  if (judged === undefined) return { value, faults: [] }
  if (judged.error === undefined) return { value: judged.data, faults: [] }
  const faults = judged.error.issues.map(({ path, message }) => ({
    ...{ field: [name, ...path].join('.'), code: message },
  }))
  return { value, faults }
}

export const faultsOf = async (...judged: Parameters<typeof judge>): Promise<Fault[]> =>
  (await judge(...judged)).faults

/** Nothing was answered: an empty text, list or address. */
export const isBlank = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (typeof value === 'string' && value.trim() === '') ||
  (typeof value === 'object' && Object.values(value).every(isBlank))

/** What is sent for what a form holds: null for nothing. */
export const answerOf = (value: unknown): unknown => (isBlank(value) ? null : value)

/** A value that is kept, as it is typed: what the form of its field begins with. */
export function typedOf({ type }: Pick<CatalogueField, 'type'>, value: unknown, language: Language): unknown {
  if (typeof value === 'number') return String(value)
  if (type === 'card_reference') return typedCard(value)
  // What is shown of it is not the number.
  if (type === 'card_number') return null
  return type === 'decimal' && typeof value === 'string' && language === 'it'
    ? value.replace('.', ',')
    : value
}

/** With the month as it is printed on the card. */
function typedCard(value: unknown): unknown {
  const { expiry, ...rest } = (value ?? {}) as { expiry?: unknown }
  const [, year, month] = /^20(\d{2})-(\d{2})$/.exec(String(expiry)) ?? []
  return year === undefined ? value : { ...rest, expiry: `${month}/${year}` }
}

/** What a choice may be, in the order in which people see it. */
export const optionsOf = ({ options }: CatalogueField): string[] =>
  Array.isArray(options.options) ? options.options.map(String) : []

export type CodeType = 'country' | 'language'

/** Every code of two letters that the rule takes; null where the rules cannot be loaded. */
export async function codesOf(type: CodeType): Promise<string[] | null> {
  const rules = await loadRules().catch(() => null)
  if (rules === null) return null
  const rule = rules.datumTypes[type].rule({}, { today: today() })
  const pairs = [...letters].flatMap(first => [...letters].map(second => first + second))
  const codes = type === 'country' ? pairs.map(pair => pair.toUpperCase()) : pairs
  return codes.filter(code => rule.safeParse(code).data === code)
}

const letters = 'abcdefghijklmnopqrstuvwxyz'

/** The countries that a type may be told of, such as those whose tax numbers are known; none where the rules are missing. */
export async function countriesOf(type: string): Promise<string[]> {
  const rules = await loadRules().catch(() => null)
  const options = rules?.findDatumType(type)?.options
  const capitals = [...letters.toUpperCase()]
  const pairs = capitals.flatMap(first => capitals.map(second => first + second))
  return pairs.filter(country => options?.safeParse({ country }).success === true)
}

/** An address as its rule keeps it: a part that was not given is absent. */
export type Address = Partial<Record<AddressPart, string>>
export type AddressPart =
  | 'country'
  | 'street'
  | 'house_number'
  | 'addition'
  | 'postal_code'
  | 'city'
  | 'region'

/** The lines of an address as the post of its country reads them; null where that cannot be told. */
export async function addressLines(address: Address, language: Language): Promise<string[] | null> {
  try {
    const { addressLabel } = await import('../../src/collection/datum/address-label.ts')
    const { country = '', street = '', city = '' } = address
    return addressLabel({ ...address, country, street, city }, { from: '', language })
  } catch {
    // What was kept under an earlier rule, or a file that did not arrive.
    return null
  }
}

/** What of a card a text holds that it must not, as its fault; null for nothing, or where the server alone can tell. */
export async function cardFaultOf(text: string): Promise<string | null> {
  const rule = (await loadRules().catch(() => null))?.findDatumType('text')?.rule({}, { today: today() })
  const said = rule?.safeParse(text).error?.issues.map(issue => issue.message) ?? []
  return said.find(fault => fault === 'card_number' || fault === 'security_code') ?? null
}

/** What a text holds of payment cards, and the text without it; null where that cannot be told. */
export const takeOutCards = async (text: string) => {
  const trace = await import('../../src/collection/datum/card-trace.ts').catch(() => null)
  return trace?.takeOutCards(text) ?? null
}

const today = () => new Date().toISOString().slice(0, 10)
