import { expect, test } from 'vitest'
import { hasPostalCodes, readPostalCode } from './postal-code.ts'

// Addresses of well-known places, and the examples of the Universal Postal Union's country sheets.
test.each([
  ['IT', '00144', '00144'],
  ['SM', '47890', '47890'],
  ['VA', '00120', '00120'],
  ['DE', '10557', '10557'],
  ['FR', '33380', '33380'],
  ['ES', '28070', '28070'],
  ['PT', '1200 442', '1200-442'],
  ['PL', '00950', '00-950'],
  ['NL', '2312bk', '2312 BK'],
  ['BE', '4000', '4000'],
  ['AT', '1010', '1010'],
  ['LU', '4750', '4750'],
  ['SE', '11455', '114 55'],
  ['FI', '00550', '00550'],
  ['DK', '1566', '1566'],
  ['CZ', '16000', '160 00'],
  ['SK', '010 01', '010 01'],
  ['HU', '1037', '1037'],
  ['SI', '4000', '4000'],
  ['HR', '10000', '10000'],
  ['RO', '060274', '060274'],
  ['BG', '1000', '1000'],
  ['GR', '15123', '151 23'],
  ['IE', 'd02af30', 'D02 AF30'],
  ['IE', 'D6W XY00', 'D6W XY00'],
  ['GB', 'sw1a2aa', 'SW1A 2AA'],
  ['GB', 'M1 1AE', 'M1 1AE'],
  ['GB', 'GIR 0AA', 'GIR 0AA'],
  ['US', '94043', '94043'],
  ['US', '20500 0005', '20500-0005'],
  ['CH', '3030', '3030'],
  ['LI', '9490', '9490'],
  ['NO', 'n-0107', 'N-0107'],
])('in %s, %s is kept as %s', (country, given, kept) => {
  expect(readPostalCode(given, country)).toEqual({ kept })
  expect(readPostalCode(kept, country)).toEqual({ kept })
})

test.each([
  ['IT', '0144'],
  ['IT', '001444'],
  ['IT', 'I0144'],
  ['VA', '00121'],
  ['ES', '53000'],
  ['CH', '0300'],
  ['NL', '0312 BK'],
  ['GB', 'SW1A 2CA'],
  ['GB', '12345'],
  ['US', '9404'],
  ['US', '94043-12'],
  ['IE', 'D02 AF3'],
  ['FR', '７5001'],
])('in %s, %s is none', (country, given) =>
  expect(readPostalCode(given, country)).toEqual({ fault: 'postal_code' }),
)

test('a country whose form is not known takes any, and no country is found by what an object inherits', () => {
  expect(hasPostalCodes('IT')).toBe(true)
  for (const country of ['NO', 'AE', 'toString', '__proto__']) {
    expect(hasPostalCodes(country)).toBe(false)
    expect(readPostalCode('ab  1', country)).toEqual({ kept: 'AB 1' })
  }
})
