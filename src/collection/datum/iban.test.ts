import { expect, test } from 'vitest'
import { judged, refused } from '../../../test/judged.ts'
import { ibanRule } from './iban.ts'

// The examples of the SWIFT IBAN registry (release 99), one for each kind of number that a country has.
test.each([
  'IT60X0542811101000000123456',
  'SM86U0322509800000000270100',
  'VA59001123000012345678',
  'DE89370400440532013000',
  'FR1420041010050500013M02606',
  'ES9121000418450200051332',
  'GB29NWBK60161331926819',
  'CH9300762011623852957',
  'AT611904300234573201',
  'BE68539007547034',
  'NL91ABNA0417164300',
  'PT50000201231234567890154',
  'PL61109010140000071219812874',
  'NO9386011117947',
  'MT84MALT011000012345MTLCAST001S',
  'LC55HEMM000100010012001200023015',
])('%s is one', given => expect(judged(ibanRule, given)).toBe(given))

test('an IBAN is kept without blanks in capitals', () => {
  expect(judged(ibanRule, ' it60 x054 2811 1010 0000 0123 456 ')).toBe('IT60X0542811101000000123456')
  expect(judged(ibanRule, 'IT60\u00a0X054 2811101000000123456')).toBe('IT60X0542811101000000123456')
})

test.each([
  ['IBAN IT60X0542811101000000123456', 'iban_country'],
  ['US60X0542811101000000123456', 'iban_country'],
  ['60X0542811101000000123456', 'iban_country'],
  ['ßT60X0542811101000000123456', 'iban_country'],
  ['IT60X054281110100000012345', 'iban_length'],
  ['IT60X05428111010000001234567', 'iban_length'],
  ['IT', 'iban_length'],
  ['IT600054281110100000O123456', 'iban_form'],
  ['DE8937040044053201300O', 'iban_form'],
  ['IT61X0542811101000000123456', 'iban_check'],
  ['IT60X0542811101000000123465', 'iban_check'],
  ['ITXXX0542811101000000123456', 'iban_check'],
  ['', 'required'],
  [undefined, 'required'],
  [60, 'invalid'],
])('%o is refused as %s', (given, fault) => expect(judged(ibanRule, given)).toEqual(refused(fault)))
