import { describe, expect, test } from 'vitest'
import { addressLabel } from './address-label.ts'
import { countries } from './country.ts'
import type { PostalAddress } from './postal-address.ts'
import { hasPostalCodes } from './postal-code.ts'

const label = (address: PostalAddress) =>
  addressLabel(address, { recipient: 'Ana Ferraris', from: 'IT', language: 'it' }).join(' | ')

describe('the label of an address', () => {
  // Where each country's own post puts the parts: the UPU's country sheets.
  test.each<[PostalAddress, string]>([
    [
      {
        country: 'IT',
        street: 'Via Roma',
        house_number: '12',
        postal_code: '00184',
        city: 'Roma',
        region: 'RM',
      },
      'Ana Ferraris | Via Roma 12 | 00184 ROMA RM',
    ],
    [
      {
        country: 'DE',
        street: 'Platz der Republik',
        house_number: '1',
        postal_code: '11011',
        city: 'Berlin',
      },
      'Ana Ferraris | Platz der Republik 1 | 11011 Berlin | GERMANIA',
    ],
    [
      {
        country: 'FR',
        street: 'rue de l’Université',
        house_number: '126',
        postal_code: '75007',
        city: 'Paris',
      },
      'Ana Ferraris | 126 rue de l’Université | 75007 PARIS | FRANCIA',
    ],
    [
      {
        country: 'GB',
        street: 'Downing Street',
        house_number: '10',
        postal_code: 'SW1A 2AA',
        city: 'London',
        region: 'x',
      },
      'Ana Ferraris | 10 Downing Street | LONDON | SW1A 2AA | REGNO UNITO',
    ],
    [
      {
        country: 'US',
        street: 'Pennsylvania Avenue NW',
        house_number: '1600',
        postal_code: '20500',
        city: 'Washington',
        region: 'DC',
      },
      'Ana Ferraris | 1600 Pennsylvania Avenue NW | WASHINGTON, DC 20500 | STATI UNITI',
    ],
    [
      { country: 'CH', street: 'Bundesplatz', house_number: '3', postal_code: '3005', city: 'Bern' },
      'Ana Ferraris | Bundesplatz 3 | 3005 Bern | SVIZZERA',
    ],
    [
      { country: 'CN', street: '长安街1号', postal_code: '100000', city: '北京' },
      'CINA | 100000 | 北京 | 长安街1号 | Ana Ferraris',
    ],
    [
      { country: 'RU', street: 'ul. Lesnaya', house_number: '5', postal_code: '125075', city: 'Moskva' },
      'Ana Ferraris | ul. Lesnaya 5 | Moskva | 125075 | RUSSIA',
    ],
  ])('%o is %s', (address, lines) => expect(label(address)).toBe(lines))

  test('has what else the postman needs on a line above the street', () => {
    const address = {
      country: 'IT',
      street: 'Via Roma',
      addition: 'Scala A, int. 3',
      postal_code: '00184',
      city: 'Roma',
    }
    expect(addressLabel(address, { from: 'IT', language: 'it' })).toEqual([
      'Scala A, int. 3',
      'Via Roma',
      '00184 ROMA',
    ])
  })

  test('names the country unless the letter is posted there', () => {
    const address = {
      country: 'SE',
      street: 'Riksgatan',
      house_number: '1',
      postal_code: '111 28',
      city: 'Stockholm',
    }
    expect(addressLabel(address, { from: 'SE', language: 'sv' }).join()).not.toMatch(/sver/i)
    expect(addressLabel(address, { from: 'IT', language: 'fr' }).at(-1)).toBe('SUÈDE')
  })

  test.each(countries)('of %s loses nothing that its post reads', country => {
    const address = {
      country,
      street: 'Street',
      house_number: '7',
      postal_code: 'P1',
      city: 'Town',
      addition: 'Flat',
    }
    const lines = label({ ...address, region: 'Region' })
    const lost = ['Ana Ferraris', 'Flat', 'Street', '7'].filter(part => !lines.includes(part))
    expect(lost).toEqual([])
    expect(lines).toMatch(/town/i)
    expect(lines.match(/region/gi) ?? []).not.toHaveLength(2)
    if (hasPostalCodes(country) || ['CN', 'RU', 'JP', 'NO', 'TR', 'CA', 'AU'].includes(country))
      expect(lines).toContain('P1')
  })
})
