import { expect, test } from 'vitest'
import { judged, refused } from '../../../test/judged.ts'
import { countries, countryRule } from './country.ts'

test('there are 249 countries and territories, each with a name of its own in Unicode’s list (CLDR)', () => {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
  expect(new Set(countries.map(code => names.of(code))).size).toBe(249)
  expect(countries).toHaveLength(249)
  expect([...countries].sort()).toEqual(countries)
})

test.each([
  ['IT', 'IT'],
  [' it ', 'IT'],
  ['gb', 'GB'],
])('%s is kept as %s', (given, kept) => expect(judged(countryRule, given)).toBe(kept))

// Reserved (EU, UK, SU), not yet assigned (XK), for users (ZZ), another standard's (ITA, 380), and letters that become two.
test.each(['EU', 'UK', 'SU', 'XK', 'ZZ', 'ITA', '380', 'Italy', 'ß', 'ıt', 'ＩＴ', 'I', '__'])(
  '%s is no country',
  given => expect(judged(countryRule, given)).toEqual(refused('country')),
)

test('a country is required', () => {
  expect(judged(countryRule, '')).toEqual(refused('required'))
  expect(judged(countryRule, undefined)).toEqual(refused('required'))
})
