import * as z from 'zod'
import { birthDateRule } from './birth-date.ts'
import { booleanRule } from './boolean.ts'
import { cardNumberRule } from './card-number.ts'
import { cardReferenceRule } from './card-reference.ts'
import { choiceOptions, choiceRule } from './choice.ts'
import { choicesRule } from './choices.ts'
import { codiceFiscaleRule } from './codice-fiscale.ts'
import { countryRule } from './country.ts'
import { dateRule, type Today } from './date.ts'
import { decimalOptions, decimalRule } from './decimal.ts'
import { emailRule } from './email.ts'
import type { DatumFault } from './fault.ts'
import { freeTextRule, withoutCard } from './free-text.ts'
import { ibanRule } from './iban.ts'
import { integerOptions, integerRule } from './integer.ts'
import { languageRule } from './language.ts'
import { nameRule } from './name.ts'
import { nationalIdOptions, nationalIdRule } from './national-id.ts'
import { partitaIvaRule } from './partita-iva.ts'
import { phoneOptions, phoneRuleOf } from './phone.ts'
import { postalAddressRule } from './postal-address.ts'
import { taxIdOptions, taxIdRule } from './tax-id.ts'
import { lineRule, textFaults } from './text.ts'

/** What the data of a field of the company's own may be. */
export interface DatumType {
  /** What the company may say about such a field: a schema without keys where there is nothing to say. */
  options: z.ZodObject
  /** Every code that the rule may give as the message of an issue. */
  faults: readonly DatumFault[]
  /**
   * The rule for a datum of a field with these options, as of a day. It keeps a datum in one spelling, which it keeps as
   * it is when it comes again. Throws on options that the schema refuses: the catalogue must not have taken them.
   */
  rule(options: unknown, on: Today): z.ZodType
}

const typeOf = <Options extends z.ZodObject>(
  options: Options,
  rule: (options: z.output<Options>, on: Today) => z.ZodType,
  faults: readonly DatumFault[],
): DatumType => ({ options, rule: (given, on) => rule(options.parse(given), on), faults })

const without = z.strictObject({})
const mostOf = (usual: number, most: number) =>
  z.strictObject({ most: z.int().min(1).max(most).default(usual) })

/** What every datum may be that is given as a line. */
const lineFaults = ['required', 'invalid', 'too_long', ...textFaults] as const
const freeFaults = [...lineFaults, 'card_number', 'security_code'] as const

/** The types, each with its options, its rule and what the rule may find wrong. */
export const datumTypes = {
  line: typeOf(mostOf(120, 500), ({ most }) => withoutCard(lineRule(most)), freeFaults),
  text: typeOf(mostOf(2000, 10_000), ({ most }) => freeTextRule(most), freeFaults),
  name: typeOf(without, () => nameRule, lineFaults),
  email: typeOf(without, () => emailRule, ['required', 'too_long', 'email']),
  phone: typeOf(phoneOptions, ({ country }) => phoneRuleOf(country), ['required', 'phone']),
  date: typeOf(without, () => dateRule, [...lineFaults, 'date', 'date_missing_day', 'no_such_date']),
  birth_date: typeOf(without, (_options, on) => birthDateRule(on), [
    ...lineFaults,
    ...(['date', 'date_missing_day', 'no_such_date', 'future', 'too_old'] as const),
  ]),
  integer: typeOf(integerOptions, integerRule, [
    ...(['required', 'integer', 'too_many_digits', 'below_least', 'above_most', 'card_number'] as const),
  ]),
  decimal: typeOf(decimalOptions, decimalRule, [
    ...lineFaults,
    ...(['decimal', 'too_many_digits', 'too_many_places', 'below_least', 'above_most'] as const),
  ]),
  boolean: typeOf(without, () => booleanRule, ['required', 'boolean']),
  choice: typeOf(choiceOptions, choiceRule, [...lineFaults, 'not_an_option']),
  choices: typeOf(choiceOptions, choicesRule, ['required', 'invalid', 'not_an_option']),
  country: typeOf(without, () => countryRule, [...lineFaults, 'country']),
  language: typeOf(without, () => languageRule, [...lineFaults, 'language']),
  postal_address: typeOf(without, () => postalAddressRule, [
    ...lineFaults,
    ...(['unknown', 'country', 'postal_code', 'region'] as const),
  ]),
  codice_fiscale: typeOf(without, () => codiceFiscaleRule, [
    ...lineFaults,
    ...(['codice_fiscale', 'check_character', 'birth_in_code'] as const),
  ]),
  partita_iva: typeOf(without, () => partitaIvaRule, [...lineFaults, 'partita_iva', 'check_character']),
  national_id: typeOf(nationalIdOptions, nationalIdRule, [...lineFaults, 'national_id', 'check_character']),
  tax_id: typeOf(taxIdOptions, taxIdRule, [...lineFaults, 'tax_id', 'check_character']),
  iban: typeOf(without, () => ibanRule, [
    ...lineFaults,
    ...(['iban_country', 'iban_length', 'iban_form', 'iban_check'] as const),
  ]),
  // Only for the module that may hold whole numbers, which is off unless a company turns it on.
  card_number: typeOf(without, () => cardNumberRule, [...lineFaults, 'card_length', 'card_check']),
  card_reference: typeOf(without, () => cardReferenceRule, [
    ...lineFaults,
    ...(['unknown', 'card_number', 'card_brand', 'card_last4', 'card_expiry'] as const),
  ]),
} satisfies Record<string, DatumType>

export type DatumTypeCode = keyof typeof datumTypes

/** The type of this code, or null. */
export function findDatumType(code: string): DatumType | null {
  return Object.hasOwn(datumTypes, code) ? datumTypes[code as DatumTypeCode] : null
}
