import { describe, expect, test } from 'vitest'
import { judged, refused } from '../../../test/judged.ts'
import { nationalIdOptions, nationalIdRule } from './national-id.ts'

type Country = Parameters<typeof nationalIdRule>[0]['country']

/** A number that is right and one whose check is wrong, from the documentation of python-stdnum and the tests of stdnum. */
const published: [country: Country, right: string, kept: string, wrong: string][] = [
  ['AT', '1237 010180', '1237010180', '2237 010180'],
  ['BE', '85.07.30-033 28', '85073003328', '17 07 30 033 28'],
  ['BG', '8032056031', '8032056031', '8032056032'],
  ['CH', '756.9217.0769.85', '7569217076985', '756.9217.0769.84'],
  ['CZ', '710319/2745', '7103192745', '710319/2746'],
  ['DE', '36 574 261 809', '36574261809', '36574261808'],
  ['EE', '36805280109', '36805280109', '36805280108'],
  ['ES', '54362315-k', '54362315K', '54362315Z'],
  ['ES', 'x-2482300w', 'X2482300W', 'x-2482300a'],
  ['FI', '131052-308T', '131052-308T', '131052-308U'],
  ['FR', '2 95 10 99 126 111 93', '295109912611193', '295109912611199'],
  ['GR', '01013099997', '01013099997', '01013099999'],
  ['HR', 'HR 33392005961', '33392005961', '33392005962'],
  ['IE', '6433435F', '6433435F', '6433435E'],
  ['LT', '33309240064', '33309240064', '33309240164'],
  ['NL', '1112.22.333', '111222333', '1112.52.333'],
  ['NO', '151086 95088', '15108695088', '15108695077'],
  ['PL', '44051401359', '44051401359', '44051401358'],
  ['PT', '00000000 0 ZZ4', '000000000ZZ4', '00000000 0 ZZ3'],
  ['RO', '1630615123457', '1630615123457', '1630615123458'],
  ['SE', '880320-0016', '880320-0016', '880320-0018'],
  ['SI', '0101006500006', '0101006500006', '0101006500007'],
  ['SK', '710319/2745', '7103192745', '710319/2746'],
]

describe('a person’s number', () => {
  test.each(published)('of %s, %s, is kept as %s', (country, right, kept, wrong) => {
    const rule = nationalIdRule({ country })
    expect(judged(rule, right)).toBe(kept)
    expect(judged(rule, kept)).toBe(kept)
    expect(judged(rule, wrong)).toEqual(refused('check_character'))
    expect(judged(rule, '12345')).toEqual(refused('national_id'))
  })

  test.each([
    ['DK', '010180-1234', '0101801234'],
    ['GB', 'hh 01 23 45 d', 'HH012345D'],
    ['US', '536-90-4399', '536904399'],
  ] as const)('of %s, %s, has no check digit and is kept as %s', (country, given, kept) => {
    expect(judged(nationalIdRule({ country }), given)).toBe(kept)
    expect(judged(nationalIdRule({ country }), kept)).toBe(kept)
  })

  test('is of the signs that its country writes', () => {
    const rule = nationalIdRule({ country: 'ES' })
    for (const given of ['5436231٥K', '５4362315K', '54362315ĸ', 'ß4362315K'])
      expect(judged(rule, given)).toEqual(refused('national_id'))
    expect(judged(rule, '')).toEqual(refused('required'))
  })
})

test('a field is for one country whose numbers are known; Italy has the codice fiscale', () => {
  expect(judged(nationalIdOptions, { country: 'DE' })).toEqual({ country: 'DE' })
  for (const country of ['IT', 'XX', 'de', '__proto__', 'toString', undefined])
    expect(judged(nationalIdOptions, { country })).toEqual(refused('country'))
})
