import { expect, test } from 'vitest'
import { judged, refused } from '../../../test/judged.ts'
import { partitaIvaRule } from './partita-iva.ts'

// Of the Agenzia delle Entrate, of the documentation of python-stdnum, and of the Italian Wikipedia ("Partita IVA").
test.each([
  ['06363391001', '06363391001'],
  ['IT 00743110157', '00743110157'],
  ['it00743110157', '00743110157'],
  [' 0764 3520 567 ', '07643520567'],
])('%s is kept as %s', (given, kept) => expect(judged(partitaIvaRule, given)).toBe(kept))

test.each([
  '0743110157',
  '007431101570',
  '00000000018',
  '00000000000',
  'DE129273398',
  'ITIT00743110157',
  '٠٠٧٤٣١١٠١٥٧',
  'no',
])('%s is none', given => expect(judged(partitaIvaRule, given)).toEqual(refused('partita_iva')))

test.each(['00743110158', '06363391010', '86334519756'])('%s does not end as it must', given =>
  expect(judged(partitaIvaRule, given)).toEqual(refused('check_character')),
)

test('a number is required', () => expect(judged(partitaIvaRule, '')).toEqual(refused('required')))
