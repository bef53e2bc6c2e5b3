import { validate as uid } from 'stdnum/lib/cjs/at/uid.js'
import { validate as beVat } from 'stdnum/lib/cjs/be/vat.js'
import { validate as bgVat } from 'stdnum/lib/cjs/bg/vat.js'
import { validate as chVat } from 'stdnum/lib/cjs/ch/vat.js'
import { validate as cyVat } from 'stdnum/lib/cjs/cy/vat.js'
import { validate as dic } from 'stdnum/lib/cjs/cz/dic.js'
import { validate as deVat } from 'stdnum/lib/cjs/de/vat.js'
import { validate as cvr } from 'stdnum/lib/cjs/dk/cvr.js'
import { validate as kmkr } from 'stdnum/lib/cjs/ee/kmkr.js'
import { validate as esNif } from 'stdnum/lib/cjs/es/nif.js'
import { validate as alv } from 'stdnum/lib/cjs/fi/alv.js'
import { validate as frTva } from 'stdnum/lib/cjs/fr/tva.js'
import { validate as gbVat } from 'stdnum/lib/cjs/gb/vat.js'
import { validate as grVat } from 'stdnum/lib/cjs/gr/vat.js'
import { validate as oib } from 'stdnum/lib/cjs/hr/oib.js'
import { validate as anum } from 'stdnum/lib/cjs/hu/anum.js'
import { validate as ieVat } from 'stdnum/lib/cjs/ie/vat.js'
import { validate as pvm } from 'stdnum/lib/cjs/lt/pvm.js'
import { validate as luTva } from 'stdnum/lib/cjs/lu/tva.js'
import { validate as pvn } from 'stdnum/lib/cjs/lv/pvn.js'
import { validate as mtVat } from 'stdnum/lib/cjs/mt/vat.js'
import { validate as btw } from 'stdnum/lib/cjs/nl/btw.js'
import { validate as mva } from 'stdnum/lib/cjs/no/mva.js'
import { validate as nip } from 'stdnum/lib/cjs/pl/nip.js'
import { validate as ptNif } from 'stdnum/lib/cjs/pt/nif.js'
import { validate as cif } from 'stdnum/lib/cjs/ro/cif.js'
import { validate as seVat } from 'stdnum/lib/cjs/se/vat.js'
import { validate as ddv } from 'stdnum/lib/cjs/si/ddv.js'
import { validate as dph } from 'stdnum/lib/cjs/sk/dph.js'
import { validate as ein } from 'stdnum/lib/cjs/us/ein.js'
import * as z from 'zod'
import { type CountryNumbers, readNumber, type Validate } from './country-number.ts'
import { spelled } from './spelling.ts'

/** A company's number: stdnum would take any five digits for the number of a department or a hospital. */
const britishCompany: Validate = text =>
  /^(?:GB)?(?:\d{9}|\d{12})$/.test(text) ? gbVat(text) : { isValid: false }

/** The number by which each country taxes a company: for VAT, or what stands for it. Italy's partita IVA is a type of its own. */
const numbers = {
  AT: [uid],
  BE: [beVat],
  BG: [bgVat],
  CH: [chVat],
  CY: [cyVat],
  CZ: [dic],
  DE: [deVat],
  DK: [cvr],
  EE: [kmkr],
  ES: [esNif],
  FI: [alv],
  FR: [frTva],
  GB: [britishCompany],
  GR: [grVat],
  HR: [oib],
  HU: [anum],
  IE: [ieVat],
  LT: [pvm],
  LU: [luTva],
  LV: [pvn],
  MT: [mtVat],
  NL: [btw],
  NO: [mva],
  PL: [nip],
  PT: [ptNif],
  RO: [cif],
  SE: [seVat],
  SI: [ddv],
  SK: [dph],
  US: [ein],
} satisfies CountryNumbers

type Country = keyof typeof numbers

const countries = Object.keys(numbers) as [Country, ...Country[]]

/** Whose number it is. */
export const taxIdOptions = z.strictObject({ country: z.enum(countries, 'country') })

/**
 * A company's tax number in `country`, kept without the country and without blanks and signs in capitals. Refuses as
 * `tax_id` what has not its form, and as `check_character` one whose check digit does not follow from the others. Whether
 * it was given to anybody is not looked up.
 */
export const taxIdRule = ({ country }: z.output<typeof taxIdOptions>) =>
  spelled(line => readNumber(line, numbers[country], 'tax_id'))
