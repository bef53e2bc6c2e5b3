import { describe, expect, test } from 'vitest'
import { judged, refused } from '../../../test/judged.ts'
import { postalAddressRule } from './postal-address.ts'

const home = {
  country: 'IT',
  street: 'Via Roma',
  house_number: '12/B',
  postal_code: '00184',
  city: 'Roma',
  region: 'RM',
}

/** Where the first fault of an address lies. */
const pathOf = (given: unknown) => postalAddressRule.safeParse(given).error?.issues[0]?.path

describe('a postal address', () => {
  test('is kept with each of its parts in one spelling', () => {
    const given = { ...home, country: 'it', city: ' Roma ', region: 'rm', addition: 'Scala A\u0301' }
    expect(judged(postalAddressRule, given)).toEqual({ ...home, addition: 'Scala Á' })
    expect(
      judged(postalAddressRule, { ...home, country: 'GB', postal_code: 'sw1a2aa', region: 'Greater London' }),
    ).toEqual({
      ...home,
      country: 'GB',
      postal_code: 'SW1A 2AA',
      region: 'Greater London',
    })
  })

  test('has its parts in one order, and none that is blank', () => {
    const given = {
      region: '',
      city: 'Roma',
      postal_code: '00184',
      house_number: ' ',
      street: 'Via Roma',
      country: 'IT',
    }
    expect(JSON.stringify(judged(postalAddressRule, given))).toBe(
      '{"country":"IT","street":"Via Roma","postal_code":"00184","city":"Roma"}',
    )
  })

  test('needs no postal code where its country has none that is known', () => {
    const given = { country: 'AE', street: 'Sheikh Zayed Road', city: 'Dubai' }
    expect(judged(postalAddressRule, given)).toEqual(given)
  })

  test.each([
    [{ country: 'XX' }, 'country', 'country'],
    [{ country: undefined }, 'required', 'country'],
    [{ street: '' }, 'required', 'street'],
    [{ street: 'a'.repeat(121) }, 'too_long', 'street'],
    [{ street: 7 }, 'invalid', 'street'],
    [{ city: '\u200b' }, 'required', 'city'],
    [{ city: 'Ro\nma' }, 'control', 'city'],
    [{ addition: 'a\u202eb' }, 'direction', 'addition'],
    [{ house_number: '1\u200b' }, 'invisible', 'house_number'],
    [{ house_number: '\ud800' }, 'broken', 'house_number'],
    [{ postal_code: '' }, 'required', 'postal_code'],
    [{ postal_code: undefined }, 'required', 'postal_code'],
    [{ postal_code: '184' }, 'postal_code', 'postal_code'],
    [{ postal_code: 'SW1A 2AA' }, 'postal_code', 'postal_code'],
    [{ region: 'Lazio' }, 'region', 'region'],
    [{ region: 'ıt' }, 'region', 'region'],
  ])('with %o is refused as %s, there', (part, fault, path) => {
    expect(judged(postalAddressRule, { ...home, ...part })).toEqual(refused(fault))
    expect(pathOf({ ...home, ...part })).toEqual([path])
  })

  test('tells all that is wrong with it', () => {
    expect(judged(postalAddressRule, { ...home, postal_code: '1', region: 'Lazio' })).toEqual({
      refused: ['postal_code', 'region'],
    })
  })

  test('has no other parts', () => {
    expect(judged(postalAddressRule, { ...home, planet: 'Earth' })).toEqual(refused('unknown'))
    const given = JSON.parse(JSON.stringify(home).replace('{', '{"__proto__": {"admin": true}, '))
    expect(JSON.stringify(judged(postalAddressRule, given))).not.toContain('admin')
  })

  test.each([undefined, null, 'Via Roma 12', [], 7])('is an object, not %o', given =>
    expect(judged(postalAddressRule, given)).toEqual(refused(given === undefined ? 'required' : 'invalid')),
  )
})
