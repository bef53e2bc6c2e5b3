import { describe, expect, test } from 'vitest'
import { judged, refused } from '../../../test/judged.ts'
import { taxIdOptions, taxIdRule } from './tax-id.ts'

type Country = Parameters<typeof taxIdRule>[0]['country']

/** A number that is right and one whose check is wrong, from the documentation of python-stdnum and the tests of stdnum. */
const published: [country: Country, right: string, kept: string, wrong: string][] = [
  ['AT', 'AT U13585627', 'U13585627', 'U13585626'],
  ['BE', 'BE 428759497', '0428759497', 'BE431150351'],
  ['BG', 'BG 175 074 752', '175074752', '175 074 754'],
  ['CH', 'CHE-107.787.577 IVA', 'CHE107787577IVA', 'CHE-107.787.578 IVA'],
  ['CY', 'CY-10259033P', '10259033P', 'CY-10259033Z'],
  ['CZ', 'CZ 25123891', '25123891', '25123890'],
  ['DE', 'de 136 695 976', '136695976', '136695978'],
  ['DK', 'DK 13585628', '13585628', 'DK 13585627'],
  ['EE', '100594102', '100594102', '100594103'],
  ['ES', 'ES B-58378431', 'B58378431', 'B64717839'],
  ['FI', 'FI 20774740', '20774740', '20774741'],
  ['FR', 'Fr 40 303 265 045', '40303265045', '84 323 140 391'],
  ['GB', 'GB 980 7806 84', '980780684', '802311781'],
  ['GR', 'EL 094259216', '094259216', '123456781'],
  ['HR', 'HR 33392005961', '33392005961', '33392005962'],
  ['HU', 'HU-12892312', '12892312', 'HU-12892313'],
  ['IE', 'IE 6433435F', '6433435F', '6433435E'],
  ['LT', '119511515', '119511515', '100001919018'],
  ['LU', 'LU 150 274 42', '15027442', 'LU 150 274 43'],
  ['LV', 'LV 4000 3521 600', '40003521600', '40003521601'],
  ['MT', 'MT 1167-9112', '11679112', 'MT 1167-9113'],
  ['NL', '004495445B01', '004495445B01', '123456789B90'],
  ['NO', 'NO 995 525 828 MVA', '995525828MVA', 'NO 995 525 829 MVA'],
  ['PL', 'PL 8567346215', '8567346215', 'PL 8567346216'],
  ['PT', 'PT 501 964 843', '501964843', 'PT 501 964 842'],
  ['RO', 'RO 185 472 90', '18547290', '185 472 91'],
  ['SE', 'SE 123456789701', '123456789701', 'SE 123456789101'],
  ['SI', 'SI 5022 3054', '50223054', 'SI 5022 3053'],
  ['SK', 'SK 202 274 96 19', '2022749619', 'SK 202 274 96 18'],
]

describe('a company’s tax number', () => {
  test.each(published)('of %s, %s, is kept as %s', (country, right, kept, wrong) => {
    const rule = taxIdRule({ country })
    expect(judged(rule, right)).toBe(kept)
    expect(judged(rule, kept)).toBe(kept)
    expect(judged(rule, wrong)).toEqual(refused('check_character'))
    expect(judged(rule, '1')).toEqual(refused('tax_id'))
  })

  test('is no number that the library stumbles over, nor one of a British department', () => {
    expect(judged(taxIdRule({ country: 'NL' }), 'NL')).toEqual(refused('tax_id'))
    for (const given of ['12345', 'GD123', 'HA567'])
      expect(judged(taxIdRule({ country: 'GB' }), given)).toEqual(refused('tax_id'))
  })

  test('of the United States has no check digit', () => {
    const rule = taxIdRule({ country: 'US' })
    expect(judged(rule, '12-3456789')).toBe('123456789')
    expect(judged(rule, '00-3456789')).toEqual(refused('tax_id'))
  })
})

test('a field is for one country whose numbers are known; Italy has the partita IVA', () => {
  expect(judged(taxIdOptions, { country: 'FR' })).toEqual({ country: 'FR' })
  for (const country of ['IT', 'EL', 'fr', '__proto__', undefined])
    expect(judged(taxIdOptions, { country })).toEqual(refused('country'))
})
