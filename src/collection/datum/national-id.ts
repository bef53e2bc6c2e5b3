import { validate as vnr } from 'stdnum/lib/cjs/at/vnr.js'
import { validate as bis } from 'stdnum/lib/cjs/be/bis.js'
import { validate as nn } from 'stdnum/lib/cjs/be/nn.js'
import { validate as egn } from 'stdnum/lib/cjs/bg/egn.js'
import { validate as pnf } from 'stdnum/lib/cjs/bg/pnf.js'
import { validate as chSsn } from 'stdnum/lib/cjs/ch/ssn.js'
import { validate as czRc } from 'stdnum/lib/cjs/cz/rc.js'
import { validate as idnr } from 'stdnum/lib/cjs/de/idnr.js'
import { validate as cpr } from 'stdnum/lib/cjs/dk/cpr.js'
import { validate as ik } from 'stdnum/lib/cjs/ee/ik.js'
import { validate as dni } from 'stdnum/lib/cjs/es/dni.js'
import { validate as nie } from 'stdnum/lib/cjs/es/nie.js'
import { validate as hetu } from 'stdnum/lib/cjs/fi/hetu.js'
import { validate as nir } from 'stdnum/lib/cjs/fr/nir.js'
import { validate as nino } from 'stdnum/lib/cjs/gb/nino.js'
import { validate as amka } from 'stdnum/lib/cjs/gr/amka.js'
import { validate as oib } from 'stdnum/lib/cjs/hr/oib.js'
import { validate as pps } from 'stdnum/lib/cjs/ie/pps.js'
import { validate as asmens } from 'stdnum/lib/cjs/lt/asmens.js'
import { validate as bsn } from 'stdnum/lib/cjs/nl/bsn.js'
import { validate as fodselsnummer } from 'stdnum/lib/cjs/no/fodselsnummer.js'
import { validate as pesel } from 'stdnum/lib/cjs/pl/pesel.js'
import { validate as cc } from 'stdnum/lib/cjs/pt/cc.js'
import { validate as cnp } from 'stdnum/lib/cjs/ro/cnp.js'
import { validate as personnummer } from 'stdnum/lib/cjs/se/personnummer.js'
import { validate as emso } from 'stdnum/lib/cjs/si/emso.js'
import { validate as skRc } from 'stdnum/lib/cjs/sk/rc.js'
import { validate as usSsn } from 'stdnum/lib/cjs/us/ssn.js'
import * as z from 'zod'
import { type CountryNumbers, readNumber } from './country-number.ts'
import { spelled } from './spelling.ts'

/** The number by which each country's authorities know a person. Italy has the codice fiscale, a type of its own. */
const numbers = {
  AT: [vnr],
  BE: [nn, bis],
  BG: [egn, pnf],
  CH: [chSsn],
  CZ: [czRc],
  DE: [idnr],
  DK: [cpr],
  EE: [ik],
  ES: [dni, nie],
  FI: [hetu],
  FR: [nir],
  GB: [nino],
  GR: [amka],
  HR: [oib],
  IE: [pps],
  LT: [asmens],
  NL: [bsn],
  NO: [fodselsnummer],
  PL: [pesel],
  PT: [cc],
  RO: [cnp],
  SE: [personnummer],
  SI: [emso],
  SK: [skRc],
  US: [usSsn],
} satisfies CountryNumbers

type Country = keyof typeof numbers

const countries = Object.keys(numbers) as [Country, ...Country[]]

/** Whose number it is. */
export const nationalIdOptions = z.strictObject({ country: z.enum(countries, 'country') })

/**
 * A person's number with the authorities of `country`, kept without blanks and dashes in capitals. Refuses as
 * `national_id` what has not its form, and as `check_character` one whose check digit does not follow from the others. A
 * number that tells a date of birth is held by stdnum against the system's clock, not against the rule's day.
 */
export const nationalIdRule = ({ country }: z.output<typeof nationalIdOptions>) =>
  spelled(line => readNumber(line, numbers[country], 'national_id'))
