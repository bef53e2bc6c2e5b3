import * as fc from 'fast-check'
import { countries } from '../src/collection/datum/country.ts'
import type { DatumTypeCode } from '../src/collection/datum/datum-type.ts'

/** What shows how a type of datum is judged. */
export interface Sample {
  options?: object
  good: unknown
  /** One datum for each code that the type names, but those that every line may have. */
  wrong: Record<string, unknown>
  /** What people may type that is nearly right, so that many of the tries are kept. */
  typed: fc.Arbitrary<unknown>
}

const from = (pattern: RegExp) => fc.stringMatching(pattern)
export const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }))
const blanks = fc.stringMatching(/^[ \t\u00a0]{0,2}$/)
const one = (...texts: string[]) =>
  fc.tuple(blanks, fc.constantFrom(...texts), blanks).map(([before, text, after]) => before + text + after)

export const home = {
  country: 'IT',
  street: 'Via Roma',
  house_number: '1',
  postal_code: '00184',
  city: 'Roma',
  region: 'RM',
}
export const card = { brand: 'visa', last4: '4242', expiry: '2027-12', token: 'tok_1' }

/** One for each type. */
export const samples: Record<DatumTypeCode, Sample> = {
  line: {
    options: { most: 20 },
    good: 'One line',
    wrong: { card_number: '4242424242424242', security_code: 'my CVV is 123' },
    typed: anyText,
  },
  text: {
    good: 'Two\nlines',
    wrong: { card_number: '4242 4242 4242 4242', security_code: 'my CVV is 123' },
    typed: anyText,
  },
  name: { good: 'Ana', wrong: {}, typed: anyText },
  email: {
    good: 'ana@example.org',
    wrong: { email: 'ana', too_long: `${'a'.repeat(300)}@example.org` },
    typed: fc.emailAddress().map(address => ` ${address}`),
  },
  phone: {
    options: { country: 'IT' },
    good: '+393475550142',
    wrong: { phone: '12' },
    typed: from(/^(\+39|0039|\+44|\+1)? ?[0-9]{2,4}[ ./-]?[0-9]{5,8}$/),
  },
  date: {
    good: '2026-11-27',
    wrong: { date: '27/11/2026', date_missing_day: '2026-11', no_such_date: '2026-02-29' },
    typed: from(/^ ?[0-2][0-9]{3}-[01][0-9]-[0-3][0-9] ?$/),
  },
  birth_date: {
    good: '1980-07-31',
    wrong: {
      ...{ date: '1980/07/31', date_missing_day: '1980', no_such_date: '1981-02-29' },
      ...{ future: '2026-11-28', too_old: '1901-11-26' },
    },
    typed: from(/^ ?(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]$/),
  },
  integer: {
    options: { least: -500, most: 500 },
    good: 12,
    wrong: {
      integer: '1.0',
      card_number: '4242424242424242',
      too_many_digits: '99999999999999999',
      below_least: -501,
      above_most: 501,
    },
    typed: fc.oneof(fc.integer({ min: -600, max: 600 }), from(/^[+\u2212-]?0{0,2}[0-9]{1,3}$/), fc.double()),
  },
  decimal: {
    options: { digits: 5, places: 2, least: '-100', most: '100' },
    good: '12.50',
    wrong: {
      ...{ decimal: '1e3', too_many_digits: '1234', too_many_places: '0.125' },
      ...{ below_least: '-100.01', above_most: '100,01' },
    },
    typed: from(/^[+\u2212-]?0{0,2}[0-9]{1,3}([.,][0-9]{1,2})?$/),
  },
  boolean: { good: true, wrong: { boolean: 'yes' }, typed: fc.constantFrom(true, false, 'true', 'false', 1) },
  choice: {
    options: { options: ['a', 'b'] },
    good: 'a',
    wrong: { not_an_option: 'c' },
    typed: one('a', 'b', 'c'),
  },
  choices: {
    options: { options: ['a', 'b', 'c'] },
    good: ['a', 'c'],
    wrong: { required: [], invalid: 'a', not_an_option: ['d'] },
    typed: fc.array(one('a', 'b', 'c')),
  },
  country: { good: 'IT', wrong: { country: 'XX' }, typed: one(...countries, 'it', 'De', 'EU') },
  language: {
    good: 'it',
    wrong: { language: 'italiano' },
    typed: from(/^[a-z]{2,3}([-_](Latn|Cyrl|hant|arab))?([-_](it|CH|DE|sr|UK|[0-9]{3}))?$/),
  },
  postal_address: {
    good: home,
    wrong: {
      ...{ unknown: { ...home, x: 1 }, country: { ...home, country: 'XX' } },
      ...{ postal_code: { ...home, postal_code: '1' }, region: { ...home, region: 'Lazio' } },
    },
    typed: fc.record(
      {
        country: one('it', 'GB', 'us', 'NL', 'PL', 'AE', 'NO'),
        street: one('Via Roma', 'Street', 'E\u0301'),
        city: one('Roma', 'London'),
        house_number: one('1', '', '12 b'),
        addition: one('', 'Flat'),
        postal_code: one('00184', 'sw1a2aa', '12345-6789', '1234ab', '00 950', ''),
        region: one('', 'rm', 'CA', 'Lazio'),
      },
      { requiredKeys: ['country', 'street', 'city'] },
    ),
  },
  codice_fiscale: {
    good: 'RCCMNL83S18D969H',
    wrong: { codice_fiscale: 'RCC', check_character: 'RCCMNL83S18D969A', birth_in_code: 'RCCMNL83B31D969E' },
    typed: fc.oneof(one('rccmnl83s18d969h', 'CCCFBA85D03LNMVE', 'RCC MNL 83S18 D969H'), from(/^[0-9]{11}$/)),
  },
  partita_iva: {
    good: '06363391001',
    wrong: { partita_iva: '1', check_character: '06363391002' },
    typed: from(/^(IT ?)?[0-9]{5} ?[0-9]{6}$/),
  },
  national_id: {
    options: { country: 'ES' },
    good: '54362315K',
    wrong: { national_id: '1', check_character: '54362315Z' },
    typed: fc.oneof(one('54362315-k', 'x-2482300w'), from(/^[XYZxyz]?-?[0-9]{7,8}-?[A-Za-z]$/)),
  },
  tax_id: {
    options: { country: 'RO' },
    good: '18547290',
    wrong: { tax_id: 'X', check_character: '18547291' },
    typed: from(/^(RO)? ?[0-9]{2,10}$/),
  },
  iban: {
    good: 'IT60X0542811101000000123456',
    wrong: {
      ...{ iban_country: 'US60X0542811101000000123456', iban_length: 'IT60' },
      ...{ iban_form: 'IT600054281110100000O123456', iban_check: 'IT61X0542811101000000123456' },
    },
    typed: one('it60 x054 2811 1010 0000 0123 456', 'DE89370400440532013000', 'GB29 NWBK 6016 1331 9268 19'),
  },
  card_number: {
    good: '4242424242424242',
    wrong: { card_length: '4242', card_check: '4242424242424241' },
    typed: from(/^[0-9]{4}[ .-]?[0-9]{4}[ .-]?[0-9]{4}[ .-]?[0-9]{1,7}$/),
  },
  card_reference: {
    good: card,
    wrong: {
      ...{ unknown: { ...card, cvv: '123' }, card_number: { ...card, token: '4242424242424242' } },
      ...{ card_brand: { ...card, brand: 'x' }, card_last4: { ...card, last4: '1' } },
      card_expiry: { ...card, expiry: '2027' },
    },
    typed: fc.record(
      {
        brand: one('VISA', 'amex', 'other'),
        last4: from(/^[0-9]{4}$/),
        expiry: from(/^[01][0-9]\/(20)?[0-9]{2}$/),
        token: anyText,
      },
      { requiredKeys: ['brand', 'last4', 'expiry'] },
    ),
  },
}
