import { ValidationErrorsIBAN, validateIBAN } from 'ibantools'
import type { DatumFault } from './fault.ts'
import { closedUp, faulty, kept, spelled } from './spelling.ts'

/** The first that holds is told: what follows from a wrong country or length helps nobody. */
const faults: readonly (readonly [ValidationErrorsIBAN, DatumFault])[] = [
  [ValidationErrorsIBAN.NoIBANCountry, 'iban_country'],
  [ValidationErrorsIBAN.WrongBBANLength, 'iban_length'],
  [ValidationErrorsIBAN.WrongBBANFormat, 'iban_form'],
]

/**
 * The number of a bank account (ISO 13616), kept without blanks in capitals. Refuses as `iban_country` one of a country
 * that has none in the SWIFT registry, as `iban_length` and `iban_form` what its country does not write so, and as
 * `iban_check` one whose check digits, or the national ones within, do not follow from the rest.
 */
export const ibanRule = spelled(line => {
  const iban = closedUp(line)
  const { valid, errorCodes } = validateIBAN(iban)
  if (valid) return kept(iban)
  const [, fault] = faults.find(([error]) => errorCodes.includes(error)) ?? []
  return faulty(fault ?? 'iban_check')
})
