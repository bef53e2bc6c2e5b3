import { textFaults } from './text.ts'

/**
 * Every code that a rule of this folder gives as the message of its issues: one for each kind of mistake, so that the
 * pages can say what is wrong and how to mend it.
 */
export const datumFaults = [
  'required',
  'invalid',
  'unknown',
  'too_long',
  ...textFaults,
  'email',
  'phone',
  'date',
  'date_missing_day',
  'no_such_date',
  'future',
  'too_old',
  'integer',
  'decimal',
  'too_many_digits',
  'too_many_places',
  'below_least',
  'above_most',
  'boolean',
  'not_an_option',
  'country',
  'language',
  'postal_code',
  'region',
  'codice_fiscale',
  'birth_in_code',
  'partita_iva',
  'national_id',
  'tax_id',
  'check_character',
  'iban_country',
  'iban_length',
  'iban_form',
  'iban_check',
  'card_number',
  'security_code',
  'card_length',
  'card_check',
  'card_brand',
  'card_last4',
  'card_expiry',
] as const

export type DatumFault = (typeof datumFaults)[number]
