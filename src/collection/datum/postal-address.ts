import * as z from 'zod'
import { countryRule } from './country.ts'
import { hasPostalCodes, readPostalCode } from './postal-code.ts'
import { faulty, kept, partsOr, type Spelling } from './spelling.ts'
import { lineRule } from './text.ts'

/** An address as it is kept: a part that was not given is absent. */
export interface PostalAddress {
  country: string
  /** The street without the number, or whatever stands for it. */
  street: string
  house_number?: string
  /** What the postman needs to know besides: staircase, flat, `c/o`. */
  addition?: string
  postal_code?: string
  city: string
  /** Province, state, canton. */
  region?: string
}

/** A form sends what was left blank as an empty text: such a part is not there. */
const optionalLine = (most: number) => lineRule(most, { empty: true }).default('')

const parts = z.strictObject(
  {
    country: countryRule,
    street: lineRule(120),
    house_number: optionalLine(20),
    addition: optionalLine(120),
    postal_code: optionalLine(20),
    city: lineRule(80),
    region: optionalLine(80),
  },
  { error: partsOr('invalid') },
)

type Parts = z.output<typeof parts>

/**
 * Where post reaches somebody. Each part is one clean line; the postal code is required where every address of the country
 * has one whose form is known here, and refused there as `postal_code` in any other form. A region of Italy, the United
 * States or Canada is its two letters, and refused as `region` otherwise. That the street exists is not looked up.
 */
export const postalAddressRule = parts.transform((given, context): PostalAddress => {
  const spellings = { postal_code: readCode(given), region: readRegion(given) }
  for (const [path, spelling] of Object.entries(spellings))
    if ('fault' in spelling)
      context.issues.push({ code: 'custom', message: spelling.fault, path: [path], input: given })
  const { postal_code, region } = spellings
  if ('fault' in postal_code || 'fault' in region) return z.NEVER
  return withoutBlanks({ ...given, postal_code: postal_code.kept, region: region.kept })
})

function readCode({ postal_code: line, country }: Parts): Spelling {
  if (line !== '') return readPostalCode(line, country)
  return hasPostalCodes(country) ? faulty('required') : kept('')
}

/** Where a region on a letter is its sign of two letters (UPU country sheets). */
const twoLetterRegions = ['IT', 'US', 'CA']

function readRegion({ region: line, country }: Parts): Spelling {
  if (line === '' || !twoLetterRegions.includes(country)) return kept(line)
  return /^[A-Za-z]{2}$/.test(line) ? kept(line.toUpperCase()) : faulty('region')
}

const withoutBlanks = (given: Parts): PostalAddress =>
  Object.fromEntries(Object.entries(given).filter(([, line]) => line !== '')) as unknown as PostalAddress
