import AddressFormat, { addressFormats, type PostalAddressType } from 'i18n-postal-address'
import type { PostalAddress } from './postal-address.ts'

interface Letter {
  /** Who is written to. */
  recipient?: string
  /** Where the letter is posted: within a country nobody writes its name. */
  from: string
  /** In which the country is named: one that the post of the sender reads. */
  language: string
}

const linesOf = (array: PostalAddressType.AddressFormatPart[][]) => ({ default: { array } })

const fromTheTop = [
  ['givenName'],
  ['careOf'],
  ['address1'],
  ['city'],
  ['region'],
  ['postalCode'],
  ['country'],
]
const fromTheBottom = [
  ['country'],
  ['postalCode'],
  ['province', 'city'],
  ['careOf'],
  ['address1'],
  ['givenName'],
]

/**
 * How the post of each country orders an address, as the library has it from Google's Address Data Service and UPU S42.
 * It lacks three territories, and the postal codes of China and Russia, which are in the order of their UPU sheets.
 */
const formats: PostalAddressType.AddressFormats = {
  ...addressFormats,
  AQ: linesOf(fromTheTop),
  BV: linesOf(fromTheTop),
  CN: linesOf(fromTheBottom),
  RU: linesOf(fromTheTop),
  TF: linesOf(fromTheTop),
}

/** Where the format has no place for a town, since there is one or none: it comes after the street. */
const withoutTown = ['AE', 'GI', 'KY', 'MO', 'NR', 'SG']

/** Where the house number stands before the street (UPU country sheets; OpenCage's address-formatting agrees). */
const numberFirst = [
  ...[
    'AU',
    'CA',
    'FR',
    'GB',
    'GG',
    'GP',
    'IE',
    'IL',
    'IM',
    'IN',
    'JE',
    'LU',
    'MC',
    'MQ',
    'MY',
    'NC',
    'NZ',
    'PF',
  ],
  ...['PH', 'RE', 'SG', 'TH', 'US', 'YT', 'ZA'],
]

/**
 * The lines of an address that its rule keeps, in the order in which the post of its country reads them on a letter. What
 * that post does not use (a region in Germany, a postal code where there are none) is left out.
 */
export function addressLabel(address: PostalAddress, { recipient = '', from, language }: Letter): string[] {
  const { country, addition = '', postal_code: postalCode = '', city, region = '' } = address
  const street = streetOf(address)
  return (
    new AddressFormat({ formats, defaultFormat: country })
      // Each format asks for some of these: what one country calls a province is a state or a `do` in another.
      .fromObject({
        ...{
          givenName: recipient,
          careOf: addition,
          address1: street,
          dong: street,
          city,
          si: city,
          postalCode,
        },
        ...{ province: region, state: region, region, prefecture: region, do: region },
        address2: withoutTown.includes(country) ? city : '',
        country: country === from ? '' : nameOf(country, language),
      })
      .toArray()
      .map(line => line.join(' '))
  )
}

function streetOf({ country, street, house_number: number }: PostalAddress): string {
  if (number === undefined) return street
  return numberFirst.includes(country) ? `${number} ${street}` : `${street} ${number}`
}

const nameOf = (country: string, language: string): string =>
  (new Intl.DisplayNames(language, { type: 'region' }).of(country) ?? country).toLocaleUpperCase(language)
